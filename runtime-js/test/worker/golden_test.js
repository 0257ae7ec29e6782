'use strict';

// Plays every conversation of protocol/golden/ against a real worker: engine frames are sent, worker frames must come.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { FakeEngine, kRevision } = require('./fake_engine');

const kGolden = path.join(__dirname, '..', '..', '..', 'protocol', 'golden');

// What differs from machine to machine: versions, memory, stacks.
function comparable(frame) {
    const copy = structuredClone(frame);
    if (copy.t === 'ready') {
        copy.node = 'version';
    }
    if (copy.t === 'pong') {
        assert.ok(frame.heap > 0 && frame.rss > 0);
        copy.heap = copy.rss = 1;
    }
    for (const err of [copy.err, copy.t === 'log' ? copy.data : undefined]) {
        if (err && err.stack !== undefined) {
            assert.match(err.stack, /\S/);
            delete err.stack;
        }
    }
    return copy;
}

async function play(conversation) {
    const engine = new FakeEngine();
    try {
        for (const [index, { from, frame }] of conversation.entries()) {
            if (from === 'engine') {
                engine.send(frame.t === 'hello' ? { ...frame, root: kRevision } : frame);
            } else {
                assert.deepStrictEqual(comparable(await engine.next()), comparable(frame), `frame ${index}`);
            }
        }
        assert.deepStrictEqual(engine.frames, [], 'the worker sent more than the conversation has');
    } finally {
        await engine.stop();
    }
}

for (const file of fs.readdirSync(kGolden).filter(name => /^worker_.*\.json$/.test(name)).sort()) {
    test(`The worker speaks the conversation ${file}`, async () => {
        const conversation = JSON.parse(fs.readFileSync(path.join(kGolden, file), 'utf8'));
        assert.ok(conversation.length > 1);
        await play(conversation);
    });
}

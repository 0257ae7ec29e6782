'use strict';

// Plays every conversation of protocol/golden/ against a real worker: engine frames are sent, worker frames must come.

const assert = require('node:assert');
const { test } = require('node:test');

const { comparable, conversations } = require('../golden');
const { FakeEngine, kRevision } = require('./fake_engine');

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

for (const [file, conversation] of conversations('worker_')) {
    test(`The worker speaks the conversation ${file}`, async () => {
        assert.ok(conversation.length > 1);
        await play(conversation);
    });
}

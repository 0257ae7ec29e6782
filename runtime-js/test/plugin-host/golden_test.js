'use strict';

// Plays every conversation of protocol/golden/plugin_*.json against a real plugin host: engine frames are sent, host frames must come.
// The frames of one call come in the order written; calls beside each other may overtake one another.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { comparable, conversations } = require('../golden');
const { FakePluginEngine, kRevision } = require('./fake_plugin_engine');

const kRoot = path.join(__dirname, '..', '..', '..');
const kHost = path.join(kRoot, 'runtime-js', 'plugin-host');

const plugins = conversations('plugin_');

// Beside what differs from machine to machine, a plugin's answers have dates.
function undated(frame) {
    const copy = comparable(frame);
    for (const head of [copy.value, copy.a]) {
        if (head?.headers?.date !== undefined) {
            assert.ok(Date.parse(head.headers.date) > 0);
            head.headers.date = 'date';
        }
    }
    return copy;
}

async function play(conversation) {
    const engine = new FakePluginEngine({ answers: false });
    try {
        for (const [index, { from, frame }] of conversation.entries()) {
            if (from === 'engine') {
                engine.send(frame.t === 'hello' ? { ...frame, root: kRevision } : frame);
            } else {
                const came = await engine.next(one => one.id === frame.id);
                assert.deepStrictEqual(undated(came), undated(frame), `frame ${index}`);
            }
        }
        assert.deepStrictEqual(engine.frames, [], 'the plugin host sent more than the conversation has');
    } finally {
        await engine.stop();
    }
}

for (const [file, conversation] of plugins) {
    test(`The plugin host speaks the conversation ${file}`, async () => {
        assert.ok(conversation.length > 1);
        await play(conversation);
    });
}

// Each must have a conversation.

function spoken(from, pick) {
    const frames = [...plugins.values()].flat().filter(step => step.from === from).map(step => step.frame);
    return sorted(frames.map(pick));
}

function sorted(names) {
    return [...new Set(names.filter(Boolean))].sort();
}

function matches(text, pattern) {
    return sorted([...text.matchAll(pattern)].map(match => match[1]));
}

function sources(...places) {
    const files = places.flatMap(place => fs.statSync(place).isFile() ? [place]
        : fs.readdirSync(place, { recursive: true }).filter(name => name.endsWith('.js')).map(name => path.join(place, name)));
    return files.map(file => fs.readFileSync(file, 'utf8')).join('\n');
}

function section5() {
    return fs.readFileSync(path.join(kRoot, 'protocol', 'README.md'), 'utf8').split(/^## /m).find(section => section.startsWith('5.'));
}

test('Every host call that the code makes is in a conversation and in the document', () => {
    const code = sources(kHost, path.join(kRoot, 'runtime-js', 'worker', 'context', 'locks.js'));
    const ops = spoken('host', frame => frame.op);
    assert.deepStrictEqual(matches(code, /ask(?:\(|, )'(\w+)'/g).concat(matches(code, /tell\('(\w+)'/g)).sort(), ops);
    const rows = section5().split('| `op` |')[1].match(/^\| `.*?\|/gm);
    assert.deepStrictEqual(matches(rows.join('\n'), /`(\w+)`/g), ops);
});

test('Every method of a call is in a conversation and in the document', () => {
    const methods = spoken('engine', frame => frame.m);
    assert.deepStrictEqual(matches(fs.readFileSync(path.join(kHost, 'plugin_host.js'), 'utf8'), /case '(\w+)'/g), methods);
    assert.deepStrictEqual(matches(section5().split('| `op` |')[0], /^\| `(\w+)` \| `plugin`/gm), methods);
});

test('Every kind of frame is in a conversation', () => {
    const down = matches(sources(path.join(kHost, '..', 'engine_process.js')), /case '(\w+)'/g);
    assert.deepStrictEqual(spoken('engine', frame => frame.t), down);
    const up = matches(sources(kHost, path.join(kHost, '..', 'engine_process.js')), /(?:\bt: '|"t":")(\w+)/g);
    assert.deepStrictEqual(spoken('host', frame => frame.t), up);
    assert.ok(plugins.size > 0 && [...plugins.values()].flat().some(({ frame }) => frame.t === 'reply' && frame.err));
});

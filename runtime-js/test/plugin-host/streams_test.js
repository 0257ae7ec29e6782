'use strict';

// Answers of unknown length, and clients that leave.

const assert = require('node:assert');
const { test, beforeEach, afterEach } = require('node:test');

const { FakePluginEngine } = require('./fake_plugin_engine');

const kPlugin = 'acme/streams';

let engine;

beforeEach(async () => {
    engine = await FakePluginEngine.started();
    await engine.plugin(kPlugin);
});

afterEach(() => engine.stop());

const hostCall = (id, op) => engine.next(frame => frame.t === 'host' && frame.id === id && frame.op === op);
const textOf = frame => Buffer.from(frame.a.data, 'base64').toString();

test('Server-sent events travel as they are written', async () => {
    const id = engine.startRequest(kPlugin, 'GET', '/events');
    const head = await hostCall(id, 'answerHead');
    assert.deepStrictEqual([head.a.status, head.a.headers['content-type'], head.a.headers.connection], [200, 'text/event-stream; charset=utf-8', undefined]);
    assert.strictEqual(textOf(await hostCall(id, 'answerPiece')), ': init\n\n');
    await engine.request(kPlugin, 'GET', '/say/one');
    assert.strictEqual(textOf(await hostCall(id, 'answerPiece')), 'data: one\n\n');
    await engine.request(kPlugin, 'GET', '/close');
    const done = await engine.outcome(id);
    assert.deepStrictEqual([done.t, done.value, done.sends], ['done', null, []]);
});

test('A client that leaves is told to the route', async () => {
    const id = engine.startRequest(kPlugin, 'GET', '/events');
    await hostCall(id, 'answerPiece');
    engine.send({ t: 'cancel', id });
    assert.deepStrictEqual((await engine.log(/the client left/)).data, { open: 0 });
    assert.strictEqual((await engine.request(kPlugin, 'GET', '/say/one')).body, '0');
    assert.ok(!engine.frames.some(frame => frame.id === id && frame.t !== 'host'));
});

test('A client that takes no more pieces ends the answer', async () => {
    engine.overrides.answerPiece = () => {
        throw new Error('The client has gone');
    };
    const id = engine.startRequest(kPlugin, 'GET', '/events');
    assert.deepStrictEqual((await engine.outcome(id)).value, null);
    await engine.log(/the client left/);
});

test('Pieces are small, and each waits for the one before', async () => {
    let open = 0;
    engine.overrides.answerPiece = async ({ data }) => {
        assert.strictEqual(++open, 1);
        assert.ok(Buffer.from(data, 'base64').length <= 65536);
        await new Promise(setImmediate);
        open -= 1;
    };
    const { bytes, status } = await engine.request(kPlugin, 'GET', '/bytes/1000000');
    assert.deepStrictEqual([status, bytes.length, bytes.every(byte => byte === 99)], [200, 1000000, true]);
});

test('A slow client holds its route back', async () => {
    let release;
    engine.overrides.answerPiece = () => new Promise(resolve => {
        release = resolve;
    });
    const id = engine.startRequest(kPlugin, 'GET', '/bytes/100000000');
    await hostCall(id, 'answerPiece');
    engine.send({ t: 'ping', n: 1 });
    const { rss } = await engine.next(frame => frame.t === 'pong');
    assert.ok(rss < 300 * 1024 * 1024, `${rss}`);
    engine.send({ t: 'cancel', id });
    release();
});

test('A body of known length comes in one piece up to 1 MiB', async () => {
    const whole = engine.startRequest(kPlugin, 'GET', '/whole/1048576');
    assert.strictEqual(Buffer.from((await engine.outcome(whole)).value.body, 'base64').length, 1048576);
    const streamed = await engine.request(kPlugin, 'GET', '/whole/1048577');
    assert.deepStrictEqual([streamed.bytes.length, streamed.headers['content-length']], [1048577, '1048577']);
});

test('An answer that breaks off fails its request', async () => {
    const id = engine.startRequest(kPlugin, 'GET', '/breaks');
    const fail = await engine.outcome(id);
    assert.deepStrictEqual([fail.t, fail.kind], ['fail', 'error']);
    assert.strictEqual((await engine.request(kPlugin, 'GET', '/say/x')).status, 200);
});

test('A request that is given up sends nothing more', async () => {
    const id = engine.startRequest(kPlugin, 'GET', '/slow');
    engine.send({ t: 'cancel', id });
    await engine.request(kPlugin, 'GET', '/say/x');
    assert.ok(!engine.frames.some(frame => frame.id === id));
});

test('A plugin that is stopped gives up its requests', async () => {
    const id = engine.startRequest(kPlugin, 'GET', '/slow');
    await engine.request(kPlugin, 'GET', '/say/x');
    engine.send({ t: 'cancel', id: 1 });
    assert.match((await engine.outcome(id)).err.message, /has been stopped/);
    await assert.rejects(engine.request(kPlugin, 'GET', '/say/x'), /does not run here/);
});

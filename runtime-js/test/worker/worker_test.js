'use strict';

const assert = require('node:assert');
const http = require('node:http');
const { once } = require('node:events');
const { test, beforeEach, afterEach } = require('node:test');

const { FakeEngine } = require('./fake_engine');

let engine;

beforeEach(async () => {
    engine = await FakeEngine.started();
    engine.send({ t: 'flow', key: 'f1', flow: { flowId: 'flow-1', name: 'F', userId: 'u', customFields: {}, descriptor: { c1: { label: 'Probe' } } } });
});

afterEach(() => engine.stop());

async function serve(handler) {
    const server = http.createServer(handler);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) };
}

function payloads(frame) {
    return frame.sends.map(send => send.payload);
}

async function outcome() {
    for (;;) {
        const frame = await engine.next();
        if (frame.t === 'done' || frame.t === 'fail') {
            return frame;
        }
    }
}

test('Held sends leave 64 at a time and the rest with the completion', async () => {
    engine.probe(1, { scenario: 'many', count: 150 });
    const [first, second, last] = [await engine.next(), await engine.next(), await engine.next()];
    assert.deepStrictEqual([first.t, first.q, first.sends.length, second.t, second.sends.length], ['emit', undefined, 64, 'emit', 64]);
    assert.strictEqual(last.t, 'done');
    assert.deepStrictEqual([first, second, last].flatMap(payloads), Array.from({ length: 150 }, (_, index) => index));
});

test('A held send leaves while its call is still waiting', async () => {
    engine.probe(1, { scenario: 'slow' });
    const host = await engine.next();
    assert.strictEqual(host.op, 'stateGet');
    const emit = await engine.next();
    assert.deepStrictEqual([emit.t, payloads(emit)], ['emit', ['first']]);
    engine.send({ t: 'reply', id: 1, q: host.q, ok: { found: false } });
    const done = await engine.next();
    assert.deepStrictEqual([done.t, payloads(done)], ['done', ['second']]);
});

test('A response travels with the completion and what was sent before it', async () => {
    engine.probe(1, { scenario: 'respondsLast' });
    const done = await engine.next();
    assert.deepStrictEqual([done.t, payloads(done), done.response.body], ['done', ['before'], { ok: 1 }]);
});

for (const fails of [false, true]) {
    test(`A response stands behind what was sent before it, and before what comes then (${fails ? 'an error' : 'a send'})`, async () => {
        engine.probe(1, { scenario: 'respondsAndGoesOn', fails });
        const [emit, host, end] = [await engine.next(), await engine.next(), await engine.next()];
        assert.deepStrictEqual([emit.t, payloads(emit)], ['emit', ['before']]);
        assert.deepStrictEqual([host.t, host.op, host.a.body], ['host', 'response', { ok: 1 }]);
        assert.deepStrictEqual(fails ? end.t : [end.t, payloads(end)], fails ? 'fail' : ['done', ['after']]);
    });
}

test('A response does not wait for what its call waits for', async () => {
    engine.probe(1, { scenario: 'respondsAndWaits' });
    const [asked, host] = [await engine.next(), await engine.next()];
    assert.deepStrictEqual([asked.op, host.op], ['stateGet', 'response']);
    engine.send({ t: 'reply', id: 1, q: asked.q, ok: { found: false } });
    const done = await engine.next();
    assert.deepStrictEqual([done.t, done.response], ['done', undefined]);
});

test('A cancelled call is told that what it still sends is not sent', async () => {
    engine.probe(1, { scenario: 'sendsOn' });
    assert.strictEqual((await engine.next()).op, 'stateGet');
    engine.send({ t: 'cancel', id: 1 });
    engine.probe(2, { scenario: 'refused' });
    const done = await engine.next();
    assert.deepStrictEqual([done.t, done.id], ['done', 2]);
    assert.deepStrictEqual(payloads(done), [Array(3).fill('The call was cancelled by the engine')]);
});

test('A call that holds nothing sends an array in batches and waits for each commit', async () => {
    engine.probe(1, {}, { m: 'start', held: false });
    const sizes = [];
    for (let frame = await engine.next(); frame.t === 'emit'; frame = await engine.next()) {
        sizes.push(frame.sends.length);
        assert.deepStrictEqual(engine.frames, []);
        engine.send({ t: 'reply', id: 1, q: frame.q, ok: {} });
    }
    assert.deepStrictEqual(sizes, [64, 64, 2]);
});

test('A send after the end of its call is dropped and reported', async () => {
    engine.probe(1, { scenario: 'late' });
    const host = await engine.next();
    assert.strictEqual((await engine.next()).t, 'done');
    engine.send({ t: 'reply', id: 1, q: host.q, ok: { found: false } });
    const log = await engine.next();
    assert.deepStrictEqual([log.t, log.id, log.level], ['log', 1, 'error']);
    assert.match(log.message, /port out/);
});

test('An error thrown from a callback fails its own call and no other', async () => {
    engine.probe(1, { scenario: 'slow' });
    const host = await engine.next();
    engine.probe(2, { scenario: 'throwsLater' });
    const failed = await outcome();
    assert.deepStrictEqual([failed.t, failed.id, failed.kind, failed.err.message], ['fail', 2, 'error', 'from a callback']);
    engine.send({ t: 'reply', id: 1, q: host.q, ok: { found: false } });
    assert.deepStrictEqual([(await outcome()).id], [1]);
});

test('A rejection nobody awaits is logged for its call, which goes on', async () => {
    engine.probe(1, { scenario: 'rejectsAside' });
    const frames = [await engine.next(), await engine.next()];
    const log = frames.find(frame => frame.t === 'log');
    const host = frames.find(frame => frame.t === 'host');
    assert.match(log.message, /nobody awaits me/);
    engine.send({ t: 'reply', id: 1, q: host.q, ok: { found: false } });
    assert.strictEqual((await engine.next()).t, 'done');
});

for (const scenario of ['tooLarge', 'tooLargeState']) {
    test(`A value over the limit cancels the message (${scenario})`, async () => {
        engine.probe(1, { scenario });
        const frame = await engine.next();
        assert.deepStrictEqual([frame.t, frame.kind], ['fail', 'cancel']);
        assert.match(frame.err.message, /larger than \d+ bytes/);
    });
}

for (const scenario of ['huge', 'circular', 'throwsNothing', 'badState']) {
    test(`Whatever is thrown arrives as a small plain error (${scenario})`, async () => {
        engine.probe(1, { scenario });
        const frame = await engine.next();
        assert.deepStrictEqual([frame.t, frame.kind, typeof frame.err.message], ['fail', 'error', 'string']);
        assert.ok(JSON.stringify(frame).length < 50 * 1024);
        assert.doesNotMatch(frame.err.stack || '', /runtime-js\/test/);
    });
}

test('Request headers and sockets of an HTTP error stay in the worker', async () => {
    engine.probe(1, { scenario: 'axiosLike' });
    assert.doesNotMatch(JSON.stringify(await engine.next()), /Bearer|secret|socket/);
});

test('A frame of an unknown type ends the worker with an error', async () => {
    engine.send({ t: 'dance' });
    assert.deepStrictEqual(await engine.exited, { code: 1, signal: null });
    assert.match(engine.stderr, /unknown frame type "dance"/);
});

test('A line that is not JSON ends the worker with an error', async () => {
    engine.raw('{"t":\n');
    assert.deepStrictEqual(await engine.exited, { code: 1, signal: null });
    assert.match(engine.stderr, /not JSON/);
});

test('A closed channel ends the worker at once, calls in flight or not', async () => {
    engine.probe(1, { scenario: 'slow' });
    await engine.next();
    assert.deepStrictEqual(await engine.stop(), { code: 0, signal: null });
});

test('Frames may be cut anywhere, also inside a character', async () => {
    const text = Buffer.from(JSON.stringify({
        t: 'call', id: 1, m: 'receive', component: 'acme.probe.core.Echo', dir: 'acme/probe/core/Echo', flow: 'f1', componentId: 'c1',
        callId: 'x', attempt: 1, held: true, messages: { in: { content: { text: 'ř🎉' } } }
    }) + '\n');
    for (const byte of text) {
        await new Promise(resolve => engine.channel.write(Buffer.from([byte]), resolve));
    }
    assert.deepStrictEqual(payloads(await engine.next()), [{ text: 'ř🎉' }]);
});

test('What one call changes in its copies no other call sees', async () => {
    engine.probe(1, { scenario: 'mutate' }, { properties: { a: 1 } });
    assert.deepStrictEqual(payloads(await engine.next()), [{ label: 'changed', properties: { replaced: true } }]);
    engine.probe(2, { scenario: 'identity' });
    const [seen] = payloads(await engine.next());
    assert.deepStrictEqual([seen.label, seen.customFields], ['Probe', {}]);
});

test('A class instance with private members is called as itself', async () => {
    for (const id of [1, 2]) {
        engine.probe(id, {}, { component: 'acme.probe.core.Counter', dir: 'acme/probe/core/Counter' });
        assert.deepStrictEqual(payloads(await engine.next()), [{ calls: id }]);
    }
});

test('Writes to this do not reach the next call', async () => {
    for (const id of [1, 2]) {
        engine.probe(id, {}, { component: 'acme.probe.core.Remember', dir: 'acme/probe/core/Remember' });
        assert.deepStrictEqual(payloads(await engine.next()), [{ before: null, helper: 'kept' }]);
    }
});

test('Fifty calls run at once and end in the order their replies come', async () => {
    const hosts = [];
    for (let id = 1; id <= 50; id++) {
        engine.probe(id, { scenario: 'rejectsAside' });
    }
    while (hosts.length < 50) {
        const frame = await engine.next();
        if (frame.t === 'host') {
            hosts.push(frame);
        }
    }
    hosts.reverse().forEach(({ id, q }) => engine.send({ t: 'reply', id, q, ok: { found: false } }));
    const ended = [];
    while (ended.length < 50) {
        ended.push((await outcome()).id);
    }
    assert.deepStrictEqual(ended, hosts.map(host => host.id));
});

test('A large file is written in pieces of at most 256 KiB', async () => {
    engine.probe(1, { scenario: 'saveLarge', bytes: 700000 });
    const sizes = [];
    for (let frame = await engine.next(); frame.t !== 'done'; frame = await engine.next()) {
        if (frame.op === 'fileWrite') {
            sizes.push(Buffer.from(frame.a.data, 'base64').length);
        }
        engine.send({ t: 'reply', id: 1, q: frame.q, ok: { handle: 'h', fileId: 'f' } });
    }
    assert.deepStrictEqual(sizes, [262144, 262144, 175712]);
});

test('Modules that connectors never declare are there', async () => {
    engine.probe(1, { scenario: 'ambient' });
    const changes = [{ state: 'changed', item: { id: 1, at: 'z' }, oldItem: { at: 'a' } }, { state: 'new', item: { id: 3, at: 'c' } }];
    assert.deepStrictEqual(payloads(await outcome()), [{ changes, missing: [], all: [1, 2, 3, 4, 5], status: 410, name: 'HttpError' }]);
});

test('processItem tells the items never seen before', async () => {
    engine.probe(1, { scenario: 'processItem' });
    assert.deepStrictEqual(payloads(await engine.next()), [{ actual: [1, 2], fresh: [{ id: 2 }] }]);
});

test('A component without receive fails a message', async () => {
    engine.probe(1, {}, { component: 'acme.probe.core.NoReceive', dir: 'acme/probe/core/NoReceive' });
    const frame = await engine.next();
    assert.deepStrictEqual([frame.t, frame.kind], ['fail', 'error']);
    assert.match(frame.err.message, /no method receive/);
});

test('A folder outside the revision is refused', async () => {
    engine.probe(1, {}, { dir: '../fake_engine' });
    const frame = await engine.next();
    assert.deepStrictEqual([frame.t, frame.kind], ['fail', 'load']);
    assert.match(frame.err.message, /leaves the connector's folder/);
});

test('A static call has no state', async () => {
    engine.send({
        t: 'call', id: 1, m: 'static', component: 'acme.probe.core.ListItems', dir: 'acme/probe/core/ListItems', componentId: null,
        outPort: 'out', properties: { readState: true }
    });
    const frame = await engine.next();
    assert.strictEqual(frame.t, 'fail');
    assert.match(frame.err.message, /context\.state is not available in a static call/);
});

test('What a component prints goes to stdout, not into the channel', async () => {
    engine.probe(1, {}, { component: 'acme.probe.core.Remember', dir: 'acme/probe/core/Remember' });
    assert.strictEqual((await engine.next()).t, 'done');
    await engine.stop();
    assert.match(engine.stdout, /remembering/);
});

test('A call that floods stdout is told once, and the rest is thrown away', async () => {
    engine.probe(1, { scenario: 'flood', lines: 20000 });
    const frames = [await engine.next(), await engine.next()];
    assert.deepStrictEqual(frames.map(frame => frame.t), ['log', 'done']);
    assert.strictEqual(frames[0].level, 'error');
    assert.match(frames[0].message, /more than 1048576 bytes to stdout/);
    await engine.stop();
    assert.ok(engine.stdout.length <= 1048576);
});

test('callAppmixer asks for a token and calls the API as the owner', async () => {
    const seen = [];
    const api = await serve((request, response) => {
        seen.push([request.method, request.url, request.headers.authorization]);
        const found = request.url.startsWith('/stores');
        response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
        response.end(JSON.stringify(found ? { storeId: 's1' } : { error: 'Not found' }));
    });
    try {
        const own = await FakeEngine.started({ apiUrl: api.url });
        own.probe(1, { scenario: 'callApi' });
        for (let frame = await own.next(); ; frame = await own.next()) {
            if (frame.t === 'done') {
                assert.deepStrictEqual(payloads(frame), [{ made: { storeId: 's1' }, statusCode: 404, error: { error: 'Not found' } }]);
                break;
            }
            assert.strictEqual(frame.op, 'callToken');
            own.send({ t: 'reply', id: 1, q: frame.q, ok: { token: 'short' } });
        }
        await own.stop();
        assert.deepStrictEqual(seen, [['POST', '/stores?a=1', 'Bearer short'], ['GET', '/missing', 'Bearer short']]);
    } finally {
        api.close();
    }
});

test('Objects in auth.js are requests whose templates are filled from the account', async () => {
    const api = await serve((request, response) => {
        response.setHeader('content-type', 'application/json');
        if (request.url === '/check') {
            const good = request.headers['x-api-key'] === 'a<b';
            response.statusCode = good ? 200 : 401;
            response.end(JSON.stringify({ ok: good }));
            return;
        }
        response.end(JSON.stringify({ user: { email: 'ada@example.com' }, url: request.url, bearer: request.headers.authorization }));
    });
    const ask = async (op, apiKey) => {
        engine.send({ t: 'call', id: 1, m: 'auth', op, dir: 'acme/probe', data: { apiKey, host: api.url } });
        return (await engine.next()).value;
    };
    try {
        assert.deepStrictEqual(await ask('validate', 'a<b'), { valid: true });
        assert.deepStrictEqual(await ask('validate', 'other'), { valid: false, message: 'Request failed with status code 401', status: 401 });
        const { profileInfo } = await ask('profile', 'k');
        assert.deepStrictEqual([profileInfo.url, profileInfo.bearer], ['/profile?region=none', 'Bearer k']);
        assert.deepStrictEqual(await ask('accountName', 'k'), { name: 'ada@example.com' });
    } finally {
        api.close();
    }
});

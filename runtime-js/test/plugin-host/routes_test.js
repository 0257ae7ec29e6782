'use strict';

// Routes of plugins: auth, payloads, answers, errors.

const assert = require('node:assert');
const { test, before, after } = require('node:test');

const { FakePluginEngine } = require('./fake_plugin_engine');

const kUser = { id: '5f0000000000000000000001', email: 'ada@example.com', username: 'ada', scope: ['user'] };
const kPublicId = '000000000000000000000000';

let engine;
let up;

before(async () => {
    engine = await FakePluginEngine.started();
    up = await engine.plugin('acme/shop');
});

after(() => engine.stop());

const ask = (...args) => engine.request('acme/shop', ...args);

test('The engine is told every route with its kind of auth', () => {
    const words = Object.fromEntries(up.routes.map(({ method, path, auth }) => [`${method} ${path}`, auth]));
    assert.deepStrictEqual([words['GET /open'], words['GET /maybe'], words['GET /mine'], words['POST /echo']], ['none', 'optional', 'user', 'none']);
    assert.strictEqual(up.routes.length, 13);
});

test('A route that asks for a user refuses whoever has none', async () => {
    const { status, json } = await ask('GET', '/mine');
    assert.deepStrictEqual([status, json.error], [401, 'Unauthorized']);
});

test('A route sees the user the engine has authenticated', async () => {
    const { status, json } = await ask('GET', '/mine', { user: kUser });
    assert.strictEqual(status, 200);
    assert.deepStrictEqual(json, { id: kUser.id, text: kUser.id, email: 'ada@example.com', username: 'ada', isPublic: false });
});

test('Where auth is optional nobody is the public user', async () => {
    assert.deepStrictEqual((await ask('GET', '/maybe')).json, { id: kPublicId, text: kPublicId, email: null, username: null, isPublic: true });
    assert.strictEqual((await ask('GET', '/maybe', { user: kUser })).json.email, 'ada@example.com');
    assert.strictEqual((await ask('GET', '/open')).json.isPublic, true);
});

test('An id that is not of the usual form is compared as well', async () => {
    const { json } = await ask('GET', '/mine', { user: { ...kUser, id: 'u-1' } });
    assert.deepStrictEqual([json.id, json.text, json.isPublic], ['u-1', 'u-1', false]);
});

test('No header makes a user', async () => {
    for (const headers of [{ authorization: 'Bearer x' }, { 'x-user': JSON.stringify(kUser) }, { 'x-patchbay-user': kUser.id }, { cookie: 'user=ada; =broken;;' }]) {
        assert.strictEqual((await ask('GET', '/mine', { headers })).status, 401);
    }
});

test('A scope that the user lacks is forbidden', async () => {
    assert.strictEqual((await ask('GET', '/admin', { user: kUser })).status, 403);
    assert.strictEqual((await ask('GET', '/admin', { user: { ...kUser, scope: ['admin'] } })).status, 200);
});

test('The place of a plugin is known to it', async () => {
    assert.deepStrictEqual((await ask('GET', '/')).json, { endpoint: '/plugins/acme/shop/events', url: 'http://127.0.0.1:8420' });
});

test('Path, query, host and address of a request arrive', async () => {
    const { json } = await ask('GET', '/items/a%2Fb?x=1&x=2&y=');
    assert.deepStrictEqual(json, { id: 'a/b', query: { x: ['1', '2'], y: '' }, info: 'patchbay.test', from: '192.0.2.7' });
});

test('Bodies are parsed by their type', async () => {
    assert.deepStrictEqual((await ask('POST', '/echo', { body: { a: [1] } })).json.payload, { a: [1] });
    const form = { body: Buffer.from('a=1&b=x+y'), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    assert.deepStrictEqual((await ask('POST', '/echo', form)).json.payload, { a: '1', b: 'x y' });
    assert.strictEqual((await ask('POST', '/echo')).json.payload, null);
    assert.deepStrictEqual((await ask('POST', '/raw', { body: Buffer.from('{ "as":"sent" }'), headers: { 'content-type': 'application/json' } })).json,
        { isBuffer: true, text: '{ "as":"sent" }' });
});

test('A form of several parts is parsed', async () => {
    const body = Buffer.from('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n');
    assert.deepStrictEqual((await ask('POST', '/form', { body, headers: { 'content-type': 'multipart/form-data; boundary=b' } })).json, { a: '1' });
});

test('Broken bodies are refused', async () => {
    assert.strictEqual((await ask('POST', '/echo', { body: Buffer.from('{'), headers: { 'content-type': 'application/json' } })).status, 400);
    assert.strictEqual((await ask('POST', '/echo', { body: Buffer.from('x'), headers: { 'content-type': 'application/unknown' } })).status, 415);
    assert.strictEqual((await ask('POST', '/echo', { body: { text: 'x'.repeat(1024 * 1024) } })).status, 413);
});

test('A route may take up to 10 MiB, whatever it asks for', async () => {
    assert.strictEqual((await ask('POST', '/large', { body: { text: 'x'.repeat(9 * 1024 * 1024) } })).json.length, 9 * 1024 * 1024);
    assert.strictEqual((await ask('POST', '/large', { body: { text: 'x'.repeat(11 * 1024 * 1024) } })).status, 413);
});

test('What a schema refuses is named', async () => {
    const { status, json } = await ask('POST', '/valid', { body: { when: 'x' } });
    assert.deepStrictEqual([status, json.message], [400, '"url" is required']);
    assert.deepStrictEqual((await ask('POST', '/valid', { body: { url: 'https://a.example', when: '2026-01-02' } })).json,
        { url: 'https://a.example', when: '2026-01-02T00:00:00.000Z' });
});

test('Connection headers stay on their side', async () => {
    const { json } = await ask('POST', '/echo', { body: { a: 1 }, headers: { connection: 'x-mine, close', 'x-mine': '1', 'transfer-encoding': 'chunked', te: 'trailers', 'x-kept': '2' } });
    assert.deepStrictEqual([json.headers['x-mine'], json.headers.te, json.headers['transfer-encoding'], json.headers['x-kept']], [undefined, undefined, undefined, '2']);
    const { headers } = await ask('GET', '/open');
    assert.deepStrictEqual([headers.connection, headers['keep-alive'], headers['transfer-encoding']], [undefined, undefined, undefined]);
});

test('Answers of every kind', async () => {
    const answer = async (kind, options) => ask('GET', `/answer/${kind}`, options);
    const text = await answer('text');
    assert.deepStrictEqual([text.status, text.body, text.headers['content-type'], text.headers['x-made']], [201, 'made', 'text/plain; charset=utf-8', 'yes']);
    assert.deepStrictEqual([(await answer('nothing')).status, (await answer('nil')).status], [204, 204]);
    const redirect = await answer('redirect');
    assert.deepStrictEqual([redirect.status, redirect.headers.location], [302, 'https://example.com/there']);
    assert.deepStrictEqual((await answer('cookies')).headers['set-cookie'], ['a=1', 'b=2']);
    const file = await answer('file');
    assert.deepStrictEqual([file.status, file.body], [200, '<h1>page</h1>\n']);
    assert.match(file.headers['content-type'], /^text\/html/);
    assert.deepStrictEqual((await ask('GET', '/pre')).json, { seven: 7, own: 1 });
});

test('HEAD has the head of GET', async () => {
    const { status, body, headers } = await ask('HEAD', '/open');
    assert.deepStrictEqual([status, body], [200, '']);
    assert.ok(Number(headers['content-length']) > 0);
});

test('CORS of a route is answered', async () => {
    const headers = { origin: 'https://page.example', 'access-control-request-method': 'GET' };
    const { status, headers: answered } = await ask('OPTIONS', '/answer/text', { headers });
    assert.deepStrictEqual([status, answered['access-control-allow-origin']], [200, 'https://page.example']);
});

test('Errors become the status they carry', async () => {
    const expected = { badRequest: [400, 'No good.'], unauthorized: [401, 'Who?'], forbidden: [403, 'Forbidden'], notFound: [404, 'Gone.'], statusCode: [418, 'Tea.'], status: [429, 'Slow down.'] };
    for (const [kind, outcome] of Object.entries(expected)) {
        const { status, json } = await ask('GET', `/answer/${kind}`);
        assert.deepStrictEqual([status, json.message], outcome, kind);
    }
});

test('Other errors are logged and tell the client nothing', async () => {
    const { status, json } = await ask('GET', '/answer/error');
    assert.strictEqual(status, 500);
    assert.ok(!JSON.stringify(json).includes('secret'));
    const log = await engine.log(/inner secret/);
    assert.deepStrictEqual([log.id, log.level, log.message], [up.id, 'error', 'GET /answer/error failed: inner secret']);
    assert.match(log.data.stack, /acme\/shop\/plugin\.js/);
    assert.deepStrictEqual([(await ask('GET', '/answer/string')).status, (await ask('GET', '/answer/undefined')).status], [500, 500]);
});

test('Errors that nobody catches are logged under their plugin, and all goes on', async () => {
    assert.strictEqual((await ask('GET', '/answer/uncaught')).body, 'fine');
    assert.strictEqual((await engine.log(/from a timer/)).id, up.id);
    assert.strictEqual((await ask('GET', '/answer/rejected')).body, 'fine');
    assert.strictEqual((await engine.log(/not awaited/)).id, up.id);
    assert.strictEqual((await ask('GET', '/open')).status, 200);
});

test('What no route answers is 404', async () => {
    assert.strictEqual((await ask('GET', '/nothing')).status, 404);
    assert.strictEqual((await ask('DELETE', '/open')).status, 404);
});

test('Requests that are no HTTP are refused', async () => {
    assert.strictEqual((await ask('GET', '/bad path')).status, 400);
    assert.strictEqual((await ask('B@D', '/open')).status, 400);
    assert.strictEqual((await ask('CONNECT', '/open')).status, 400);
    assert.strictEqual((await ask('GET', '/open', { headers: { 'x-bad': 'a\r\nx-injected: 1' } })).status, 400);
});

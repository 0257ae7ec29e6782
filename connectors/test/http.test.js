'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { Node } = require('./stub_context');

const ROOT = path.join(__dirname, '..');
const node = (name, options) => new Node(ROOT, `patchbay.utils.http.${name}`, options);
const request = async input => (await node('Request').receive(input))[0].payload;

let server;
let base;

before(async () => {
    server = http.createServer(async (req, res) => {
        const chunks = [];
        for await (const chunk of req) {
            chunks.push(chunk);
        }
        const status = Number(new URL(req.url, 'http://x').searchParams.get('status') ?? 200);
        if (req.url.startsWith('/never')) {
            return;
        }
        if (req.url.startsWith('/plain')) {
            res.writeHead(200, { 'Content-Type': 'text/plain' }).end('{"a":1}');
            return;
        }
        if (req.url.startsWith('/bytes')) {
            res.writeHead(200, { 'Content-Type': 'image/png' }).end(Buffer.from([0, 255, 128]));
            return;
        }
        res.writeHead(status, { 'Content-Type': 'application/json', 'X-Seen': 'yes' });
        res.end(JSON.stringify({ method: req.method, headers: req.headers, body: Buffer.concat(chunks).toString() }));
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
    server.closeAllConnections();
    server.close();
});

const call = { method: 'POST', data: { a: 1 }, query: { q: 'x' }, headers: { host: 'h' }, hostname: 'h', other: 1 };

test('Webhook hands on the call and leaves the answer to the flow', async () => {
    const webhook = node('Webhook');
    await webhook.webhook(call);
    const { other, ...expected } = call;
    assert.deepEqual(webhook.on('out'), [expected]);
    assert.equal(webhook.responses.length, 0);
});

test('Webhook answers 200 itself, once the message is safe', async () => {
    const webhook = node('Webhook', { properties: { immediateResponse: true } });
    webhook.beforeSend = () => assert.equal(webhook.responses.length, 0);
    await webhook.webhook(call);
    assert.equal(webhook.sent.length, 1);
    assert.equal(webhook.responses[0].statusCode, 200);
});

test('Webhook hands on binary data as base64', async () => {
    const webhook = node('Webhook');
    await webhook.webhook({ ...call, data: Buffer.from([1, 2, 255]) });
    assert.equal(webhook.on('out')[0].data, 'AQL/');
});

test('Request sends JSON with headers and gives status, headers and body', async () => {
    const answer = await request({
        url: `${base}/orders`, method: 'POST', body: { n: 1 },
        headers: { ADD: [{ name: 'X-Token', value: 'secret' }, {}] }
    });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['x-seen'], 'yes');
    assert.equal(answer.body.method, 'POST');
    assert.equal(answer.body.body, '{"n":1}');
    assert.equal(answer.body.headers['x-token'], 'secret');
    assert.match(answer.body.headers['content-type'], /^application\/json/);
});

test('Request sends JSON text as it is, also a quoted string', async () => {
    assert.equal((await request({ url: base, method: 'PUT', body: '{"a": 1}' })).body.body, '{"a": 1}');
    assert.equal((await request({ url: base, method: 'PUT', body: '"x"' })).body.body, '"x"');
});

test('Request defaults to GET without a body', async () => {
    const { body } = await request({ url: base });
    assert.equal(body.method, 'GET');
    assert.equal(body.body, '');
});

test('Request sends forms from objects, JSON text and form text', async () => {
    for (const body of [{ a: '1 2', b: ['x', 'y'] }, '{"a":"1 2","b":["x","y"]}', 'a=1+2&b=x&b=y']) {
        const answer = await request({ url: base, method: 'POST', bodyType: 'form', body });
        assert.equal(answer.body.body, 'a=1+2&b=x&b=y');
        assert.match(answer.body.headers['content-type'], /urlencoded/);
    }
});

test('Request sends text with the content type of its headers', async () => {
    const { body } = await request({ url: base, method: 'POST', bodyType: 'text', body: '<a/>', headers: { ADD: [{ name: 'content-type', value: 'text/xml' }] } });
    assert.equal(body.body, '<a/>');
    assert.equal(body.headers['content-type'], 'text/xml');
});

test('Request sends a file', async () => {
    const sender = node('Request');
    const { fileId } = await sender.files.api.saveFileStream('a.csv', 'x,y');
    const [{ payload }] = await sender.receive({ url: base, method: 'POST', bodyType: 'file', fileId });
    assert.equal(payload.body.body, 'x,y');
    assert.equal(payload.body.headers['content-type'], 'text/csv');
    assert.equal(payload.body.headers['content-length'], '3');
});

test('Request reads the answer as text, base64 or a file', async () => {
    assert.equal((await request({ url: `${base}/plain`, responseType: 'text' })).body, '{"a":1}');
    assert.deepEqual((await request({ url: `${base}/plain` })).body, { a: 1 });
    assert.equal((await request({ url: `${base}/bytes`, responseType: 'base64' })).body, 'AP+A');
    const saver = node('Request');
    const [{ payload }] = await saver.receive({ url: `${base}/bytes/a%20b.png`, responseType: 'file' });
    assert.equal(payload.body.filename, 'a b.png');
    assert.deepEqual([...saver.files.files.get(payload.body.fileId).data], [0, 255, 128]);
});

for (const status of [404, 429, 503]) {
    test(`Request rejects on ${status} so that the engine sees the status`, async () => {
        await assert.rejects(request({ url: `${base}/?status=${status}` }), err => err.response.status === status);
    });
}

test('Request gives up after its timeout, with a code that is tried again', async () => {
    await assert.rejects(request({ url: `${base}/never`, timeout: 0.05 }), { code: 'ETIMEDOUT' });
});

for (const [what, input, message] of [
    ['a relative URL', { url: '/x' }, /^url: /],
    ['another protocol', { url: 'file:///etc/passwd' }, /^url: must start with http/],
    ['a header name with a space', { url: 'http://127.0.0.1:1', headers: { ADD: [{ name: 'a b', value: '1' }] } }, /header name/],
    ['a line break in a header', { url: 'http://127.0.0.1:1', headers: { a: 'x\r\nb: y' } }, /line break/],
    ['a body that is not JSON', { url: 'http://127.0.0.1:1', method: 'POST', body: '{a' }, /^body: not valid JSON/],
    ['no file', { url: 'http://127.0.0.1:1', bodyType: 'file' }, /^fileId: /]
]) {
    test(`Request refuses ${what}, for good`, async () => {
        await assert.rejects(node('Request').receive(input), { name: 'ContextCancelError', message });
    });
}

test('Request refuses an unknown method and a timeout that is too long', async () => {
    await assert.rejects(node('Request').receive({ url: base, method: 'BREW' }), { code: 'GRID_ERR_VAL_PORTS' });
    await assert.rejects(node('Request').receive({ url: base, timeout: 5000 }), { code: 'GRID_ERR_VAL_PORTS' });
});

const respond = async input => {
    const response = node('Response');
    await response.receive(input);
    return response.responses[0];
};

test('Response answers with status, body, headers and content type', async () => {
    const answer = await respond({ statusCode: '201', body: 'a;b', contentType: 'text/csv', headers: { ADD: [{ name: 'X-A', value: 1 }] } });
    assert.deepEqual(answer, { body: 'a;b', statusCode: 201, headers: { 'X-A': '1', 'Content-Type': 'text/csv' } });
});

test('Response finds the content type of the body', async () => {
    assert.equal((await respond({ body: { a: 1 } })).headers['Content-Type'], 'application/json');
    assert.equal((await respond({ body: '{"a":1}' })).headers['Content-Type'], 'application/json');
    assert.equal((await respond({ body: 'hello' })).headers['Content-Type'], 'text/plain; charset=utf-8');
    assert.deepEqual(await respond({}), { body: '', statusCode: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
});

test('Response refuses a status that is none', async () => {
    await assert.rejects(respond({ statusCode: 99 }), { code: 'GRID_ERR_VAL_PORTS' });
});

'use strict';

// Our axios adapter against axios's own: the same requests must give the same results and errors.

const assert = require('node:assert');
const http = require('node:http');
const zlib = require('node:zlib');
const { once } = require('node:events');
const { Readable } = require('node:stream');
const { text } = require('node:stream/consumers');
const { test, before, after } = require('node:test');
const axios = require('axios');
const FormData = require('form-data');

const { createHttpClient } = require('../../worker/context/http_request');

const kText = JSON.stringify({ text: 'x'.repeat(2000) });

const kRoutes = {
    '/json': (request, response) => response.setHeader('content-type', 'application/json').end(kText),
    '/bom': (request, response) => response.end('\ufeff{"a":1}'),
    '/gzip': (request, response) => response.setHeader('content-encoding', 'gzip').end(zlib.gzipSync(kText)),
    '/deflate': (request, response) => response.setHeader('content-encoding', 'deflate').end(zlib.deflateSync(kText)),
    '/raw-deflate': (request, response) => response.setHeader('content-encoding', 'deflate').end(zlib.deflateRawSync(kText)),
    '/br': (request, response) => response.setHeader('content-encoding', 'br').end(zlib.brotliCompressSync(kText)),
    '/broken-gzip': (request, response) => response.setHeader('content-encoding', 'gzip').end('no gzip at all'),
    '/404': (request, response) => response.writeHead(404, 'No Such Thing', { 'x-a': '1' }).end('{"error":"gone"}'),
    '/500': (request, response) => response.writeHead(500).end('oops'),
    '/204': (request, response) => response.writeHead(204).end(),
    '/cookies': (request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end(),
    '/302': (request, response) => response.writeHead(302, { location: '/echo' }).end(),
    '/303': (request, response) => response.writeHead(303, { location: '/echo' }).end(),
    '/307': (request, response) => response.writeHead(307, { location: '/echo?b=2' }).end(),
    '/other-host': (request, response) => response.writeHead(302, { location: `http://localhost:${request.socket.localPort}/echo` }).end(),
    '/loop': (request, response) => response.writeHead(302, { location: '/loop' }).end(),
    '/cut': (request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('only this', () => response.destroy());
    },
    '/never': () => undefined,
    '/drop': request => request.socket.destroy(),
    '/echo': async (request, response) => {
        const { host, 'user-agent': agent, connection, 'content-type': type, ...headers } = request.headers;
        response.end(JSON.stringify({
            method: request.method, url: request.url, headers, type: type && type.replace(/boundary=.*/, ''),
            body: (await text(request)).replace(/-{20,}\w+/g, '--')
        }));
    }
};

let server;
let base;

before(async () => {
    server = http.createServer((request, response) => kRoutes[new URL(request.url, 'http://x').pathname](request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
    server.closeAllConnections();
    server.close();
});

function headersOf(response) {
    const { date, connection, 'keep-alive': keepAlive, ...headers } = { ...response.headers };
    return headers;
}

async function shown(response) {
    const data = response.data && typeof response.data.pipe === 'function' ? await text(response.data) : response.data;
    return {
        status: response.status, statusText: response.statusText, headers: headersOf(response), isAxiosHeaders: typeof response.headers.get,
        data: Buffer.isBuffer(data) ? { bytes: data.toString('hex') } : data, url: response.config.url, finalUrl: withoutCredentials(response.request?.res?.responseUrl)
    };
}

// Ours does not repeat them there.
function withoutCredentials(url) {
    return url && url.replace(/\/\/[^/@]*@/, '//');
}

async function result(client, config) {
    try {
        return { response: await shown(await client(config())) };
    } catch (err) {
        return {
            error: {
                name: err.name, message: err.message, code: err.code, isAxiosError: axios.isAxiosError(err), isCancel: axios.isCancel(err),
                hasRequest: Boolean(err.request), response: err.response && await shown(err.response)
            }
        };
    }
}

function aborted() {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    return controller.signal;
}

function cancelled() {
    const source = axios.CancelToken.source();
    setImmediate(() => source.cancel('enough'));
    return source.token;
}

function form() {
    const data = new FormData();
    data.append('field', 'value');
    return data;
}

const kRequests = {
    'a GET with parameters': () => ({ url: '/echo', params: { q: 'a b', list: [1, 2], at: new Date(0), none: undefined } }),
    'JSON answers': () => ({ url: '/json' }),
    'a JSON body': () => ({ method: 'POST', url: '/echo', data: { a: 'é' } }),
    'a text body': () => ({ method: 'PUT', url: '/echo', data: 'plain', headers: { 'Content-Type': 'text/plain' } }),
    'a Buffer body': () => ({ method: 'PATCH', url: '/echo', data: Buffer.from('bytes') }),
    'URL parameters as body': () => ({ method: 'POST', url: '/echo', data: new URLSearchParams({ a: '1' }) }),
    'form data': () => ({ method: 'POST', url: '/echo', data: form(), headers: { 'x-form': '1' } }),
    'a stream as body': () => ({ method: 'POST', url: '/echo', data: Readable.from(['a', 'b']) }),
    'a DELETE with a body': () => ({ method: 'DELETE', url: '/echo', data: { id: 1 } }),
    'basic authentication': () => ({ url: '/echo', auth: { username: 'u', password: 'p:w' }, headers: { Authorization: 'Bearer x' } }),
    'credentials in the URL': () => ({ baseURL: undefined, url: base.replace('//', '//me:pa%20ss@') + '/echo' }),
    'a fragment in the URL': () => ({ url: '/echo?a=1#part' }),
    'a byte order mark': () => ({ url: '/bom' }),
    'gzip': () => ({ url: '/gzip' }),
    'gzip of a HEAD': () => ({ method: 'HEAD', url: '/gzip' }),
    'gzip left as it is': () => ({ url: '/gzip', decompress: false, responseType: 'arraybuffer' }),
    'deflate': () => ({ url: '/deflate' }),
    'raw deflate': () => ({ url: '/raw-deflate' }),
    'brotli': () => ({ url: '/br' }),
    'broken gzip': () => ({ url: '/broken-gzip' }),
    'array buffers': () => ({ url: '/json', responseType: 'arraybuffer' }),
    'streams': () => ({ url: '/gzip', responseType: 'stream' }),
    'text without parsing': () => ({ url: '/json', responseType: 'text', transformResponse: [data => data.length] }),
    'latin1': () => ({ url: '/json', responseEncoding: 'latin1' }),
    'status 404': () => ({ url: '/404' }),
    'status 500': () => ({ url: '/500' }),
    'a status accepted by the caller': () => ({ url: '/404', validateStatus: () => true }),
    'no content': () => ({ url: '/204' }),
    'cookies': () => ({ url: '/cookies' }),
    'a redirected POST': () => ({ method: 'POST', url: '/302', data: { a: 1 } }),
    'see other': () => ({ method: 'PUT', url: '/303', data: { a: 1 } }),
    'a redirect that keeps the body': () => ({ method: 'POST', url: '/307', data: { a: 1 } }),
    'a redirect to another host': () => ({ url: '/other-host', headers: { Authorization: 'Bearer x', Cookie: 'a=1' } }),
    'a redirect not followed': () => ({ url: '/302', maxRedirects: 0 }),
    'an endless redirect': () => ({ url: '/loop', maxRedirects: 3 }),
    'an answer cut off': () => ({ url: '/cut' }),
    'a dropped connection': () => ({ method: 'POST', url: '/drop', data: 'x' }),
    'a timeout': () => ({ url: '/never', timeout: 30 }),
    'a timeout with its own words': () => ({ url: '/never', timeout: 30, timeoutErrorMessage: 'slow', transitional: { clarifyTimeoutError: true } }),
    'an abort signal': () => ({ url: '/never', signal: aborted() }),
    'a signal aborted before': () => ({ url: '/json', signal: AbortSignal.abort() }),
    'a cancel token': () => ({ url: '/never', cancelToken: cancelled() }),
    'an answer over the limit': () => ({ url: '/json', maxContentLength: 100 }),
    'a body over the limit': () => ({ method: 'POST', url: '/echo', data: 'x'.repeat(200), maxBodyLength: 100, maxRedirects: 0 }),
    'nobody listening': () => ({ url: 'http://127.0.0.1:1/' }),
    'an unknown host': () => ({ url: 'http://no-such-host.invalid/' }),
    'a data URL': () => ({ baseURL: undefined, url: 'data:text/plain;base64,aGk=', responseType: 'text', validateStatus: () => false })
};

for (const [name, request] of Object.entries(kRequests)) {
    test(`httpRequest gives what axios gives for ${name}`, async () => {
        const config = () => ({ baseURL: base, ...request() });
        const expected = await result(axios.create(), config);
        const actual = await result(createHttpClient(), config);
        assert.deepStrictEqual(actual, expected);
    });
}

test('httpRequest keeps connections', async () => {
    const client = createHttpClient();
    const { request: first } = await client.get(`${base}/json`);
    const { request: second } = await client.get(`${base}/json`);
    assert.strictEqual(second.reusedSocket, true);
    assert.strictEqual(second.socket, first.socket);
});

test('A timeout that is no number is refused', async () => {
    await assert.rejects(createHttpClient().get(`${base}/json`, { timeout: 'soon' }), { code: 'ERR_BAD_OPTION_VALUE' });
});

test('httpRequest names itself and lets a caller do so', async () => {
    let agent;
    const own = http.createServer((request, response) => {
        agent = request.headers['user-agent'];
        response.end();
    });
    own.listen(0, '127.0.0.1');
    await once(own, 'listening');
    const url = `http://127.0.0.1:${own.address().port}/`;
    await createHttpClient().get(url);
    assert.strictEqual(agent, 'Patchbay');
    await createHttpClient().get(url, { headers: { 'User-Agent': 'mine' } });
    assert.strictEqual(agent, 'mine');
    own.closeAllConnections();
    own.close();
});

test('What a component sets on its client holds for it and stays with it', async () => {
    const one = createHttpClient();
    const seen = [];
    one.defaults.headers.common['x-secret'] = 'of one';
    one.interceptors.request.use(config => {
        seen.push(config.url);
        return config;
    });
    const url = `${base}/echo`;
    for (const ask of [() => one.get(url), () => one(url), () => one({ url }), () => one.create().get(url)]) {
        assert.strictEqual((await ask()).data.headers['x-secret'], 'of one');
    }
    assert.deepStrictEqual(seen, [url, url, url], 'an instance made of it has no interceptors');
    for (const ask of [() => createHttpClient().get(url), () => createHttpClient()(url)]) {
        assert.strictEqual((await ask()).data.headers['x-secret'], undefined);
    }
    assert.strictEqual(seen.length, 3);
});

test('A client has all members of an axios instance, and they work on their own', async () => {
    const client = createHttpClient();
    for (const name of Object.keys(axios.create())) {
        assert.strictEqual(typeof client[name], typeof axios.create()[name], name);
    }
    const { get } = client;
    assert.strictEqual((await get(`${base}/json`)).status, 200);
    client.get = () => 'mine';
    assert.strictEqual(client.get(), 'mine');
    assert.strictEqual((await createHttpClient().get(`${base}/json`)).status, 200);
});

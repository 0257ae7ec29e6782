'use strict';

/** rest-api §1, §2, §3 and the quirks of §27, §28 that concern every call. */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const net = require('node:net');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const refused = require('./refusal');
const { ADMIN, Server } = require('./server');
const { until } = require('./rest_client');

const claimsOf = token => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));

describe('Server information, sign-in, errors', () => {

    let server;
    let admin;
    let outside;

    before(async () => {
        server = await Server.start({ name: 'sign-in' });
        admin = await server.admin();
        outside = server.client();
    });

    after(() => server?.stop());

    test('GET / names a version that connectors and the transfer command can compare', async () => {
        const body = await outside.get('/');
        assert.equal(body.status, 'ok');
        assert.equal(body.version, '6.4.0');
        assert.equal(typeof body.name, 'string');
        assert.equal(body.url, server.url);
    });

    test('GET / sends a browser to the Backoffice', async () => {
        const answer = await outside.call('GET', '/', { headers: { accept: 'text/html,application/xhtml+xml;q=0.9' } });
        assert.ok([301, 302, 303, 307, 308].includes(answer.status), String(answer.status));
        assert.match(answer.headers.location, /\/backoffice\/$/);
    });

    test('Sign-in takes username or email, whatever the case, and answers 200', async () => {
        for (const name of [{ username: ADMIN.username }, { email: ADMIN.username }, { email: ADMIN.username.toUpperCase() }]) {
            const answer = await outside.call('POST', '/user/auth', { json: { ...name, password: ADMIN.password } });
            assert.equal(answer.status, 200, answer.text);
            const { user, token } = answer.body;
            assert.equal(user.email, ADMIN.username);
            assert.ok(Array.isArray(user.scope) && user.scope.includes('admin'));
            assert.match(user.id, /^[0-9a-f]{24}$/);
            assert.equal(user.isActive, true);
            assert.equal(typeof user.metadata, 'object');
            assert.equal(token.split('.').length, 3);
        }
    });

    test('The token carries what the clients read from it, in plain base64', async () => {
        const [head, payload] = admin.token.split('.');
        assert.equal(JSON.parse(Buffer.from(head, 'base64url')).alg, 'HS256');
        assert.doesNotMatch(payload, /[-_]/);
        const claims = JSON.parse(atob(payload));
        assert.equal(claims.id, admin.user.id);
        assert.equal(claims.sub, admin.user.id);
        assert.equal(claims.username, ADMIN.username);
        assert.deepEqual(claims.scope, admin.user.scope);
        assert.equal(typeof claims.iat, 'number');
        assert.ok(claims.exp - claims.iat > 86400, 'it lives for days');
    });

    test('A token of a user with an odd name is plain base64 all the same', async () => {
        const email = 'what~ever>odd?@example.test';
        const answer = await admin.call('POST', '/user', { json: { username: 'wörter>?~', email: 'odd.name@example.test', password: 'long enough' } });
        assert.equal(answer.status, 201, `${email}: ${answer.text}`);
        assert.doesNotMatch(answer.body.token.split('.')[1], /[-_]/);
        assert.equal(claimsOf(answer.body.token).id, answer.body.user.id);
    });

    test('Sign-in refuses: 400 without a name or password, one and the same 401 for an unknown name and a wrong password', async () => {
        refused(await outside.call('POST', '/user/auth', { json: { password: 'x' } }), 400);
        refused(await outside.call('POST', '/user/auth', { json: { username: ADMIN.username } }), 400);
        refused(await outside.call('POST', '/user/auth', { body: '{"username":', headers: { 'content-type': 'application/json' } }), 400);
        refused(await outside.call('POST', '/user/auth', { json: { username: { $ne: null }, password: ['x'] } }), 400);
        const unknown = refused(await outside.call('POST', '/user/auth', { json: { username: 'nobody@example.test', password: 'x' } }), 401);
        const wrong = refused(await outside.call('POST', '/user/auth', { json: { username: ADMIN.username, password: 'x' } }), 401);
        assert.equal(unknown.message, wrong.message);
    });

    test('GET /user gives the user with both ids, created and vendor', async () => {
        const user = await admin.get('/user');
        assert.equal(user.id, admin.user.id);
        assert.equal(user.userId, user.id);
        assert.ok(!Number.isNaN(Date.parse(user.created)));
        assert.ok(Array.isArray(user.vendor));
        assert.deepEqual(user.metadata, {});
    });

    test('The scheme of the Authorization header may be written in any case', async () => {
        const answer = await outside.call('GET', '/user', { headers: { authorization: `bearer ${admin.token}` } });
        assert.equal(answer.status, 200);
    });

    test('A token signed elsewhere is told apart by its message, others are a plain 401', async () => {
        const [head, payload] = admin.token.split('.');
        const foreign = `${head}.${payload}.${crypto.createHmac('sha256', 'another secret').update(`${head}.${payload}`).digest('base64url')}`;
        refused(await outside.as(foreign).call('GET', '/user'), 401, /^Invalid JWT: key or signature is invalid$/);
        for (const token of ['', 'x', 'a.b.c', `${head}.${payload}.`, `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${payload}.`]) {
            refused(await outside.call('GET', '/user', { headers: { authorization: `Bearer ${token}` } }), 401);
        }
        refused(await outside.call('GET', '/user'), 401);
    });

    test('The token of a deleted user: 404 from GET /user, 401 elsewhere', async () => {
        const gone = await person(admin);
        const { ticket } = await admin.delete(`/users/${gone.id}`);
        await until(async () => (await admin.get(`/users/${gone.id}/delete-status/${ticket}`)).status === 'completed', 'the end of the deletion');
        refused(await gone.call('GET', '/user'), 404);
        refused(await gone.call('GET', '/flows'), 401);
    });

    test('R29 Nobody registers himself on a new server; an admin makes users, 201 with all three forms of the id', async () => {
        const document = { username: 'new@example.test', password: 'long enough', scope: ['tester', 'user'], metadata: null };
        refused(await outside.call('POST', '/user', { json: document }), 401);
        const plain = await person(admin);
        refused(await plain.call('POST', '/user', { json: document }), 403);
        const answer = await admin.call('POST', '/user', { json: document });
        assert.equal(answer.status, 201, answer.text);
        assert.equal(answer.body.userId, answer.body.user.id);
        assert.equal(answer.body.user.email, 'new@example.test');
        assert.deepEqual(answer.body.user.scope, ['tester', 'user']);
        assert.equal(typeof answer.body.token, 'string');
        refused(await admin.call('POST', '/user', { json: document }), 409);
        refused(await admin.call('POST', '/user', { json: { ...document, username: 'other@example.test', password: '1234' } }), 400);
        refused(await admin.call('POST', '/user', { json: { ...document, username: undefined, email: 'no mail address' } }), 400);
    });

    test('A user changes his password; the old one is needed', async () => {
        const user = await person(admin);
        const answer = await user.call('POST', '/user/change-password', { json: { oldPassword: 'wrong', newPassword: 'another one' } });
        assert.ok([400, 401].includes(answer.status), answer.text);
        refused(await user.call('POST', '/user/change-password', { json: { oldPassword: user.password, newPassword: '1234' } }), 400);
        await user.post('/user/change-password', { oldPassword: user.password, newPassword: 'another one' });
        await outside.as(null).signIn(user.email, 'another one');
        refused(await outside.call('POST', '/user/auth', { json: { username: user.email, password: user.password } }), 401);
    });

    test('What is not there is 404 in the one shape, also when it looks like HTML or a file', async () => {
        for (const path of ['/nowhere', '/flows.html', '/user/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/subscriptions', '/plugins/appmixer/ai/mcptools/gateways']) {
            refused(await admin.call('GET', path, { headers: { accept: 'application/json' } }), 404);
        }
    });

    test('Broken paths and queries are refused or not found, never an error of the server', async () => {
        for (const path of ['/flows/%zz', '/flows/%00', '/flows?limit=ten', '/flows?offset=-1', '/flows?sort=%ff', `/flows?filter=${'x'.repeat(5000)}`, '/components/%2f%2f', '/store/%E0%A4%A/x']) {
            const answer = await admin.call('GET', path);
            assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
            if (answer.status >= 400) {
                refused(answer, answer.status);
            }
        }
        refused(await admin.call('GET', '/flows?limit=ten'), 400);
    });

    test('Every origin may call, the page that the CLI writes too: CORS with *', async () => {
        for (const path of ['/flows', '/user/auth', '/components', '/logs', '/nowhere']) {
            const answer = await outside.call('OPTIONS', path, { headers: { origin: 'null', 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' } });
            assert.ok(answer.status === 200 || answer.status === 204, `${path}: ${answer.status}`);
            assert.equal(answer.headers['access-control-allow-origin'], '*');
            assert.match(answer.headers['access-control-allow-headers'], /\*|authorization/i);
            assert.match(answer.headers['access-control-allow-headers'], /\*|content-type/i);
        }
        const answer = await outside.call('GET', '/user', { headers: { origin: 'null' } });
        assert.equal(answer.headers['access-control-allow-origin'], '*', 'on refusals, too');
    });

    test('A JSON content type without a body is fine on GET and DELETE, and a POST without a body is too', async () => {
        const headers = { 'content-type': 'application/json' };
        assert.equal((await admin.call('GET', '/flows', { headers })).status, 200);
        refused(await admin.call('DELETE', '/flows/00000000-0000-4000-8000-000000000000', { headers }), 404);
        assert.equal((await admin.call('POST', '/logs', { headers })).status, 200);
    });

    test('Bodies: broken JSON is 400, JSON of great depth too, and chunks without a length are read', async () => {
        const headers = { 'content-type': 'application/json' };
        refused(await admin.call('POST', '/flows', { headers, body: '{"name": }' }), 400);
        refused(await admin.call('POST', '/flows', { headers, body: `{"name":"x","flow":${'['.repeat(100000)}` }), 400);
        refused(await admin.call('POST', '/flows', { headers, body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) }), 400);
        const chunked = await admin.call('POST', '/flows', { headers: { ...headers, 'transfer-encoding': 'chunked' }, body: '{"name":"chunked","flow":{}}' });
        assert.equal(chunked.status, 200, chunked.text);
    });

    test('Bytes that are no HTTP do not disturb the server', async () => {
        for (const bytes of ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'GET\r\n\r\n', 'POST /flows HTTP/1.1\r\nContent-Length: 10\r\nContent-Length: 20\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'y'.repeat(100000)}\r\n\r\n`]) {
            await new Promise(resolve => {
                const socket = net.connect(server.port, '127.0.0.1', () => socket.end(bytes, 'latin1'));
                socket.on('error', () => {}).on('close', resolve).resume();
            });
        }
        assert.equal((await outside.get('/')).status, 'ok');
    });

    test('No 2xx body has a truthy error property', async () => {
        for (const path of ['/', '/user', '/flows', '/apps', '/components', '/bundles', '/config', '/logs', '/stores', '/accounts', '/users', '/service-config']) {
            const answer = await admin.call('GET', path);
            assert.equal(answer.status, 200, `${path}: ${answer.text}`);
            assert.match(answer.headers['content-type'], /^application\/json/);
            assert.ok(!answer.body.error, path);
        }
    });

    test('Guessing a password is slowed down', async () => {
        const user = await person(admin);
        let refusedFor;
        for (let n = 0; n < 100 && refusedFor !== 429; n++) {
            refusedFor = (await outside.call('POST', '/user/auth', { json: { username: user.email, password: `guess ${n}` } })).status;
            assert.ok([401, 429].includes(refusedFor), String(refusedFor));
        }
        assert.equal(refusedFor, 429);
        assert.equal((await outside.call('POST', '/user/auth', { json: { username: ADMIN.username, password: ADMIN.password } })).status, 200, 'others can still sign in');
    });
});

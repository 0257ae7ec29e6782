'use strict';

/** rest-api §17, §18: service and system configuration. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');

describe('Configuration', () => {

    let server;
    let admin;

    before(async () => {
        server = await Server.start({ name: 'config' });
        admin = await server.admin();
    });

    after(() => server?.stop());

    const pair = async key => (await admin.get('/config')).find(entry => entry.key === key);

    test('A pair is stored as sent, text stays text, a second POST replaces it', async () => {
        assert.deepEqual(await admin.post('/config', { key: 'WEBHOOK_REQUEST_TIMEOUT', value: '20000' }), { key: 'WEBHOOK_REQUEST_TIMEOUT', value: '20000' });
        assert.deepEqual(await pair('WEBHOOK_REQUEST_TIMEOUT'), { key: 'WEBHOOK_REQUEST_TIMEOUT', value: '20000' });
        await admin.post('/config', { key: 'WEBHOOK_REQUEST_TIMEOUT', value: 15000 });
        assert.deepEqual(await pair('WEBHOOK_REQUEST_TIMEOUT'), { key: 'WEBHOOK_REQUEST_TIMEOUT', value: 15000 });
        await admin.post('/config', { key: 'ANY_KEY', value: { list: [1, null, 'x'] } });
        assert.deepEqual((await pair('ANY_KEY')).value, { list: [1, null, 'x'] });
    });

    test('DELETE gives ok, once', async () => {
        await admin.post('/config', { key: 'SHORT_LIVED', value: true });
        assert.deepEqual(await admin.delete('/config/SHORT_LIVED'), { ok: true });
        assert.equal(await pair('SHORT_LIVED'), undefined);
        refused(await admin.call('DELETE', '/config/SHORT_LIVED'), 404);
    });

    test('What is no pair is refused', async () => {
        for (const json of [{ value: 1 }, { key: '', value: 1 }, { key: 7, value: 1 }, [], 'text']) {
            refused(await admin.call('POST', '/config', { json }), 400);
        }
    });

    test('The secret that signs tokens is never listed; R29 registration is closed on a new server', async () => {
        const keys = (await admin.get('/config')).map(({ key }) => key);
        assert.ok(!keys.includes('JWTSecret'));
        assert.equal((await pair('API_USER_CREATE_SCOPE')).value, 'admin');
    });

    test('Registration opens when its key goes, and nobody registers as an admin', async () => {
        await admin.delete('/config/API_USER_CREATE_SCOPE');
        const answer = await server.client().call('POST', '/user', { json: { email: 'self@example.test', password: 'long enough', scope: ['admin'] } });
        assert.equal(answer.status, 201, answer.text);
        assert.deepEqual(answer.body.user.scope, ['user']);
        await admin.post('/config', { key: 'API_USER_CREATE_SCOPE', value: 'admin' });
    });

    test('A new signing secret ends all tokens', async () => {
        const user = await person(admin);
        await admin.post('/config', { key: 'JWTSecret', value: 'a new secret of some length 0123456789' });
        refused(await user.call('GET', '/user'), 401, /^Invalid JWT: key or signature is invalid$/);
        admin = await server.admin();
        assert.ok(!(await admin.get('/config')).some(({ key }) => key === 'JWTSecret'));
    });

    test('Service configuration: upsert by POST and PUT, types and secrets as written, raw and encoded ids', async () => {
        const id = 'acme:invoices';
        refused(await admin.call('GET', `/service-config/${id}`), 404);
        await admin.post('/service-config', { serviceId: id, clientId: 'one', sandbox: true });
        assert.deepEqual(await admin.get(`/service-config/${encodeURIComponent(id)}`), { serviceId: id, clientId: 'one', sandbox: true });
        await admin.post('/service-config', { serviceId: id, clientId: 'two' });
        assert.deepEqual(await admin.get(`/service-config/${id}`), { serviceId: id, clientId: 'two' });
        await admin.put('/service-config/acme:other', { clientSecret: 'in clear' });
        assert.deepEqual(await admin.get('/service-config/acme:other'), { serviceId: 'acme:other', clientSecret: 'in clear' });
        assert.deepEqual((await admin.get('/service-config?sort=serviceId:1')).map(({ serviceId }) => serviceId), [id, 'acme:other']);
        assert.deepEqual(await admin.delete(`/service-config/${id}`), {});
        refused(await admin.call('GET', `/service-config/${id}`), 404);
        refused(await admin.call('POST', '/service-config', { json: { clientId: 'x' } }), 400);
    });

    test('The pairs survive a restart', async () => {
        await server.stop();
        await server.start();
        admin = await server.admin();
        assert.equal((await pair('WEBHOOK_REQUEST_TIMEOUT')).value, 15000);
        assert.equal((await admin.get('/service-config/acme:other')).clientSecret, 'in clear');
    });
});

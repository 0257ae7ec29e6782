'use strict';

/** rest-api §4 and §3.5: administration of users, as the Terraform providers depend on it. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

describe('Users', () => {

    let server;
    let admin;

    before(async () => {
        server = await Server.start({ name: 'users' });
        admin = await server.admin();
    });

    after(() => server?.stop());

    test('The list filters, sorts, pages and counts', async () => {
        for (const scope of [['acme1'], ['acme1', 'user'], ['other']]) {
            await person(admin, { scope });
        }
        const acme = await admin.get('/users?filter=scope:acme1&sort=created:-1');
        assert.deepEqual(acme.map(({ scope }) => scope), [['acme1', 'user'], ['acme1']]);
        assert.deepEqual(await admin.get('/users/count?filter=scope:acme1'), { count: 2 });
        assert.equal((await admin.get('/users?limit=1&offset=1')).length, 1);
        const found = await admin.get(`/users?pattern=${encodeURIComponent(acme[0].email.toUpperCase())}`);
        assert.deepEqual(found.map(({ id }) => id), [acme[0].id]);
    });

    test('A user has both ids, and null metadata until it is set', async () => {
        const user = await person(admin);
        const read = await admin.get(`/users/${user.id}`);
        assert.equal(read.id, user.id);
        assert.equal(read.userId, user.id);
        assert.equal(read.metadata ?? null, null);
        assert.deepEqual(read.scope, ['user']);
        assert.deepEqual(read.vendor, []);
        assert.equal(typeof read.created, 'string');
        assert.deepEqual((await user.get('/user')).metadata, {});
    });

    test('An update replaces what is sent, keeps order, and leaves null and missing fields alone', async () => {
        const user = await person(admin);
        const path = `/users/${user.id}`;
        await admin.put(path, { username: 'ignored', userId: 'ignored', scope: ['tester', 'admin', 'acme'], vendor: 'acme', metadata: { company: 'Acme' } });
        let read = await admin.get(path);
        assert.deepEqual(read.scope, ['tester', 'admin', 'acme']);
        assert.deepEqual(read.vendor, ['acme']);
        assert.deepEqual(read.metadata, { company: 'Acme' });
        assert.equal(read.username, user.email);
        read = await admin.must('PUT', path, { json: { scope: null, metadata: null, vendor: ['acme', 'other'] } });
        assert.deepEqual([read.scope, read.metadata, read.vendor], [['tester', 'admin', 'acme'], { company: 'Acme' }, ['acme', 'other']]);
        refused(await admin.call('PUT', '/users/000000000000000000000000', { json: {} }), 404);
    });

    test('An admin resets a password', async () => {
        const user = await person(admin);
        assert.deepEqual(await admin.post('/user/reset-password', { email: user.email, password: 'reset by admin' }), { ok: true });
        await user.as(null).signIn(user.email, 'reset by admin');
        refused(await admin.call('POST', '/user/reset-password', { json: { email: user.email } }), 400);
        refused(await admin.call('POST', '/user/reset-password', { json: { email: 'nobody@example.test', password: 'long enough' } }), 404);
    });

    test('Deleting a user stops and deletes his flows; the ticket outlives him', async () => {
        await publishStarters(admin, 'patchbay.utils.http');
        const user = await person(admin);
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const flowId = await user.createFlow({ name: 'His', flow: flow.descriptor });
        await user.startFlow(flowId);
        const { ticket } = await admin.delete(`/users/${user.id}`);
        const end = await until(async () => {
            const state = await admin.get(`/users/${user.id}/delete-status/${ticket}`);
            return state.status === 'completed' ? state : null;
        }, 'the end of the deletion');
        assert.equal(typeof end.stepsTotal, 'number');
        refused(await admin.call('GET', `/flows/${flowId}`), 404);
        refused(await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} }), 404);
        refused(await admin.call('GET', `/users/${user.id}`), 404);
        refused(await admin.call('DELETE', `/users/${user.id}`), 404);
    });

    test('An admin cannot delete himself', async () => {
        refused(await admin.call('DELETE', `/users/${admin.user.id}`), 409);
    });
});

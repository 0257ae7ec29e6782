'use strict';

/** Versions of flows (rest-api §8.12): what a change replaces is kept, people keep more, any of them comes back. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

const HOOK = '11111111-1111-4111-8111-111111111111';

function descriptor(label) {
    const flow = new FlowBuilder();
    flow.add('patchbay.utils.http.Webhook', { id: HOOK, label, properties: { immediateResponse: true } });
    return flow.descriptor;
}

describe('Versions of a flow', () => {

    let server;
    let admin;
    let owner;
    let wrong;

    before(async () => {
        server = await Server.start({ name: 'versions' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        owner = await person(admin);
        wrong = await person(admin);
    });

    after(() => server?.stop());

    const labelOf = async flowId => (await owner.get(`/flows/${flowId}`)).flow[HOOK].label;
    const versions = async (flowId, query = '') => (await owner.get(`/flows/${flowId}/versions${query}`)).items;

    test('A change of the descriptor keeps the one before it; other changes keep nothing', async () => {
        const flowId = await owner.createFlow({ name: 'One', flow: descriptor('first') });
        await owner.put(`/flows/${flowId}`, { name: 'Renamed' });
        await owner.put(`/flows/${flowId}`, { flow: descriptor('first') });
        assert.deepEqual(await owner.get(`/flows/${flowId}/versions`), { items: [], totalCount: 0 });

        await owner.put(`/flows/${flowId}`, { flow: descriptor('second') });
        const { items, totalCount } = await owner.get(`/flows/${flowId}/versions`);
        assert.equal(totalCount, 1);
        assert.deepEqual(Object.keys(items[0]), ['versionId', 'versionNumber', 'type', 'label', 'btime']);
        assert.equal(items[0].versionNumber, 1);
        assert.equal(items[0].type, 'update');
        assert.equal(items[0].label, null);
        const kept = await owner.get(`/flows/${flowId}/versions/${items[0].versionId}`);
        assert.equal(kept.flow[HOOK].label, 'first');
    });

    test('Restoring brings the descriptor back and keeps the one it replaces; the name stays', async () => {
        const flowId = await owner.createFlow({ name: 'Two', flow: descriptor('first') });
        await owner.put(`/flows/${flowId}`, { name: 'New name', flow: descriptor('second') });
        const [first] = await versions(flowId);
        const answer = await owner.call('POST', `/flows/${flowId}/versions/${first.versionId}/restore`,
            { headers: { 'content-type': 'application/json' } });
        assert.equal(answer.status, 200, answer.text);
        assert.equal(answer.body.flowId, flowId);
        const flow = await owner.get(`/flows/${flowId}`);
        assert.equal(flow.flow[HOOK].label, 'first');
        assert.equal(flow.name, 'New name');
        assert.equal(flow.stage, 'stopped');
        const [newest] = await versions(flowId);
        assert.equal((await owner.get(`/flows/${flowId}/versions/${newest.versionId}`)).flow[HOOK].label, 'second');
    });

    test('A running flow is not restored, unless forced as a change of it would be', async () => {
        const flowId = await owner.createFlow({ name: 'Three', flow: descriptor('first') });
        await owner.put(`/flows/${flowId}`, { flow: descriptor('second') });
        const [first] = await versions(flowId);
        await owner.startFlow(flowId);
        refused(await owner.call('POST', `/flows/${flowId}/versions/${first.versionId}/restore`), 409);
        assert.equal(await labelOf(flowId), 'second');
        assert.equal((await versions(flowId)).length, 1, 'what was refused kept nothing');
        await owner.post(`/flows/${flowId}/versions/${first.versionId}/restore?forceUpdate=true`);
        const flow = await owner.get(`/flows/${flowId}`);
        assert.equal(flow.flow[HOOK].label, 'first');
        assert.equal(flow.stage, 'running');
        await owner.stopFlow(flowId);
    });

    test('A person keeps a version under a label; types of the server are not his', async () => {
        const flowId = await owner.createFlow({ name: 'Four', flow: descriptor('first') });
        const made = await owner.post(`/flows/${flowId}/versions`, { type: 'manual', label: 'Before the sale' });
        assert.equal(made.versionNumber, 1);
        assert.equal(made.label, 'Before the sale');
        await owner.put(`/flows/${flowId}`, { flow: descriptor('second') });
        assert.equal((await versions(flowId)).length, 1, 'the descriptor that was replaced is kept already');
        await owner.post(`/flows/${flowId}/versions`, { type: 'autosave', label: 'é'.repeat(255) });
        assert.deepEqual((await versions(flowId)).map(({ type }) => type), ['autosave', 'manual']);
        assert.deepEqual((await versions(flowId, '?limit=1&offset=1')).map(({ type }) => type), ['manual']);
        for (const body of [{ type: 'update' }, { type: 7 }, { label: 7 }, { label: 'é'.repeat(256) }]) {
            refused(await owner.call('POST', `/flows/${flowId}/versions`, { json: body }), 400);
        }
        refused(await owner.call('GET', `/flows/${flowId}/versions?limit=many`), 400);
    });

    test('FLOW_VERSIONS_MAX bounds what changes keep, and never what a person kept', async () => {
        await admin.post('/config', { key: 'FLOW_VERSIONS_MAX', value: 3 });
        const flowId = await owner.createFlow({ name: 'Five', flow: descriptor('0') });
        await owner.post(`/flows/${flowId}/versions`, { label: 'mine' });
        for (let i = 1; i <= 6; i++) {
            await owner.put(`/flows/${flowId}`, { flow: descriptor(String(i)) });
        }
        const kept = await versions(flowId);
        assert.deepEqual(kept.map(({ versionNumber, type }) => [versionNumber, type]),
            [[6, 'update'], [5, 'update'], [4, 'update'], [1, 'manual']]);
        await admin.delete('/config/FLOW_VERSIONS_MAX');
    });

    test('Only the owner sees versions: those the flow is shared with do not, nobody else knows of it', async () => {
        const flowId = await owner.createFlow({ name: 'Six', flow: descriptor('secret') });
        const { versionId } = await owner.post(`/flows/${flowId}/versions`);
        const paths = [['GET', ''], ['POST', ''], ['GET', `/${versionId}`], ['POST', `/${versionId}/restore`]];
        for (const [method, path] of paths) {
            refused(await wrong.call(method, `/flows/${flowId}/versions${path}`), 404);
        }
        await owner.put(`/flows/${flowId}`, { sharedWith: [{ email: wrong.email, permissions: ['read', 'start', 'stop'] }] });
        for (const [method, path] of paths) {
            refused(await wrong.call(method, `/flows/${flowId}/versions${path}`), 403);
        }
        assert.equal((await admin.get(`/flows/${flowId}/versions`)).totalCount, 1);

        const other = await owner.createFlow({ name: 'Seven', flow: descriptor('other') });
        refused(await owner.call('POST', `/flows/${other}/versions/${versionId}/restore`), 404);
        await owner.delete(`/flows/${flowId}`);
        refused(await owner.call('GET', `/flows/${flowId}/versions/${versionId}`), 404);
    });

    test('Versions stand after the server was killed', async () => {
        const flowId = await owner.createFlow({ name: 'Eight', flow: descriptor('first') });
        await owner.put(`/flows/${flowId}`, { flow: descriptor('second') });
        await server.kill();
        await server.start();
        assert.equal(await labelOf(flowId), 'second');
        const [first] = await versions(flowId);
        assert.equal((await owner.get(`/flows/${flowId}/versions/${first.versionId}`)).flow[HOOK].label, 'first');
    });
});

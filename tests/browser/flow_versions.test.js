'use strict';

/** Versions of a flow: what has changed since, in words, and the way back. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const FlowBuilder = require('../e2e/flow_builder');
const person = require('../e2e/people');
const { Server } = require('../e2e/server');
const { publishStarters } = require('../e2e/starter_zips');

const HOOK = '11111111-1111-4111-8111-111111111111';
const CALL = '22222222-2222-4222-8222-222222222222';
const EXTRA = '33333333-3333-4333-8333-333333333333';

function descriptor({ url, extra = false, linked = true, label = 'Orders come in' }) {
    const flow = new FlowBuilder();
    flow.add('patchbay.utils.http.Webhook', { id: HOOK, label, properties: { immediateResponse: true } });
    flow.add('patchbay.utils.http.Request', { id: CALL, label: 'Tell the shop', from: linked ? HOOK : [], input: { url, method: 'POST', body: { order: `{{{$.${HOOK}.out.data.order}}}` } } });
    if (extra) {
        flow.add('patchbay.utils.http.Request', { id: EXTRA, label: 'Tell the boss', from: CALL, input: { url, method: 'GET' } });
    }
    return flow.descriptor;
}

describe('Versions of a flow', () => {

    let server;
    let owner;
    let other;
    let flowId;

    before(async () => {
        server = await Server.start({ name: 'versions-page' });
        const admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        await admin.post('/acl/components/add-user-rules', {});
        owner = await person(admin);
        other = await person(admin);
        flowId = await owner.createFlow({ name: 'Orders', flow: descriptor({ url: 'http://127.0.0.1:1/first' }) });
    });
    after(async () => {
        await Backoffice.end();
        await server?.stop();
    });

    const open = async who => {
        const backoffice = await Backoffice.open(server, { as: { username: who.email, password: who.password } });
        await backoffice.goto(`/flows/${flowId}/versions`);
        return { backoffice, page: backoffice.page };
    };

    it('A flow without versions says so; who does not own the flow is refused', async () => {
        const { backoffice, page } = await open(owner);
        await page.getByRole('heading', { name: 'No earlier versions' }).waitFor();
        await backoffice.close();
        const stranger = await open(other);
        await stranger.page.getByRole('alert').getByText('The flow could not be loaded.').waitFor();
        await stranger.backoffice.close();
    });

    it('S108 What changed since a version is said in words; restoring brings it back and keeps what it replaces', async () => {
        await owner.post(`/flows/${flowId}/versions`, { label: 'Before the sale' });
        await owner.put(`/flows/${flowId}`, { flow: descriptor({ url: 'http://127.0.0.1:1/second', extra: true, label: 'New orders' }) });
        await owner.startFlow(flowId);
        const { backoffice, page } = await open(owner);
        const list = page.getByRole('list', { name: 'Changes since this version' });
        await page.getByRole('heading', { level: 2, name: 'Before the sale' }).waitFor();
        const text = (await list.innerText()).replace(/\s+/g, ' ');
        assert.match(text, /Tell the boss ADDED This component was added\./i);
        assert.match(text, /Field url: from http:\/\/127\.0\.0\.1:1\/first to http:\/\/127\.0\.0\.1:1\/second/);
        assert.match(text, /Label: from Orders come in to New orders/);
        assert.doesNotMatch(text, /Field body/, 'what is the same is not told');
        await backoffice.check('flow_versions');

        await page.getByRole('button', { name: 'Restore this version' }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Restore Before the sale of “Orders”?' });
        await dialog.getByText('it is stopped and started again').waitFor();
        await backoffice.check('flow_versions_restore');
        await dialog.getByRole('button', { name: 'Restore and restart' }).click();
        await page.getByRole('list', { name: 'Versions' }).getByRole('link', { name: /Version 2/ }).waitFor();
        const flow = await owner.get(`/flows/${flowId}`);
        assert.equal(flow.flow[HOOK].label, 'Orders come in');
        assert.equal(flow.flow[EXTRA], undefined);
        assert.equal(flow.stage, 'running');

        await page.getByRole('link', { name: /Before the sale/ }).click();
        await page.getByText('Nothing: the flow is as this version is.').waitFor();
        assert.ok(await page.getByRole('button', { name: 'Restore this version' }).isDisabled());
        await page.getByRole('link', { name: /Version 2/ }).click();
        await list.getByText('This component was removed.').waitFor();
        assert.match(page.url(), /version=/);
        await backoffice.close();
    });

    it('Connections that were made or cut are told', async () => {
        await owner.stopFlow(flowId);
        await owner.put(`/flows/${flowId}`, { flow: descriptor({ url: 'http://127.0.0.1:1/first', linked: false }) });
        const { backoffice, page } = await open(owner);
        await page.getByText('Connection Orders come in (out) → in was cut').waitFor();
        await backoffice.close();
    });
});

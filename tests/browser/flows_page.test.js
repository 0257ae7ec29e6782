'use strict';

/** The Flows page: everybody's flows for an administrator, one's own for others; what can be done with one and with many. */

const assert = require('node:assert/strict');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const FlowBuilder = require('../e2e/flow_builder');
const Sink = require('../e2e/sink');
const person = require('../e2e/people');
const { bundleZip } = require('../e2e/bundle_zip');
const { Server, ADMIN } = require('../e2e/server');
const { publishStarters } = require('../e2e/starter_zips');
const { until } = require('../e2e/rest_client');

const LIVE_MS = 5000;

/** A trigger whose stop tells a sink and waits for its answer. */
const slow = url => `'use strict';
module.exports = {
    start() {},
    stop(context) { return context.httpRequest({ method: 'POST', url: '${url}', data: { stop: context.flowId } }); },
    receive(context) { return context.response({}); }
};
`;

function flowOf(...types) {
    const flow = new FlowBuilder();
    types.forEach(type => flow.add(type));
    return flow.descriptor;
}

describe('The Flows page', () => {

    let server;
    let sink;
    let admin;
    let ann;
    let bob;
    let flows;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'flows-page' });
        admin = await server.admin();
        ann = await person(admin);
        bob = await person(admin);
        await publishStarters(admin, 'patchbay.utils.http');
        for (const [name, code] of [['appmixer.trello', slow(sink.url)], ['acme.mail', slow(sink.url)]]) {
            const result = await admin.publish(bundleZip(name, { components: { Hook: { manifest: { webhook: true, inPorts: undefined }, code } } }));
            assert.equal(result.err, undefined, JSON.stringify(result));
        }
        await admin.post('/acl/components/add-user-rules', {});
    });
    beforeEach(async () => {
        for (const { flowId } of await admin.get('/flows?filter=userId:*&limit=500')) {
            await admin.delete(`/flows/${flowId}`);
        }
        flows = {
            cards: await ann.createFlow({ name: 'Cards to chat', flow: flowOf('appmixer.trello.core.Hook') }),
            hook: await ann.createFlow({ name: 'Incoming orders', flow: flowOf('patchbay.utils.http.Webhook') }),
            both: await bob.createFlow({ name: 'Mail and cards', type: 'integration-template', flow: flowOf('appmixer.trello.core.Hook', 'acme.mail.core.Hook') }),
            gone: await bob.createFlow({ name: 'Old calendar', flow: flowOf('acme.calendar.core.Event') })
        };
        await ann.startFlow(flows.hook);
    });
    after(async () => {
        await Backoffice.end();
        await server?.stop();
        await sink?.stop();
    });

    const as = ({ email, password }) => ({ username: email, password });

    async function opened(who, address = '/flows') {
        const backoffice = await Backoffice.open(server, { as: who });
        await backoffice.goto(address);
        return { backoffice, page: backoffice.page };
    }

    const rows = page => page.getByRole('region', { name: 'Table of flows' }).getByRole('row');
    const row = (page, name) => rows(page).filter({ has: page.getByRole('link', { name, exact: true }) });

    /** The names that the list shows, once they are these. */
    async function shows(page, ...names) {
        await page.waitForFunction(expected => {
            const found = [...document.querySelectorAll('[aria-label="Table of flows"] tbody tr a')].map(link => link.textContent);
            return JSON.stringify(found.sort()) === expected;
        }, JSON.stringify([...names].sort()));
    }

    async function choose(page, name, item) {
        await row(page, name).getByRole('button', { name: `Menu of ${name}` }).click();
        await page.getByRole('menuitem', { name: item }).click();
    }

    it('S51 An admin sees the flows of all users with owner, type, status and connectors; a user only his own', async () => {
        const { backoffice, page } = await opened(ADMIN);
        await shows(page, 'Cards to chat', 'Incoming orders', 'Mail and cards', 'Old calendar');
        const text = async name => (await row(page, name).innerText()).replace(/\s+/g, ' ');
        await row(page, 'Incoming orders').getByText(ann.email).waitFor();
        assert.match(await text('Incoming orders'), /automation running HTTP \d/i);
        await row(page, 'Mail and cards').getByText(bob.email).waitFor();
        assert.match(await text('Mail and cards'), /integration \(template\) stopped acme\.mail 1\.0\.0 appmixer\.trello 1\.0\.0/i);
        assert.match(await text('Old calendar'), /acme\.calendar not available/i);
        await backoffice.check('flows');
        await backoffice.close();

        const own = await opened(as(ann));
        await shows(own.page, 'Cards to chat', 'Incoming orders');
        assert.equal(await own.page.getByText(bob.email).count(), 0);
        assert.equal(await own.page.getByRole('checkbox', { name: /^Select/ }).count(), 0, 'many at once are for administrators');
        await own.backoffice.check('flows_of_a_user');
        await own.backoffice.close();
    });

    it('S52 S53 Filters by connector, status and text, combined, in the address; what hides all says so', async () => {
        const { backoffice, page } = await opened(ADMIN);
        const connectors = page.getByRole('combobox', { name: 'Connectors' });
        await connectors.fill('trello');
        await connectors.press('Enter');
        await shows(page, 'Cards to chat', 'Mail and cards');
        await connectors.fill('patchbay.utils.http');
        await connectors.press('Enter');
        await shows(page, 'Cards to chat', 'Mail and cards', 'Incoming orders');
        await page.getByText('Running', { exact: true }).first().click();
        await shows(page, 'Incoming orders');
        assert.match(page.url(), /connector=trello&connector=patchbay\.utils\.http&stage=running/);
        await page.reload();
        await shows(page, 'Incoming orders');
        await page.getByRole('searchbox', { name: 'Search' }).fill('nothing such');
        await page.getByRole('heading', { name: 'No flow matches' }).waitFor();
        await backoffice.check('flows_none_matches');
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await shows(page, 'Cards to chat', 'Incoming orders', 'Mail and cards', 'Old calendar');
        await backoffice.goto('/flows?connector=trel');
        await page.getByRole('heading', { name: 'No flow matches' }).waitFor();
        await backoffice.goto('/flows?connector=trello&connector=mail&sort=name:1');
        await shows(page, 'Cards to chat', 'Mail and cards');
        await backoffice.close();
    });

    it('S54 The menu of a row leads to the Designer of the flow, also of somebody else', async () => {
        const { backoffice, page } = await opened(ADMIN);
        await row(page, 'Mail and cards').getByRole('button', { name: 'Menu of Mail and cards' }).click();
        const link = page.getByRole('menuitem', { name: 'Flows: open in Designer' });
        assert.equal(await link.innerText(), 'Flows');
        await backoffice.check('flows_row_menu');
        await link.click();
        await page.waitForURL(`**/backoffice/flows/${flows.both}`);
        await backoffice.close();
    });

    it('S53 S55 Stop and start from the list; a stop elsewhere shows within 5 seconds', async () => {
        const { backoffice, page } = await opened(ADMIN);
        await choose(page, 'Incoming orders', 'Stop');
        await row(page, 'Incoming orders').getByText('Stopped', { exact: true }).waitFor();
        assert.equal((await ann.get(`/flows/${flows.hook}`)).stage, 'stopped');
        await choose(page, 'Incoming orders', 'Start');
        await row(page, 'Incoming orders').getByText('Running', { exact: true }).waitFor();
        await ann.stopFlow(flows.hook);
        await row(page, 'Incoming orders').getByText('Stopped', { exact: true }).waitFor({ timeout: LIVE_MS });
        await choose(page, 'Old calendar', 'Start');
        await page.getByRole('alert').getByText('“Old calendar” was not started.').waitFor();
        await backoffice.close();
    });

    it('A new flow asks for its name and opens in the Designer; it can be copied and deleted', async () => {
        const { backoffice, page } = await opened(as(ann));
        await page.getByRole('button', { name: 'New flow' }).click();
        await page.getByRole('button', { name: 'Create' }).click();
        await page.getByText('Give the flow a name.').waitFor();
        await page.getByRole('textbox', { name: 'Name' }).fill('Leads');
        await backoffice.check('flows_new');
        await page.getByRole('button', { name: 'Create' }).click();
        await page.waitForURL(/\/backoffice\/flows\/[0-9a-f-]{36}$/);
        const flowId = page.url().slice(-36);
        assert.equal((await ann.get(`/flows/${flowId}`)).name, 'Leads');
        await backoffice.goto('/flows');
        await choose(page, 'Leads', 'Clone');
        await row(page, 'Copy of Leads').waitFor();
        await choose(page, 'Leads', 'Delete');
        const dialog = page.getByRole('alertdialog', { name: 'Delete “Leads”?' });
        await dialog.waitFor();
        await backoffice.check('flows_delete');
        await dialog.getByRole('button', { name: 'Delete' }).click();
        await row(page, 'Leads').waitFor({ state: 'detached' });
        await backoffice.close();
    });

    it('S63 S64 Many are stopped at once; its progress survives a reload, those that could not be are named', async () => {
        for (let n = 0; n < 30; n++) {
            const flowId = await ann.createFlow({ name: `Trello ${String(n).padStart(2, '0')}`, flow: flowOf('appmixer.trello.core.Hook') });
            await ann.startFlow(flowId);
        }
        const { backoffice, page } = await opened(ADMIN, '/flows?connector=trello&stage=running');
        await page.getByText('1–25 of 30 flows').waitFor();
        await page.getByRole('checkbox', { name: 'Select Trello 29' }).check();
        assert.ok(await page.getByRole('checkbox', { name: 'Select all flows on this page' }).evaluate(box => box.indeterminate));
        await page.getByRole('checkbox', { name: 'Select all flows on this page' }).check();
        await page.getByText('25 flows selected').waitFor();
        await page.getByRole('button', { name: 'Select all 30 that match' }).click();
        await page.getByText('All 30 flows that match are selected').waitFor();
        await backoffice.check('flows_selected');

        const hold = Promise.withResolvers();
        const [listener] = sink.server.listeners('request');
        sink.server.removeAllListeners('request');
        sink.server.on('request', async (request, response) => {
            await hold.promise;
            listener(request, response);
        });
        await page.getByRole('button', { name: 'Stop', exact: true }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Stop 30 flows?' });
        await dialog.waitFor();
        await backoffice.check('flows_stop_many');
        await dialog.getByRole('button', { name: 'Stop 30 flows' }).click();
        const bar = page.getByRole('progressbar', { name: 'Stopping flows' });
        await bar.waitFor();
        await backoffice.check('flows_stopping');
        await page.reload();
        await bar.waitFor();
        assert.match(await bar.getAttribute('aria-valuetext'), /^\d+ of 30 flows done$/);
        hold.resolve();
        await page.getByText('30 flows were stopped.').waitFor();
        await page.getByRole('heading', { name: 'No flow matches' }).waitFor();
        await until(async () => (await admin.get('/flows/count?componentType=trello&stage=running')).count === 0, 'the stop of all');

        await backoffice.goto('/flows?q=a&sort=name:1');
        await page.getByRole('checkbox', { name: 'Select Old calendar' }).check();
        await page.getByRole('checkbox', { name: 'Select Incoming orders' }).check();
        await page.getByRole('button', { name: 'Start', exact: true }).click();
        await page.getByRole('alertdialog').getByRole('button', { name: 'Start 2 flows' }).click();
        await page.getByText('1 flow was started, 1 could not be.').waitFor();
        await page.getByRole('list', { name: 'Flows that could not be told' }).getByRole('link', { name: 'Old calendar' }).waitFor();
        await backoffice.check('flows_started_some');
        await page.getByRole('button', { name: 'Close', exact: true }).click();
        await bar.waitFor({ state: 'detached' });
        await backoffice.close();
    });
});

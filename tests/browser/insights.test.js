'use strict';

/** Insights: charts with their tables, and the search in the log; owners see their own only. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { bundleZip } = require('../e2e/bundle_zip');
const FlowBuilder = require('../e2e/flow_builder');
const person = require('../e2e/people');
const { until } = require('../e2e/rest_client');
const { Server, ADMIN } = require('../e2e/server');
const { publishStarters } = require('../e2e/starter_zips');

const CALLS = 6;
const SOME = "'use strict';\nmodule.exports = { async receive(context) { const { n } = context.messages.in.content; if (n % 3 === 0) { throw new Error('Invoice ' + n + ' is refused'); } } };\n";

describe('Insights', () => {

    let server;
    let admin;
    let owner;
    let stranger;
    let flowId;

    before(async () => {
        server = await Server.start({ args: ['--empty'], name: 'insights-page' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        assert.equal((await admin.publish(bundleZip('some.billing', { components: { Send: { code: SOME } } }))).err, undefined);
        owner = await person(admin);
        stranger = await person(admin);
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add('some.billing.core.Send', { from: hook, input: { n: `{{{$.${hook}.out.data.n}}}` }, errorHandling: { autoRetry: false } });
        flowId = await owner.createFlow({ name: 'Overdue invoices', flow: flow.descriptor });
        await owner.startFlow(flowId);
        for (let n = 1; n <= CALLS; n++) {
            await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { n } });
        }
        await until(async () => {
            const [row] = await owner.get('/stats/messages');
            return row?.done + row?.failed === 2 * CALLS;
        }, 'all calls to be counted');
    });
    after(async () => {
        await Backoffice.end();
        await server?.stop();
    });

    const openAs = who => Backoffice.open(server, { as: { username: who.email, password: who.password } });

    it('Messages, errors and times over time and by flow, with the same numbers as tables', async () => {
        const backoffice = await openAs(owner);
        const { page } = backoffice;
        await backoffice.goto('/insights');
        const table = page.getByRole('region', { name: 'Table: By flow' });
        const [row] = await owner.get('/stats/messages');
        await table.getByRole('row', { name: new RegExp(`Overdue invoices ${row.done} ${row.failed}`) }).waitFor();
        await page.locator('.recharts-bar-rectangle').filter({ visible: true }).first().waitFor();
        await backoffice.check('insights_flows');
        await page.getByRole('region', { name: 'Messages and errors' }).getByText('As a table').click();
        await page.getByRole('region', { name: 'Table: Messages and errors' }).getByRole('row', { name: new RegExp(` ${row.done} ${row.failed} `) }).waitFor();
        await page.getByText('By connector', { exact: true }).click();
        await page.getByRole('region', { name: 'Table: By connector' }).getByRole('row', { name: /^some\.billing 4 2 33\.3 %/ }).waitFor();
        await page.getByText('7 days', { exact: true }).click();
        await page.waitForFunction(() => new URL(location).searchParams.get('range') === '7d');
        await page.reload();
        await page.getByRole('region', { name: 'Table: By connector' }).getByText('some.billing').waitFor();
        await backoffice.check('insights_connectors');
        await backoffice.close();
    });

    it('S68 The log is searched in its own language; a record opens; the search is in the address', async () => {
        const backoffice = await openAs(owner);
        const { page } = backoffice;
        await backoffice.goto('/insights');
        const records = page.getByRole('list', { name: 'Records' });
        await page.getByRole('textbox', { name: 'Search the log' }).fill('severity:error AND "Invoice 3"');
        await page.getByRole('button', { name: 'Search', exact: true }).click();
        await page.getByText('1 record, newest first').waitFor();
        assert.equal(await records.getByRole('listitem').count(), 1);
        await records.getByRole('button', { name: /Invoice 3 is refused/ }).click();
        const whole = page.getByRole('region', { name: 'The whole record' });
        await whole.getByText(flowId).waitFor();
        await whole.scrollIntoViewIfNeeded();
        await backoffice.check('insights_log');
        assert.equal(new URL(page.url()).searchParams.get('q'), 'severity:error AND "Invoice 3"');
        await page.getByRole('link', { name: 'Only this flow' }).click();
        await page.getByText('Only Overdue invoices').waitFor();
        await page.getByRole('textbox', { name: 'Search the log' }).fill('severity:(');
        await page.getByRole('button', { name: 'Search', exact: true }).click();
        await page.getByText(/The log could not be loaded|This may be old/).waitFor();
        await backoffice.check('insights_log_refused');
        await backoffice.close();
    });

    it('S124 An owner sees nothing of another\'s flows; an admin sees all', async () => {
        const theirs = await openAs(stranger);
        await theirs.goto('/insights');
        await theirs.page.getByText('No messages in this time').waitFor();
        await theirs.page.getByText('No records').waitFor();
        await theirs.check('insights_empty');
        await theirs.close();
        const all = await Backoffice.open(server, { as: ADMIN });
        await all.goto('/insights');
        await all.page.getByRole('region', { name: 'Table: By flow' }).getByText('Overdue invoices').waitFor();
        await all.close();
    });
});

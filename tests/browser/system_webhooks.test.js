'use strict';

/** System Webhooks in the Backoffice (S67 S113 S114 S119 S120 S121), and errors of components as they arrive (S66 S68). */

const assert = require('node:assert/strict');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { bundleZip } = require('../e2e/bundle_zip');
const FlowBuilder = require('../e2e/flow_builder');
const person = require('../e2e/people');
const { until } = require('../e2e/rest_client');
const { Server, ADMIN } = require('../e2e/server');
const Sink = require('../e2e/sink');
const { publishStarters } = require('../e2e/starter_zips');

const ERROR = 'WEBHOOK_FLOW_COMPONENT_ERROR';
const STOPPED = 'WEBHOOK_FLOW_STOPPED';
const FAIL = "'use strict';\nmodule.exports = { async receive() { throw new Error('on purpose'); } };\n";

describe('System Webhooks', () => {

    let server;
    let sink;
    let answer;
    let admin;
    let backoffice;
    let page;

    const part = title => page.getByRole('region', { name: title, exact: true });
    const urls = title => part(title).getByRole('textbox', { name: /^URLs/ });
    const log = () => page.getByRole('region', { name: 'Deliveries' }).last();
    const stored = async key => (await admin.get('/config')).find(pair => pair.key === key)?.value;
    const save = async title => {
        await part(title).getByRole('button', { name: 'Save' }).click();
        await page.getByText(`${title}: the receivers are saved`).first().waitFor();
    };

    async function flowWith(type, name, client = admin) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        if (type) {
            flow.add(type, { from: hook, errorHandling: { autoRetry: false } });
        }
        const flowId = await client.createFlow({ name, flow: flow.descriptor });
        await client.startFlow(flowId);
        return { flowId, path: `/flows/${flowId}/components/${hook}` };
    }

    before(async () => {
        sink = await Sink.start(request => answer?.(request));
        server = await Server.start({ args: ['--empty'], name: 'webhooks-page' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        assert.equal((await admin.publish(bundleZip('hooks.failing', { components: { Fail: { code: FAIL } } }))).err, undefined);
        backoffice = await Backoffice.open(server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await server?.stop();
        await sink?.stop();
    });
    beforeEach(async () => {
        answer = undefined;
        for (const key of [ERROR, STOPPED]) {
            await admin.call('DELETE', `/config/${key}`);
        }
    });

    it('S113 S119 S121 Unset, the page recommends it before the first breaking update and says that own stops are not sent', async () => {
        await backoffice.goto('/system/webhooks');
        await part('Flow stopped').getByText('Set this before the first breaking update').waitFor();
        await part('Flow stopped').getByText('A person’s own stop is never sent.').waitFor();
        assert.ok(await part('Flow stopped').getByRole('button', { name: 'Send test event' }).isDisabled());
        await backoffice.check('webhooks_unset');
    });

    it('S67 S113 Receivers are edited as lines, stored as one text with commas, and checked', async () => {
        await backoffice.goto('/system/webhooks');
        await urls('Flow stopped').fill('ops.example.com');
        await page.getByText('“ops.example.com” is no http or https address.').waitFor();
        assert.ok(await part('Flow stopped').getByRole('button', { name: 'Save' }).isDisabled());
        await urls('Flow stopped').fill(`${sink.url}/one\n${sink.url}/two`);
        await save('Flow stopped');
        assert.equal(await stored(STOPPED), `${sink.url}/one,${sink.url}/two`);
        await page.reload();
        await part('Flow stopped').getByText('2 receivers').waitFor();
        assert.equal(await urls('Flow stopped').inputValue(), `${sink.url}/one\n${sink.url}/two`);
        await urls('Flow stopped').fill('');
        await save('Flow stopped');
        assert.equal(await stored(STOPPED), undefined);
    });

    it('S119 A test event tells at once what each receiver answered', async () => {
        answer = ({ url }) => url === '/broken' ? { status: 500 } : undefined;
        await admin.post('/config', { key: STOPPED, value: `${sink.url}/well,${sink.url}/broken` });
        await backoffice.goto('/system/webhooks');
        await part('Flow stopped').getByRole('button', { name: 'Send test event' }).click();
        const result = part('Flow stopped').getByRole('status', { name: 'Result of the test' });
        await result.getByText('delivered, the receiver answered 200.', { exact: true }).waitFor();
        await result.getByText('not delivered: The receiver answered 500. It will be tried again.').waitFor();
        assert.equal((await sink.one(({ url }) => url === '/well')).body.test, true);
        await backoffice.check('webhooks_tested');
    });

    it('S120 The log shows state, tries and payload, and sends again; filters are in the address', async () => {
        let well = false;
        answer = () => well ? undefined : { status: 503 };
        await admin.post('/config', { key: STOPPED, value: `${sink.url}/late` });
        const [{ id }] = (await admin.post('/system-webhooks/test', { key: STOPPED })).deliveries;
        await until(async () => (await admin.get(`/system-webhooks/deliveries/${id}`)).attempts === 1, 'the first try');
        await backoffice.goto('/system/webhooks?state=pending');
        const row = log().getByRole('row').filter({ hasText: `${sink.url}/late` });
        await row.getByText('pending 503').waitFor();
        await row.getByRole('button', { name: /^Show what was sent/ }).click();
        await page.getByRole('region', { name: 'What was sent' }).getByText('"test": true').waitFor();
        await page.getByRole('heading', { name: 'Deliveries' }).scrollIntoViewIfNeeded();
        await backoffice.check('webhooks_log');
        well = true;
        await row.getByRole('button', { name: 'Send again' }).click();
        await row.waitFor({ state: 'detached' });
        assert.equal((await admin.get(`/system-webhooks/deliveries/${id}`)).state, 'delivered');
        await page.getByRole('combobox', { name: 'State' }).click();
        await page.getByRole('option', { name: 'Delivered' }).click();
        await row.getByText('delivered 200').waitFor();
        assert.equal(new URL(page.url()).searchParams.get('state'), 'delivered');
    });

    it('S114 S66 S68 A Webhook of one\'s own flow is a receiver; the log shows the component\'s error', async () => {
        const handler = await flowWith(null, 'Tell operations');
        await backoffice.goto('/system/webhooks');
        await part('Component error').getByRole('combobox', { name: /^Add a Webhook of one of your flows/ }).click();
        await page.getByRole('option', { name: 'Tell operations' }).click();
        await page.waitForFunction(path => [...document.querySelectorAll('textarea')].some(({ value }) => value.endsWith(path)), handler.path);
        await save('Component error');
        assert.equal(await stored(ERROR), `${server.url}${handler.path}`);
        const failing = await flowWith('hooks.failing.core.Fail', 'Overdue invoices');
        await server.client().call('POST', failing.path, { json: { n: 1 } });
        await page.goto(`${server.url}/backoffice/system/webhooks?event=${ERROR}`);
        const row = log().getByRole('row').filter({ hasText: handler.path });
        await row.getByText(/^delivered/).first().waitFor();
        await row.getByRole('button', { name: /^Show what was sent/ }).first().click();
        const payload = JSON.parse(await page.getByRole('region', { name: 'What was sent' }).innerText());
        assert.equal(payload.err.message, 'on purpose');
        assert.equal(typeof payload.err.stack, 'string');
        assert.deepEqual([payload.flowId, payload.componentType, payload.connector], [failing.flowId, 'hooks.failing.core.Fail', 'hooks.failing']);
        await admin.logged(handler.flowId, ({ msg }) => JSON.stringify(msg).includes('on purpose'), 'the receiving flow to have it');
    });

    it('Receivers that are not saved are not lost by a click', async () => {
        await backoffice.goto('/system/webhooks');
        await urls('User created').fill('https://example.com/hook');
        await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Flows' }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Leave without saving?' });
        await dialog.getByRole('button', { name: 'Cancel' }).click();
        await dialog.waitFor({ state: 'hidden' });
        assert.equal(await urls('User created').inputValue(), 'https://example.com/hook');
        await urls('User created').fill('');
    });

    it('S124 A plain user sees neither page nor deliveries', async () => {
        const owner = await person(admin);
        const other = await Backoffice.open(server, { as: { username: owner.email, password: owner.password } });
        await other.goto('/system/webhooks');
        await other.page.getByText('403').waitFor();
        await other.close();
        for (const [method, path] of [['GET', '/system-webhooks/deliveries'], ['POST', '/system-webhooks/test'], ['GET', '/config']]) {
            assert.equal((await owner.call(method, path, { json: method === 'POST' ? {} : undefined })).status, 403, path);
        }
    });
});

'use strict';

/** Updating a connector: the changelog and one click, or the review and the breaking-change dialog. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { ADMIN } = require('../e2e/server');
const person = require('../e2e/people');

const OFFERS = [
    { version: '1.0.0', components: { Send: action({ version: '1.0.0' }), Old: action({ version: '1.0.0' }) } },
    { version: '1.1.0', changelog: { '1.1.0': ['Faster.'] }, components: { Send: action({ version: '1.1.0' }), Old: action({ version: '1.1.0' }) } },
    {
        version: '1.2.0', changelog: { '1.1.0': ['Faster.'], '1.2.0': ['Fewer retries.'] },
        components: { Send: action({ version: '1.2.0', fields: { text: {}, extra: {} } }), Old: action({ version: '1.2.0' }) }
    }
];
// A new required field, and a component that goes.
const MAJOR = {
    version: '2.0.0', changelog: { '2.0.0': ['(breaking change) Send needs a recipient.', 'Nicer texts.'] },
    components: { Send: action({ version: '2.0.0', fields: { text: {}, to: {} }, required: ['to'] }) }
};
const EVERYONE = [{ scope: 'user', permissions: ['read'] }];
// So many running flows that break that the name has to be typed.
const MANY = 51;

describe('Updates of a connector', () => {
    let story;
    let admin;
    let customer;
    let backoffice;
    let page;

    before(async () => {
        story = await Story.begin('browser-update');
        admin = story.admin;
        await story.offer(...OFFERS, { ...MAJOR, name: 'story.mail' });
        customer = await person(admin);
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });
    beforeEach(async () => {
        await story.set('WEBHOOK_FLOW_STOPPED', '');
        for (const { flowId } of await admin.get('/flows?limit=1000')) {
            await admin.stopFlow(flowId);
            await admin.delete(`/flows/${flowId}`);
        }
        if (await story.version() !== undefined) {
            await story.done('DELETE', '/connectors/story.mail?confirm=true');
        }
        await story.install('1.0.0');
    });

    const button = (name, within = page) => within.getByRole('button', { name, exact: true });
    const review = (to = '2.0.0', more = '') => backoffice.goto(`/connectors/story.mail/review?to=${to}${more}`);
    const dialog = () => page.getByRole('alertdialog', { name: 'Breaking change in story.mail 2.0.0' });
    const row = name => page.getByRole('row').filter({ hasText: name });

    /** A running integration of the customer, made of a template. */
    async function integration() {
        const { descriptor, flowId } = await story.flow('the template', { start: false, document: { type: 'integration-draft' } });
        assert.ok(descriptor);
        const { cloneId } = await admin.post(`/flows/${flowId}/clone`, {
            projection: '-sharedWith', setOriginFlowId: true, additional: { type: 'integration-template', sharedWith: EVERYONE }
        });
        const instance = (await customer.post(`/flows/${cloneId}/clone`, { isTemplateInstance: true })).cloneId;
        await customer.startFlow(instance);
        return instance;
    }

    it('S94 S95 S105 A compatible update: the changelog from the installed to the new version, one click, nothing stops', async () => {
        const flow = await story.flow('goes on');
        story.catalogue.rows = story.catalogue.rows.filter(({ version }) => version !== '2.0.0');
        await story.offer({ ...OFFERS[2], version: '1.2.1', changelog: { '1.1.0': ['Faster.'], '1.2.1': ['Fewer retries.'] } });
        await backoffice.goto('/connectors/story.mail');
        await button('Update Connector').click();
        const light = page.getByRole('dialog', { name: 'Update story.mail' });
        await light.getByText('Faster.').waitFor();
        await light.getByText('Fewer retries.').waitFor();
        await light.getByText('Nothing stops: 1 flow uses it and goes on.').waitFor();
        assert.equal(await page.getByRole('alertdialog').count(), 0);
        await backoffice.check('update_compatible');
        await button('Update', light).click();
        await page.getByText('Update of story.mail 1.0.0 → 1.2.1 is done').waitFor();
        await button('Remove Connector').waitFor();
        assert.equal(await button('Update Connector').count(), 0, 'it is current');
        assert.equal(await story.version(), '1.2.1');
        assert.equal(await story.stage(flow.flowId), 'running');
        story.catalogue.rows = story.catalogue.rows.filter(({ version }) => version !== '1.2.1');
        await story.offer(MAJOR);
    });

    it('S99 A breaking one leads to its review: verdicts, flows, fields and what owners have to do; in the address', async () => {
        const hit = await story.flow('hit');
        await story.flow('spared', { input: { text: 'x', to: 'me@example.test' } });
        await story.flow('gone', { type: 'story.mail.core.Old', start: false });
        await backoffice.goto('/connectors/story.mail');
        await button('Update Connector').click();
        await page.getByRole('heading', { level: 1, name: 'Review the update of story.mail' }).waitFor();
        const tiles = page.getByRole('group', { name: 'Flows by verdict' });
        assert.deepEqual((await tiles.getByRole('button').allInnerTexts()).map(text => text.split(/\n+/).slice(0, 2).join(' ')),
            ['1 Safe', '0 Auto-migratable', '1 Needs owner', '1 Broken']);
        await row('hit').getByText('Fill in the field').waitFor();
        await backoffice.check('review');
        await button('Show all changes in hit').click();
        await page.getByText(hit.send).waitFor();
        await tiles.getByRole('button', { name: /Broken/ }).click();
        await row('gone').waitFor();
        assert.equal(await row('spared').count(), 0);
        await page.reload();
        await row('gone').waitFor();
        assert.equal(await row('spared').count(), 0, 'the filter stands in the address');
        await row('gone').getByRole('link', { name: 'gone' }).click();
        await page.waitForURL(/\/flows\/[^/]+$/);
    });

    it('The flows of a plan are exported as CSV and as JSON', async () => {
        const { flowId } = await story.flow('=1+1,"quoted"');
        await review();
        const saved = async name => {
            const [download] = await Promise.all([page.waitForEvent('download'), button(name).click()]);
            return [download.suggestedFilename(), fs.readFileSync(await download.path(), 'utf8')];
        };
        const [csvName, csv] = await saved('Export as CSV');
        assert.equal(csvName, 'story.mail-1.0.0-to-2.0.0.csv');
        assert.ok(csv.split('\r\n')[1].startsWith(`${flowId},"'=1+1,""quoted""",admin@example.test,automation,running,needs-owner,story.mail.core.Send,`), csv);
        const [jsonName, json] = await saved('Export as JSON');
        assert.equal(jsonName, 'story.mail-1.0.0-to-2.0.0.json');
        assert.equal(JSON.parse(json).flows[0].flowId, flowId);
    });

    it('S99 S100 S101 The dialog cautions, counts both kinds and lists them; Escape and Cancel change nothing', async () => {
        await story.flow('an automation');
        await integration();
        await review();
        const open = button('Update and stop 2 flows');
        await open.click();
        await dialog().getByText('story.mail goes from 1.0.0 to 2.0.0').waitFor();
        await dialog().getByText('2.0.0: Send needs a recipient.').waitFor();
        await dialog().getByText('All active flows (both integrations and automations) that use story.mail will be stopped automatically: 1 automation and 1 integration.').waitFor();
        assert.equal(await dialog().getAttribute('aria-modal'), 'true');
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
        await button('Show the 2 flows', dialog()).click();
        await dialog().getByRole('link', { name: 'an automation' }).waitFor();
        await backoffice.check('breaking_dialog');
        const operations = (await admin.get('/connectors/operations')).length;
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement.textContent === 'Update and stop 2 flows');
        await open.click();
        await button('Cancel', dialog()).click();
        await dialog().waitFor({ state: 'detached' });
        assert.equal(await story.version(), '1.0.0');
        assert.equal((await admin.get('/connectors/operations')).length, operations);
        assert.deepEqual((await admin.get('/flows?filter=stage:running')).length, 2);
    });

    it('S110 S102 S106 Confirming does what the same call by REST does', async () => {
        const flow = await story.flow('by page');
        const result = async () => [await story.version(), await story.stage(flow.flowId),
            (await admin.get(`/flows/${flow.flowId}`)).attention.map(({ code, componentId, field }) => [code, componentId, field])];
        await review();
        await button('Update and stop 1 flow').click();
        await button('Update and stop 1 flow', dialog()).click();
        await page.getByRole('heading', { level: 1, name: 'Update of story.mail 1.0.0 → 2.0.0' }).waitFor();
        await page.getByText('story.mail is now 2.0.0').waitFor();
        const byPage = await result();
        await story.rollback();
        const { confirmationToken } = await admin.get('/connectors/story.mail/plan?version=2.0.0');
        await story.update({ version: '2.0.0', confirmBreaking: true, confirmationToken });
        assert.deepEqual(byPage, await result());
        assert.deepEqual(byPage.slice(0, 2), ['2.0.0', 'stopped']);
    });

    it('CONNECTOR_PLAN_CHANGED: the dialog shows what changed meanwhile, and then confirms the new plan', async () => {
        await story.flow('known');
        await review();
        await button('Update and stop 1 flow').click();
        await dialog().waitFor();
        await story.flow('came later');
        await button('Update and stop 1 flow', dialog()).click();
        await dialog().getByRole('alert').getByText('Versions or flows have changed').waitFor();
        await dialog().getByText('Flow came later uses it now and is running.').waitFor();
        assert.equal(await story.version(), '1.0.0');
        await backoffice.check('breaking_dialog_plan_changed');
        await button('Update and stop 2 flows', dialog()).click();
        await page.getByText('2 flows were stopped').waitFor();
    });

    it('R26 Modes say what they do, and do it: only what is affected; side by side', async () => {
        const hit = await story.flow('hit');
        const spared = await story.flow('spared', { input: { text: 'x', to: 'me@example.test' } });
        await review();
        await page.getByRole('radio', { name: 'Side by side' }).check();
        await button('Update, 2 flows keep 1.0.0').waitFor();
        await page.getByRole('radio', { name: 'Stop only flows that are affected' }).check();
        await backoffice.check('review_stop_affected');
        await page.reload();
        await button('Update and stop 1 flow').click();
        await dialog().getByText('Only active flows that would break will be stopped automatically: 1 automation and 0 integrations.').waitFor();
        await button('Update and stop 1 flow', dialog()).click();
        await page.getByText('story.mail is now 2.0.0').waitFor();
        assert.deepEqual([await story.stage(hit.flowId), await story.stage(spared.flowId)], ['stopped', 'running']);
    });

    it('S119 The review recommends WEBHOOK_FLOW_STOPPED, shows its last delivery and sends a test event', async () => {
        await story.flow('told of');
        await review();
        await page.getByText('WEBHOOK_FLOW_STOPPED is not set').waitFor();
        await story.set('WEBHOOK_FLOW_STOPPED', `${story.sink.url}/stopped`);
        await page.reload();
        await page.getByText(`${story.sink.url}/stopped`).waitFor();
        await button('Send test event').click();
        await story.sink.one(({ url, body }) => url === '/stopped' && body.test === true, 'the test event');
        await page.getByText('delivered (200)').waitFor();
        await backoffice.check('review_webhook');
    });

    it('S122 A handler that uses the connector itself is named', async () => {
        const handler = await story.flow('the handler');
        await story.set('WEBHOOK_FLOW_STOPPED', `${story.server.url}/flows/${handler.flowId}/components/${handler.hook}`);
        await review();
        const warning = 'Flow the handler is told of flows that stop, and uses this connector itself';
        await page.getByText(warning).waitFor();
        await button('Update and stop 1 flow').click();
        await dialog().getByText(warning).waitFor();
        await backoffice.check('breaking_dialog_handler');
        await button('Cancel', dialog()).click();
    });

    it('S96 Another version is chosen, down too, and said to be a downgrade', async () => {
        await story.update({ version: '1.2.0' });
        await backoffice.goto('/connectors/story.mail/review');
        await page.getByRole('combobox', { name: 'From 1.2.0 to' }).click();
        await backoffice.picture('review_versions');
        await page.getByRole('option', { name: '1.1.0 – downgrade' }).click();
        await page.waitForURL(/to=1\.1\.0/);
        await page.getByText('This is a downgrade, from 1.2.0 to 1.1.0.').waitFor();
        await button('Update').click();
        await page.getByText('story.mail is now 1.1.0').waitFor();
    });

    it(`With ${MANY} running flows that break, the name has to be typed`, async () => {
        await Promise.all(Array.from({ length: MANY }, (_, at) => story.flow(`flow ${at}`)));
        await review();
        await button(`Update and stop ${MANY} flows`).click();
        const confirm = button(`Update and stop ${MANY} flows`, dialog());
        assert.equal(await confirm.isDisabled(), true);
        await backoffice.check('breaking_dialog_typed');
        await dialog().getByRole('textbox').fill('story.mail');
        await confirm.click();
        await page.getByText(`${MANY} flows were stopped`).waitFor();
    });

    it('S98 A version that is not offered, and a connector that is not there, say so', async () => {
        await review('9.9.9');
        await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
        await backoffice.goto('/connectors/no.such/review');
        await page.getByRole('alert').filter({ hasText: 'There is no connector' }).waitFor();
        await backoffice.check('review_unknown');
    });

    it('S124 A plain user gets no such page', async () => {
        const own = await Backoffice.open(story.server, { as: { username: customer.email, password: customer.password } });
        for (const address of ['/connectors/story.mail/review', '/updates', '/activity', '/operations/x']) {
            await own.goto(address);
            await own.page.getByText('403').waitFor();
        }
        await own.close();
    });
});

'use strict';

/** The Designer: building flows by mouse and by keyboard, running them, and what owners see when a connector has changed. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { ADMIN } = require('../e2e/server');
const { Story, action } = require('../e2e/connector_story');
const person = require('../e2e/people');

const WEBHOOK = 'patchbay.utils.http.Webhook';

/** What a person does in the Designer, by roles and labels. */
class Designer {
    constructor(backoffice) {
        this.backoffice = backoffice;
        this.page = backoffice.page;
        this.canvas = this.page.getByRole('region', { name: 'Canvas' });
        this.palette = this.page.getByRole('region', { name: 'Components' });
        this.details = this.page.getByRole('region', { name: 'Details' });
    }

    async open(flowId, query = '') {
        await this.backoffice.goto(`/flows/${flowId}${query}`);
        await this.canvas.waitFor();
        await this.palette.getByLabel('Search components').waitFor();
        return this;
    }

    node(name) {
        return this.canvas.getByRole('group', { name: new RegExp(`^${name}, [^ ]*\\.`) });
    }

    links() {
        return this.canvas.locator('.react-flow__edge');
    }

    port(name, type, port) {
        return this.node(name).locator(`.react-flow__handle.${type}[data-handleid="${port}"]`);
    }

    async saved() {
        await this.page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
    }

    async dragIn(label, x, y) {
        const entry = this.palette.getByRole('listitem').filter({ hasText: label });
        await entry.dragTo(this.canvas, { targetPosition: { x, y } });
        await this.node(label).waitFor();
    }

    async connect(from, out, to, into = 'in') {
        const count = await this.links().count();
        const [a, b] = [await this.port(from, 'source', out).boundingBox(), await this.port(to, 'target', into).boundingBox()];
        await this.page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
        await this.page.mouse.down();
        await this.page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 4 });
        await this.page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 });
        await this.page.mouse.up();
        await this.links().nth(count).waitFor({ state: 'attached' });
    }

    async start() {
        await this.page.getByRole('button', { name: 'Start', exact: true }).click();
        await this.page.getByRole('button', { name: 'Stop', exact: true }).waitFor();
    }
}

describe('The Designer', () => {
    let story;
    let owner;
    let asOwner;

    const designer = async as => new Designer(await Backoffice.open(story.server, { as }));
    const newFlow = (client, name = 'My flow') => client.createFlow({ name, flow: {} });

    before(async () => {
        story = await Story.begin('designer');
        owner = await person(story.admin);
        asOwner = { username: owner.email, password: owner.password };
    });
    after(async () => {
        await Backoffice.end();
        await story?.end();
    });

    it('A flow is built with the mouse, kept over a reload, undone and done again', async () => {
        const flowId = await newFlow(owner, 'Built with the mouse');
        const it = await designer(asOwner);
        const { page, backoffice } = it;
        await it.open(flowId);
        await it.saved();
        await backoffice.check('designer_empty');
        await it.dragIn('Webhook', 120, 120);
        await it.dragIn('Set Variable', 340, 300);
        await it.connect('Webhook', 'out', 'Set Variable');
        await it.saved();
        const stored = await owner.get(`/flows/${flowId}`);
        assert.deepEqual(Object.values(stored.flow).map(({ type }) => type).sort(), ['patchbay.utils.controls.SetVariable', WEBHOOK]);
        const [hook] = Object.keys(stored.flow).filter(id => stored.flow[id].type === WEBHOOK);
        assert.deepEqual(Object.values(stored.flow).map(({ source }) => source.in).filter(Boolean), [{ [hook]: ['out'] }]);

        await page.reload();
        await it.node('Set Variable').waitFor();
        assert.equal(await it.links().count(), 1);
        await it.node('Set Variable').click();
        await it.details.getByLabel('Name in this flow').fill('Remember');
        await it.node('Remember').waitFor();
        await page.getByRole('button', { name: 'Undo' }).click();
        await it.node('Set Variable').waitFor();
        await page.getByRole('button', { name: 'Redo' }).click();
        await it.node('Remember').waitFor();
        await it.saved();
        await backoffice.check('designer_built');

        await it.details.getByRole('button', { name: 'Remove', exact: true }).click();
        await it.links().waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Undo' }).click();
        await it.links().waitFor({ state: 'attached' });
        await it.saved();
        await backoffice.close();
    });

    it('A flow is built with the keyboard only, and by copy and paste', async () => {
        const flowId = await newFlow(owner, 'Built with keys');
        const it = await designer(asOwner);
        const { page, backoffice } = it;
        await it.open(flowId);
        await it.palette.getByLabel('Search components').focus();
        await page.keyboard.type('webhook');
        await it.palette.getByRole('button', { name: 'Add Webhook' }).focus();
        await page.keyboard.press('Enter');
        await it.node('Webhook').waitFor();
        await it.palette.getByLabel('Search components').fill('request');
        await it.palette.getByRole('button', { name: 'Add HTTP Request' }).focus();
        await page.keyboard.press('Enter');
        await it.node('HTTP Request').waitFor();

        await page.keyboard.press('F6');
        await it.canvas.locator(':focus').or(page.locator('[aria-label="Canvas"]:focus')).first().waitFor();
        await it.node('Webhook').focus();
        await page.keyboard.press('Enter');
        await it.details.getByRole('heading', { name: 'Webhook' }).waitFor();
        await it.details.getByRole('button', { name: 'Connect to…' }).focus();
        await page.keyboard.press('Enter');
        await page.getByRole('dialog', { name: /^Connect Webhook to/ }).waitFor();
        await backoffice.check('designer_connect');
        await page.getByRole('button', { name: 'Connect', exact: true }).focus();
        await page.keyboard.press('Enter');
        await it.links().waitFor({ state: 'attached' });

        const x = async () => Object.values((await owner.get(`/flows/${flowId}`)).flow).find(({ type }) => type === WEBHOOK).x;
        await it.saved();
        const before = await x();
        await it.node('Webhook').focus();
        await page.keyboard.press('ArrowLeft');
        await page.getByText('Saving …').waitFor();
        await it.saved();
        assert.ok(await x() < before, 'an arrow key moves it');

        await page.keyboard.press('Control+a');
        await it.details.getByText('2 components selected').waitFor();
        await page.keyboard.press('Control+c');
        await page.keyboard.press('Control+v');
        await it.links().nth(1).waitFor({ state: 'attached' });
        assert.equal(await it.node('Webhook').count(), 2);
        await it.saved();
        const { flow } = await owner.get(`/flows/${flowId}`);
        const sources = Object.values(flow).flatMap(({ source }) => Object.keys(source.in ?? {}));
        assert.equal(new Set(sources).size, 2, 'each copy has links of its own');
        await page.keyboard.press('Delete');
        await it.links().nth(1).waitFor({ state: 'detached' });
        await page.keyboard.press('Control+z');
        await it.links().nth(1).waitFor({ state: 'attached' });
        await page.getByRole('button', { name: 'More about this flow' }).click();
        await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
        await backoffice.check('designer_menu');
        await page.getByRole('menuitem', { name: 'Rename' }).click();
        await page.getByRole('dialog', { name: 'Rename the flow' }).waitFor();
        await backoffice.check('designer_rename');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'More about this flow' }).click();
        await page.getByRole('menuitem', { name: 'Keyboard' }).click();
        await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
        await backoffice.check('designer_keyboard');
        await page.keyboard.press('Escape');
        await it.saved();
        await backoffice.close();
    });

    it('R26 A message into a running flow is counted at its link and stands in the logs; S55 stop stops it', async () => {
        const { flowId, hook, send } = await (async () => {
            await story.offer({ version: '1.0.0', components: { Send: action({ version: '1.0.0' }) }, name: 'story.count' });
            await story.install('1.0.0', 'story.count');
            return story.flow('counted', { client: owner, start: false, type: 'story.count.core.Send' });
        })();
        const it = await designer(asOwner);
        const { page, backoffice } = it;
        await it.open(flowId);
        await it.node('Webhook').waitFor();
        await it.start();
        await page.getByText('Stop it to change it.').waitFor();
        const answer = await story.caller.call('POST', `/flows/${flowId}/components/${hook}`, { json: { n: '42' } });
        assert.equal(answer.status, 200, answer.text);
        await it.canvas.getByRole('group', { name: /^Webhook, out, to Send, in: 1 message$/ }).waitFor();
        await it.node('Send').click();
        await it.details.getByRole('tab', { name: 'Logs' }).click();
        await it.details.getByText('Received at in').waitFor();
        await it.details.getByText('"text": "42"').first().waitFor();
        await backoffice.check('designer_running');
        assert.equal(new URL(page.url()).searchParams.get('component'), send);
        await page.getByRole('button', { name: 'Stop', exact: true }).click();
        await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
        assert.equal(await story.stage(flowId), 'stopped');
        await backoffice.close();
    });

    it('S25 S28 S37 A connector is in the palette of an open Designer when it is installed, and gone without the rule', async () => {
        const flowId = await newFlow(owner);
        const it = await designer(asOwner);
        await it.open(flowId);
        assert.equal(await it.palette.getByRole('button', { name: 'Add Fresh' }).count(), 0);
        await story.offer({ version: '1.0.0', components: { Fresh: action({ version: '1.0.0' }) }, name: 'story.fresh' });
        await story.install('1.0.0', 'story.fresh');
        await it.palette.getByRole('button', { name: 'Add Fresh' }).waitFor();
        await it.dragIn('Fresh', 200, 200);
        await it.saved();
        const rules = await story.admin.get('/acl/components');
        try {
            await story.admin.post('/acl/components', rules.filter(({ role }) => role !== 'user'));
            await it.palette.getByText('There is no component that you may use.').waitFor();
            await it.canvas.getByText('Not available').waitFor();
            await it.backoffice.check('designer_not_available');
        } finally {
            await story.admin.post('/acl/components', rules);
        }
        await it.palette.getByRole('button', { name: 'Add Fresh' }).waitFor();
        await it.backoffice.close();
    });

    it('S54 S55 An admin opens the flow of somebody else and stops it', async () => {
        const { flowId } = await story.flow('of an owner', { client: owner, type: 'patchbay.utils.http.Request', input: { url: story.sink.url, method: 'GET' } });
        const it = await designer(ADMIN);
        await it.open(flowId);
        await it.page.getByRole('heading', { level: 1, name: 'of an owner' }).waitFor();
        await it.page.getByRole('button', { name: 'Stop', exact: true }).click();
        await it.page.getByRole('button', { name: 'Start', exact: true }).waitFor();
        assert.equal(await story.stage(flowId), 'stopped');
        await it.backoffice.close();
    });

    it('S54 A stranger does not see the flow', async () => {
        const flowId = await newFlow(story.admin, 'Not yours');
        const backoffice = await Backoffice.open(story.server, { as: asOwner });
        await backoffice.goto(`/flows/${flowId}`);
        await backoffice.page.getByRole('alert').getByText('The flow could not be loaded.').waitFor();
        assert.equal(await backoffice.page.getByText('Not yours').count(), 0);
        await backoffice.check('designer_stranger');
        await backoffice.close();
    });

    it('S107 S109 S112 A breaking update marks the flow and its component; filled in, it starts, and the mark is gone', async () => {
        await story.offer(
            { version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } },
            { version: '2.0.0', changelog: { '2.0.0': ['(breaking change) Send needs a recipient.'] }, components: { Send: action({ version: '2.0.0', fields: { text: {}, to: {} }, required: ['to'] }) } }
        );
        await story.install('1.0.0');
        const { flowId, send, hook } = await story.flow('to be repaired', { client: owner });
        await story.update({ version: '2.0.0', confirmBreaking: true });
        const it = await designer(asOwner);
        const { page, backoffice } = it;
        await it.open(flowId);
        await page.getByText('This flow needs your attention').waitFor();
        await it.node('Send').getByText('Needs attention').waitFor();
        await it.node('Send').getByText('1 problem').waitFor();
        await page.getByRole('link', { name: 'Fix now' }).click();
        const { searchParams } = new URL(page.url());
        assert.deepEqual([searchParams.get('component'), searchParams.get('field')], [send, 'in/to']);
        await it.details.getByRole('heading', { name: 'Send' }).waitFor();
        await backoffice.check('designer_attention');

        await page.getByRole('button', { name: 'Start', exact: true }).click();
        const refusal = page.getByRole('alert').filter({ hasText: 'The flow was not started' });
        await refusal.getByRole('link', { name: 'Send' }).waitFor();
        await refusal.getByText('Input field "to" is required.').waitFor();
        await backoffice.check('designer_refused');

        const { flow } = await owner.get(`/flows/${flowId}`);
        flow[send].config.transform.in[hook].out.lambda.to = 'me@example.test';
        await owner.put(`/flows/${flowId}`, { flow });
        await page.reload();
        await it.node('Send').waitFor();
        await it.start();
        await page.getByText('This flow needs your attention').waitFor({ state: 'detached' });
        await it.node('Send').getByText('Needs attention').waitFor({ state: 'detached' });
        await backoffice.close();
    });

    it('What was changed elsewhere is not overwritten unseen', async () => {
        const flowId = await newFlow(owner, 'Twice');
        const it = await designer(asOwner);
        const { page, backoffice } = it;
        await it.open(flowId);
        await owner.put(`/flows/${flowId}`, { description: 'By somebody else.' });
        await it.palette.getByRole('button', { name: 'Add Webhook' }).click();
        await page.getByText('This flow was changed elsewhere').waitFor();
        assert.deepEqual((await owner.get(`/flows/${flowId}`)).flow, {});
        await backoffice.check('designer_changed_elsewhere');
        await page.getByRole('button', { name: 'Keep what is here' }).click();
        await it.saved();
        assert.equal(Object.keys((await owner.get(`/flows/${flowId}`)).flow).length, 1);
        await backoffice.close();
    });

    it('A narrow screen has palette and panel as drawers', async () => {
        const flowId = await newFlow(owner, 'On a phone');
        const backoffice = await Backoffice.open(story.server, { as: asOwner, width: 390, height: 800 });
        const { page } = backoffice;
        await backoffice.goto(`/flows/${flowId}`);
        await page.getByRole('button', { name: 'Components', exact: true }).click();
        const drawer = page.getByRole('dialog', { name: 'Components' });
        await drawer.getByRole('button', { name: 'Add Webhook' }).waitFor();
        await backoffice.check('designer_narrow_palette');
        await drawer.getByRole('button', { name: 'Add Webhook' }).click();
        await drawer.waitFor({ state: 'detached' });
        await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Details', exact: true }).click();
        await page.getByRole('dialog', { name: 'Details' }).getByLabel('Name in this flow').waitFor();
        await backoffice.check('designer_narrow_details');
        await backoffice.close();
    });
});

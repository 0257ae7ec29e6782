'use strict';

/**
 * The whole story with the keyboard only: an admin installs a connector, an owner builds a flow from it and runs it, a breaking
 * update stops it after review and dialog, the owner repairs it from the inbox, and the admin takes the update back.
 */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { ADMIN } = require('../e2e/server');
const { Story, action } = require('../e2e/connector_story');
const person = require('../e2e/people');

const MOST_TABS = 300;
const OLD = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } };
const NEW = {
    version: '2.0.0',
    changelog: { '1.0.0': ['First.'], '2.0.0': ['(breaking change) Send needs a recipient.'] },
    components: { Send: action({ version: '2.0.0', fields: { text: {}, to: {} }, required: ['to'] }) }
};

/** Somebody at a keyboard, without a mouse. */
class Keyboard {
    constructor(page) {
        this.page = page;
    }

    /** Tabs on until the focus is there. */
    async to(locator) {
        await locator.waitFor();
        for (let presses = 0; presses < MOST_TABS; presses += 1) {
            if (await locator.evaluate(element => element === document.activeElement)) {
                return;
            }
            await this.page.keyboard.press('Tab');
        }
        throw new Error(`The Tab key does not lead to ${locator}.`);
    }

    async press(locator, key = 'Enter') {
        await this.to(locator);
        await this.page.keyboard.press(key);
    }

    async write(locator, text) {
        await this.to(locator);
        await this.page.keyboard.type(text);
    }

    async signIn({ username, password }) {
        await this.write(this.page.getByLabel('User name'), username);
        await this.write(this.page.getByLabel('Password', { exact: true }), password);
        await this.page.keyboard.press('Enter');
        await this.page.getByRole('navigation', { name: 'Main menu' }).waitFor();
    }

    menu(name) {
        return this.press(this.page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name }));
    }
}

async function seated(server, who) {
    const backoffice = await Backoffice.open(server);
    await backoffice.goto('/');
    const keys = new Keyboard(backoffice.page);
    await keys.signIn(who);
    return { backoffice, page: backoffice.page, keys };
}

describe('The whole story, with the keyboard only', () => {
    let story;
    let admin;
    let owner;
    let ann;
    let flowId;

    const button = (at, name) => at.page.getByRole('button', { name, exact: true });
    const send = async () => {
        const { flow } = await ann.get(`/flows/${flowId}`);
        const [hook] = Object.entries(flow).find(([, { type }]) => type === 'patchbay.utils.http.Webhook');
        const answer = await story.server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { hello: 'there' } });
        assert.ok(answer.status < 300, answer.text);
    };
    const sentBy = version => ann.logged(flowId, record => JSON.stringify(record).includes(`\\"version\\":\\"${version}\\"`) || JSON.stringify(record).includes(`"version":"${version}"`), `a message that ${version} sent`);

    before(async () => {
        story = await Story.begin('whole-story');
        await story.offer(OLD);
        ann = await person(story.admin);
        admin = await seated(story.server, ADMIN);
        owner = await seated(story.server, { username: ann.email, password: ann.password });
    });
    after(async () => {
        await Backoffice.end();
        await story?.end();
    });

    it('S3 S10 S24 The admin finds the connector and installs it', async () => {
        const { page, keys } = admin;
        await page.getByRole('heading', { level: 1, name: 'Connectors' }).waitFor();
        await page.getByRole('link', { name: /story\.mail/ }).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('story');
        await keys.press(page.getByRole('link', { name: /story\.mail/ }));
        await keys.press(button(admin, 'Install Connector'));
        await button(admin, 'Remove Connector').waitFor();
        await page.getByText('installed 1.0.0').waitFor();
    });

    it('S25 S28 The owner builds a flow in the Designer and starts it', async () => {
        const { page, keys } = owner;
        await keys.menu('Flows');
        await keys.press(button(owner, 'New flow'));
        await keys.write(page.getByRole('textbox', { name: 'Name' }), 'Greetings');
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/backoffice\/flows\/[0-9a-f-]{36}/);
        [flowId] = /[0-9a-f-]{36}/.exec(page.url());
        const canvas = page.getByRole('region', { name: 'Canvas' });
        const details = page.getByRole('region', { name: 'Details' });
        const search = page.getByRole('region', { name: 'Components' }).getByLabel('Search components');
        await keys.write(search, 'webhook');
        await keys.press(page.getByRole('button', { name: 'Add Webhook' }));
        await canvas.getByRole('group', { name: /^Webhook, / }).waitFor();
        await keys.to(search);
        await page.keyboard.press('Control+a');
        await page.keyboard.type('story');
        await keys.press(page.getByRole('button', { name: 'Add Send' }));
        await canvas.getByRole('group', { name: /^Send, / }).waitFor();
        await keys.press(canvas.getByRole('group', { name: /^Webhook, / }));
        await keys.press(details.getByRole('button', { name: 'Connect to…' }));
        await keys.press(page.getByRole('dialog', { name: /^Connect Webhook to/ }).getByRole('button', { name: 'Connect', exact: true }));
        await canvas.locator('.react-flow__edge').waitFor({ state: 'attached' });
        await keys.press(canvas.getByRole('group', { name: /^Send, / }));
        await keys.write(details.getByRole('textbox', { name: 'text' }), 'Hello');
        await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
        await keys.press(button(owner, 'Start'));
        await button(owner, 'Stop').waitFor();
        assert.equal(Object.values((await ann.get(`/flows/${flowId}`)).flow).length, 2);
        await owner.backoffice.check('story_designer');
    });

    it('A message runs through it, and the Designer counts it', async () => {
        await send();
        await sentBy('1.0.0');
        await owner.page.getByRole('group', { name: /^Webhook, out, to Send, in: 1 message$/ }).waitFor();
    });

    it('S8 S94 S99 S100 S102 S104 A breaking update: review, dialog, progress', async () => {
        const { page, keys } = admin;
        story.catalogue.add('story.mail', NEW);
        await keys.menu('Updates');
        await keys.press(button(admin, 'Check now'));
        await keys.press(page.getByRole('link', { name: /story\.mail/ }).first());
        await keys.press(button(admin, 'Update Connector').or(page.getByRole('link', { name: 'Update Connector' })));
        await page.getByRole('heading', { level: 1, name: 'Review the update of story.mail' }).waitFor();
        await page.getByRole('link', { name: 'Greetings' }).waitFor();
        await admin.backoffice.check('story_review');
        await keys.press(button(admin, 'Update and stop 1 flow'));
        const dialog = page.getByRole('alertdialog', { name: 'Breaking change in story.mail 2.0.0' });
        await dialog.getByText('All active flows (both integrations and automations)').waitFor();
        await admin.backoffice.check('story_dialog');
        await keys.press(dialog.getByRole('button', { name: 'Update and stop 1 flow', exact: true }));
        await page.getByText('story.mail is now 2.0.0').waitFor();
        await admin.backoffice.check('story_operation');
        assert.equal(await story.stage(flowId), 'stopped');
    });

    it('S106 S107 S109 S112 The owner repairs it from the inbox, and it runs again with the new version', async () => {
        const { page, keys } = owner;
        await keys.menu(/^Inbox/);
        await page.getByText('Greetings').waitFor();
        await owner.backoffice.check('story_inbox');
        await keys.press(page.getByRole('link', { name: 'Fix now' }));
        const field = page.getByRole('region', { name: 'Details' }).getByRole('textbox', { name: 'to' });
        await field.waitFor();
        await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true' || document.activeElement?.getAttribute('role') === 'textbox' || document.activeElement?.tagName === 'INPUT');
        await keys.write(field, 'ann@example.test');
        await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
        await keys.press(button(owner, 'Start'));
        await button(owner, 'Stop').waitFor();
        await send();
        await sentBy('2.0.0');
        assert.equal((await ann.get(`/flows/${flowId}`)).attention ?? null, null);
    });

    it('R25 The admin rolls the update back', async () => {
        const { page, keys } = admin;
        await keys.press(button(admin, 'Roll back'));
        const dialog = page.getByRole('alertdialog', { name: 'Roll back story.mail' });
        await keys.press(dialog.getByRole('button', { name: 'Roll back to 1.0.0' }));
        await page.getByText('story.mail is now 1.0.0').waitFor();
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flowId), 'running', 'started since on 2.0.0: it keeps that');
    });

    it('Nothing went wrong on the way', async () => {
        await admin.backoffice.close();
        await owner.backoffice.close();
    });
});

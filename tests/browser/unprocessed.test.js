'use strict';

/** Unprocessed messages: found by what they have in common, looked at, put back, exported, deleted. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const person = require('../e2e/people');
const { Story, action } = require('../e2e/connector_story');
const { until } = require('../e2e/rest_client');

const LONG_MS = 3600000;
const SOON_MS = 20;
const THROWS = "'use strict';\nmodule.exports = { async receive() { throw new Error('The mail server said no.'); } };\n";
const VERSION = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }), Fail: action({ version: '1.0.0', code: THROWS }) } };

describe('Unprocessed messages', () => {

    let story;
    let admin;
    let ann;
    let bob;
    let orders;

    before(async () => {
        story = await Story.begin('unprocessed');
        admin = story.admin;
        ann = await person(admin);
        bob = await person(admin);
        for (const [key, value] of [['RETRY_INIT_EXP', SOON_MS], ['RETRY_MAX_COUNT', 1], ['RETRY_MAX_EXP', LONG_MS]]) {
            await story.set(key, value);
        }
        await story.offer(VERSION);
        await story.install('1.0.0');
        await admin.post('/acl/components/add-user-rules', {});
        orders = await story.flow('orders', { client: ann });
        const letters = await story.flow('letters', { client: ann, type: 'story.mail.core.Fail' });
        const others = await story.flow('others', { client: bob, type: 'story.mail.core.Fail' });
        await letters.call(1);
        await others.call(1);
        await until(async () => (await count(ann)) === 1 && (await count(bob)) === 1, 'what Fail refused');
        await story.done('DELETE', '/connectors/story.mail?confirm=true');
        for (const n of [1, 2, 3]) {
            await story.caller.call('POST', `/flows/${orders.flowId}/components/${orders.hook}`, { json: { n: String(n), password: 'very secret' } });
        }
        await until(async () => (await count(ann)) === 4, 'what failed without the connector');
    });
    after(async () => {
        await Backoffice.end();
        await story?.end();
    });

    const count = async who => (await who.get('/unprocessed-messages/count')).count;

    async function opened(who, address = '/unprocessed') {
        const backoffice = await Backoffice.open(story.server, { as: { username: who.email, password: who.password } });
        await backoffice.goto(address);
        return { backoffice, page: backoffice.page };
    }

    const table = page => page.getByRole('region', { name: 'Table of unprocessed messages' });
    const messages = (page, n) => page.getByText(n === 1 ? /^1–1 of 1 messages$/ : new RegExp(`^1–${n} of ${n} messages$`)).waitFor();

    async function facet(page, label, option) {
        await page.getByRole('combobox', { name: label }).click();
        await page.getByRole('option', { name: option }).click();
    }

    it('S74 An owner sees his own, with counts by connector, component, error and flow; filters are in the address', async () => {
        const { backoffice, page } = await opened(ann);
        await messages(page, 4);
        assert.equal(await table(page).getByText('others').count(), 0);
        await backoffice.check('unprocessed');
        await facet(page, 'Error', 'CONNECTOR_MISSING (3)');
        await messages(page, 3);
        await facet(page, 'Flow', 'orders (3)');
        assert.match(page.url(), /error=CONNECTOR_MISSING&flow=/);
        await page.reload();
        await messages(page, 3);
        await backoffice.goto('/unprocessed?component=story.mail.core.Fail');
        await messages(page, 1);
        await backoffice.goto('/unprocessed?connector=story.none');
        await page.getByRole('heading', { name: 'No message matches' }).waitFor();
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await messages(page, 4);
        await backoffice.close();
    });

    it('S74 A message shows why it failed and what it holds, without secrets; it is exported the same way', async () => {
        const { backoffice, page } = await opened(ann, '/unprocessed?error=CONNECTOR_MISSING');
        await table(page).getByRole('button', { name: 'Open the message: CONNECTOR_MISSING' }).first().click();
        const dialog = page.getByRole('dialog', { name: 'Unprocessed message' });
        await dialog.getByText('"password": "(hidden)"').waitFor();
        await dialog.getByText('Install connector story.mail').waitFor();
        assert.equal(await page.getByText('very secret').count(), 0);
        await backoffice.check('unprocessed_message');
        const waiting = page.waitForEvent('download');
        await dialog.getByRole('button', { name: 'Export JSON' }).click();
        const text = fs.readFileSync(await (await waiting).path(), 'utf8');
        assert.equal(JSON.parse(text).length, 1);
        assert.doesNotMatch(text, /very secret/);
        await dialog.getByRole('button', { name: 'Close', exact: true }).click();
        await dialog.waitFor({ state: 'detached' });
        await backoffice.close();
    });

    it('S71 S74 An admin sees the messages of a flow that he names; a stranger does not', async () => {
        const backoffice = await Backoffice.open(story.server, { as: { username: 'admin@example.test', password: 'correct horse battery' } });
        await backoffice.goto(`/unprocessed?flow=${orders.flowId}`);
        await messages(backoffice.page, 3);
        await table(backoffice.page).getByText(ann.email).first().waitFor();
        await backoffice.check('unprocessed_of_a_flow');
        await backoffice.close();
        const other = await opened(bob, `/unprocessed?flow=${orders.flowId}`);
        await other.page.getByRole('alert').waitFor();
        assert.equal(await other.page.getByText('orders').count(), 0);
        await other.backoffice.close();
    });

    it('S70 S75 The connector is back: all that failed without it are put back, each once', async () => {
        const { backoffice, page } = await opened(ann);
        await messages(page, 4);
        await story.install('1.0.0');
        const replay = page.getByRole('button', { name: 'story.mail is back: replay 3' });
        await replay.waitFor();
        await backoffice.check('unprocessed_back');
        await replay.click();
        await page.getByText('3 messages were put back.').waitFor();
        await messages(page, 1);
        assert.deepEqual((await story.arrived('orders', 3)).map(({ n }) => n).sort(), ['1', '2', '3']);
        await page.getByRole('progressbar', { name: 'Putting messages back' }).waitFor();
        await page.reload();
        await page.getByText('3 messages were put back.').waitFor();
        await backoffice.check('unprocessed_put_back');
        await backoffice.close();
    });

    it('S75 Retry of those selected, of one whose flow is stopped, and deletion with a confirmation', async () => {
        const { backoffice, page } = await opened(ann);
        await messages(page, 1);
        const [{ messageId, flowId }] = await ann.get('/unprocessed-messages');
        await page.getByRole('checkbox', { name: 'Select all messages on this page' }).check();
        await page.getByRole('button', { name: 'Retry 1 message' }).click();
        await page.getByText('1 message was put back.').waitFor();
        // It fails again: a new entry.
        await until(async () => (await ann.get('/unprocessed-messages')).some(message => message.messageId !== messageId), 'the next failure');
        await ann.stopFlow(flowId);
        await page.getByRole('button', { name: 'Close', exact: true }).click();
        await table(page).getByRole('button', { name: /^Open the message/ }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
        await page.getByRole('dialog').getByText('The message was not put back; it stays here.').waitFor();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
        const one = page.getByRole('alertdialog', { name: 'Delete this message?' });
        await one.waitFor();
        await backoffice.check('unprocessed_delete_one');
        await one.getByRole('button', { name: 'Cancel' }).click();
        await one.waitFor({ state: 'hidden' });
        await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click();
        await page.getByRole('checkbox', { name: 'Select all messages on this page' }).check();
        await page.getByRole('button', { name: 'Delete', exact: true }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Delete 1 message?' });
        await dialog.waitFor();
        await backoffice.check('unprocessed_delete');
        await dialog.getByRole('button', { name: 'Delete 1 message' }).click();
        await page.getByRole('heading', { name: 'No unprocessed messages' }).waitFor();
        await backoffice.check('unprocessed_empty');
        assert.equal(await count(ann), 0);
        assert.equal(await count(bob), 1, 'the messages of others stay');
        await backoffice.close();
    });
});

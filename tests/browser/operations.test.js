'use strict';

/** The actions of a connector, and the pages of operations: install, progress, cancel, failure, rollback, activity. */

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { ADMIN } = require('../e2e/server');
const { until } = require('../e2e/rest_client');

/** Holds what asks it until the test lets one of them go on. */
class Gate {

    static async start() {
        const gate = new Gate();
        gate.held = [];
        gate.open = false;
        gate.server = http.createServer((request, response) => {
            if (gate.open) {
                response.end('{}');
            } else {
                gate.held.push(response);
            }
        });
        await new Promise(resolve => gate.server.listen(0, '127.0.0.1', resolve));
        gate.url = `http://127.0.0.1:${gate.server.address().port}`;
        return gate;
    }

    close() {
        this.open = false;
    }

    async letOne() {
        await until(() => this.held.length > 0, 'somebody at the gate');
        this.held.shift().end('{}');
    }

    letAll() {
        this.open = true;
        this.held.splice(0).forEach(response => response.end('{}'));
    }

    async stop() {
        this.letAll();
        this.server.closeAllConnections();
        await new Promise(resolve => this.server.close(resolve));
    }
}

/** Its flows take as long to stop as the gate wants. */
const slow = (version, gate, more = {}) => action({
    version, ...more,
    code: `'use strict';\nmodule.exports = {\n    async receive(context) { await context.sendJson({ ...context.messages.in.content, version: '${version}' }, 'out'); },\n    async stop(context) { await context.httpRequest({ url: '${gate.url}' }); }\n};\n`
});

const BREAKING = { '2.0.0': ['(breaking change) Send needs a recipient.'] };
const REQUIRED = { fields: { text: {}, to: {} }, required: ['to'] };

describe('Operations on connectors', () => {
    let story;
    let gate;
    let backoffice;
    let page;

    before(async () => {
        gate = await Gate.start();
        story = await Story.begin('browser-operations');
        await story.set('BULK_FLOWS_STOP_CONCURRENCY', 1);
        await story.offer(
            { version: '1.0.0', components: { Send: slow('1.0.0', gate) } },
            { version: '1.1.0', changelog: { '1.1.0': ['Faster.'] }, components: { Send: slow('1.1.0', gate) } },
            { version: '2.0.0', changelog: BREAKING, components: { Send: slow('2.0.0', gate, REQUIRED) } },
            { name: 'story.bad', version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } },
            { name: 'story.bad', version: '2.0.0', components: { Send: action({ code: 'this is no JavaScript' }) } }
        );
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
        await gate?.stop();
    });
    beforeEach(async () => {
        gate.letAll();
        await until(async () => (await story.admin.get('/connectors/operations?filter=status:in-progress')).length === 0, 'no operation');
        for (const { flowId } of await story.admin.get('/flows')) {
            await story.admin.stopFlow(flowId);
            await story.admin.delete(`/flows/${flowId}`);
        }
        gate.close();
    });

    const fresh = async version => {
        if (await story.version() !== undefined) {
            await story.done('DELETE', '/connectors/story.mail?confirm=true');
        }
        if (version !== undefined) {
            await story.install(version);
        }
    };
    const button = (name, exact = true) => page.getByRole('button', { name, exact });
    const offered = async () => (await page.getByRole('button', { name: /(Install|Update|Remove) Connector/ }).allTextContents()).map(text => text.trim());
    const running = async count => {
        for (let at = 1; at <= count; at += 1) {
            await story.flow(`flow ${at}`);
        }
    };
    const breaking = () => story.begun('POST', '/connectors/story.mail/update', { version: '2.0.0', confirmBreaking: true });

    it('S3 S15 S24 S27 Not installed: one button, which installs; two clicks are one installation', async () => {
        await fresh();
        const before = (await story.admin.get('/connectors/operations')).length;
        await backoffice.goto('/connectors/story.mail');
        await button('Install Connector').waitFor();
        assert.deepEqual(await offered(), ['Install Connector']);
        await backoffice.check('connector_not_installed');
        await button('Install Connector').dblclick();
        await page.getByText('See its access control').waitFor();
        assert.equal(await story.version(), '2.0.0');
        await button('Remove Connector').waitFor();
        assert.deepEqual(await offered(), ['Remove Connector']);
        await backoffice.check('connector_installed');
        assert.equal((await story.admin.get('/connectors/operations')).length, before + 1);
    });

    it('S24 S26 A version that does not load is not installed, and says why', async () => {
        await backoffice.goto('/connectors/story.bad');
        await button('Install Connector').click();
        const alert = page.getByRole('alert').filter({ hasText: 'failed' });
        await alert.waitFor();
        assert.equal(await story.version('story.bad'), undefined);
        await backoffice.check('connector_install_failed');
        await alert.getByRole('link', { name: 'Details of the operation' }).click();
        await page.getByText('This was not done').waitFor();
        await page.getByText('is not installed, as before').waitFor();
        await backoffice.check('operation_failed');
    });

    it('S15 S23 Outdated: update and remove; current: remove only', async () => {
        await fresh('1.0.0');
        await backoffice.goto('/connectors/story.mail');
        await button('Update Connector').waitFor();
        assert.deepEqual(await offered(), ['Update Connector', 'Remove Connector']);
        await page.getByRole('button', { name: 'More actions on story.mail' }).click();
        await page.getByRole('menuitem', { name: 'Roll back the last operation' }).waitFor();
        await page.getByRole('menuitem', { name: 'Install another version' }).waitFor();
        await backoffice.check('connector_actions_menu');
    });

    it('S5 Another browser, and a browser while REST installs, see it without reloading', async () => {
        await fresh();
        const other = await Backoffice.open(story.server, { as: ADMIN });
        await other.goto('/connectors/story.mail');
        await other.page.getByRole('button', { name: 'Install Connector' }).waitFor();
        await backoffice.goto('/connectors/story.mail/review?to=1.1.0');
        await button('Install').click();
        await page.getByText('story.mail is now 1.1.0').waitFor();
        await backoffice.check('operation_installed');
        await other.page.getByRole('button', { name: 'Remove Connector' }).waitFor();
        await story.done('DELETE', '/connectors/story.mail?confirm=true');
        await other.page.getByRole('button', { name: 'Install Connector' }).waitFor();
        await other.close();
    });

    it('S104 Progress shows how many flows have stopped, moves, and survives reloading the page', async () => {
        await fresh('1.0.0');
        await running(3);
        const ticket = await breaking();
        await backoffice.goto(`/operations/${ticket}`);
        const bar = page.getByRole('progressbar', { name: 'Flows that were stopped' });
        await gate.letOne();
        await page.locator('[role=progressbar][aria-valuetext="1 of 3 flows stopped"]').waitFor();
        await backoffice.check('operation_stopping');
        await page.reload();
        await bar.waitFor();
        assert.equal(await bar.getAttribute('aria-valuetext'), '1 of 3 flows stopped');
        await gate.letOne();
        await page.locator('[role=progressbar][aria-valuetext="2 of 3 flows stopped"]').waitFor();
        await backoffice.goto('/connectors/story.mail');
        await page.getByRole('progressbar').waitFor();
        assert.deepEqual(await offered(), []);
        await backoffice.check('connector_working');
        await page.getByRole('link', { name: /^Details of the/ }).click();
        await bar.waitFor();
        gate.letAll();
        await page.getByText('story.mail is now 2.0.0').waitFor();
        await page.getByText('3 flows were stopped').waitFor();
        await backoffice.check('operation_completed');
    });

    it('S101 An operation is cancelled before its switch: nothing was changed', async () => {
        await fresh('1.0.0');
        await running(2);
        await backoffice.goto(`/operations/${await breaking()}`);
        await gate.letOne();
        await page.locator('[role=progressbar][aria-valuetext="1 of 2 flows stopped"]').waitFor();
        const taken = page.waitForResponse(response => response.request().method() === 'DELETE' && response.url().includes('/connectors/operations/'));
        await button('Cancel the operation').click();
        await taken;  // else the stops may end, and the switch come, before the server hears of it
        gate.letAll();
        await page.getByText('Cancelled: nothing was changed').waitFor();
        await backoffice.check('operation_cancelled');
        assert.equal(await story.version(), '1.0.0');
        assert.deepEqual((await story.admin.get('/flows')).map(({ stage }) => stage), ['running', 'running']);
    });

    it('S111 A version that does not load: the old one and its flows stay, and the error is shown', async () => {
        await story.install('1.0.0', 'story.bad');
        await story.flow('of the bad one', { type: 'story.bad.core.Send' });
        await backoffice.goto('/connectors/story.bad/review?to=2.0.0');
        await button('Update and stop 1 flow').click();
        await page.getByRole('alertdialog').getByRole('button', { name: 'Update and stop 1 flow' }).click();
        await page.getByRole('alert').filter({ hasText: 'This was not done' }).waitFor();
        await page.getByText('story.bad stays at 1.0.0').waitFor();
        await backoffice.check('operation_update_failed');
        assert.equal(await story.version('story.bad'), '1.0.0');
        assert.deepEqual((await story.admin.get('/flows')).map(({ stage }) => stage), ['running']);
    });

    it('R25 A rollback is told before it is done, and brings back the version and its flows', async () => {
        await fresh('1.0.0');
        await running(1);
        gate.letAll();
        const ticket = await breaking();
        await story.ended(ticket);
        await backoffice.goto(`/operations/${ticket}`);
        await button('Roll back').click();
        const dialog = page.getByRole('alertdialog', { name: 'Roll back story.mail' });
        await dialog.getByText('story.mail goes back from 2.0.0 to 1.0.0').waitFor();
        await backoffice.check('rollback_dialog');
        await dialog.getByRole('button', { name: 'Roll back to 1.0.0' }).click();
        await page.getByRole('heading', { level: 1, name: 'Rollback of story.mail 2.0.0 → 1.0.0' }).waitFor();
        await page.getByText('story.mail is now 1.0.0').waitFor();
        await page.getByText('1 flow runs again').waitFor();
        await backoffice.check('operation_rolled_back');
        assert.equal(await story.version(), '1.0.0');
        assert.deepEqual((await story.admin.get('/flows')).map(({ stage }) => stage), ['running']);
        await page.getByRole('link', { name: 'The operation that it takes back' }).click();
        await page.getByRole('heading', { level: 1, name: 'Update of story.mail 1.0.0 → 2.0.0' }).waitFor();
        await button('Roll back').waitFor({ state: 'hidden' });  // the page has the operation from before, and asks anew
        assert.equal(await button('Roll back').count(), 0, 'it was taken back already');
    });

    it('R25 The last operation is rolled back from the menu, by keyboard only', async () => {
        await fresh('1.0.0');
        await story.update({ version: '1.1.0' });
        await backoffice.goto('/connectors/story.mail');
        await page.getByRole('button', { name: 'More actions on story.mail' }).focus();
        await page.keyboard.press('Enter');
        const item = page.getByRole('menuitem', { name: 'Roll back the last operation' });
        await item.waitFor();
        for (let presses = 0; presses < 5 && !await item.evaluate(element => element === document.activeElement); presses += 1) {
            await page.keyboard.press('ArrowDown');
        }
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('alertdialog', { name: 'Roll back story.mail' });
        await dialog.getByText('goes back from 1.1.0 to 1.0.0').waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.getByText('Rollback of story.mail 1.1.0 → 1.0.0 is done').waitFor();
        assert.equal(await story.version(), '1.0.0');
    });

    it('R25 A flow that cannot be started again is named: partial', async () => {
        const code = `'use strict';\nmodule.exports = {\n    async start(context) { await context.httpRequest({ url: '${story.sink.url}/start' }); },\n    async receive() {}\n};\n`;
        await story.offer(
            { name: 'story.shy', version: '1.0.0', components: { Send: action({ code }) } },
            { name: 'story.shy', version: '2.0.0', components: { Send: action({ code }) } }
        );
        await story.install('1.0.0', 'story.shy');
        const { flowId } = await story.flow('shy', { type: 'story.shy.core.Send' });
        await story.update({ version: '2.0.0', confirmBreaking: true }, 'story.shy');
        story.sink.answer = ({ url }) => url === '/start' ? { status: 500 } : {};
        const { ticket } = await story.rollback({}, 'story.shy');
        story.sink.answer = undefined;
        await backoffice.goto(`/operations/${ticket}`);
        await page.getByText('Done, but 1 flow did not start again').waitFor();
        assert.equal(await page.getByRole('link', { name: flowId }).getAttribute('href'), `/backoffice/flows/${flowId}`);
        await backoffice.check('operation_partial');
    });

    it('The activity lists operations, newest first, and filters stand in the address', async () => {
        await fresh('1.0.0');
        await running(1);
        const ticket = await breaking();
        await until(() => gate.held.length > 0, 'the flow to be stopping');
        await story.admin.delete(`/connectors/operations/${ticket}`);
        gate.letAll();
        await story.ended(ticket);
        await fresh('1.0.0');
        await backoffice.goto('/activity');
        const rows = page.getByRole('region', { name: 'Operations' }).getByRole('row');
        await rows.nth(1).getByRole('link', { name: 'Installation of story.mail 1.0.0' }).waitFor();
        await backoffice.check('activity');
        await page.getByRole('combobox', { name: 'Status' }).click();
        await page.getByRole('option', { name: 'Cancelled' }).click();
        await page.waitForURL(/status=cancelled/);
        const cancelled = page.getByRole('link', { name: 'Update of story.mail 1.0.0 → 2.0.0' }).first();
        await page.getByText('Installation of').first().waitFor({ state: 'detached' });
        await cancelled.waitFor();
        await page.reload();
        await cancelled.waitFor();
        assert.equal(await page.getByText('Installation of').count(), 0);
        await backoffice.goto('/activity?connector=no.such');
        await page.getByText('No operation is like that').waitFor();
        await backoffice.check('activity_nothing');
        await button('Clear the filters').click();
        await rows.nth(1).waitFor();
    });

    it('An operation that does not exist says so', async () => {
        await backoffice.goto('/operations/no-such-ticket');
        await page.getByRole('alert').filter({ hasText: 'could not be loaded' }).waitFor();
        await backoffice.check('operation_unknown');
    });
});

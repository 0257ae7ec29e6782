'use strict';

/** What one person does in a browser, another sees in his within five seconds, without reloading: by events, or by asking. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { ADMIN } = require('../e2e/server');

const LIVE_MS = 5000;

describe('A second browser', () => {
    let story;
    let first;
    let second;
    /** One that gets no stream of events, as behind an old proxy. */
    let asking;

    before(async () => {
        story = await Story.begin('second-browser');
        await story.offer({ version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } });
        first = await Backoffice.open(story.server, { as: ADMIN });
        second = await Backoffice.open(story.server, { as: ADMIN });
        asking = await Backoffice.open(story.server, { as: ADMIN });
        await asking.page.route('**/events', route => route.abort());
    });
    after(async () => {
        for (const backoffice of [first, second, asking]) {
            await backoffice?.close();
        }
        await Backoffice.end();
        await story?.end();
    });

    /** Both others on a page that is not loaded again from here on. */
    async function watch(address) {
        for (const { page } of [second, asking]) {
            await page.goto(`${story.server.url}/backoffice${address}`);
            await page.evaluate(() => { window.notReloaded = true; });
        }
    }
    async function notReloaded() {
        for (const { page } of [second, asking]) {
            assert.equal(await page.evaluate(() => window.notReloaded), true);
        }
    }

    it('S5 Sees an install', async () => {
        const badge = ({ page }) => page.locator('a[href="/backoffice/connectors/story.mail"]').getByText('Installed', { exact: true });
        await watch('/connectors');
        for (const { page } of [second, asking]) {
            await page.locator('a[href="/backoffice/connectors/story.mail"]').waitFor();
        }
        assert.equal(await badge(second).count() + await badge(asking).count(), 0);
        await first.goto('/connectors/story.mail');
        await first.page.getByRole('button', { name: 'Install Connector' }).click();
        await first.page.getByRole('button', { name: 'Remove Connector' }).waitFor();
        await badge(second).waitFor({ timeout: LIVE_MS });
        await badge(asking).waitFor();
        await notReloaded();
    });

    it('Sees a start and a stop', async () => {
        const flow = await story.flow('Greetings', { start: false });
        const stage = ({ page }, name) => page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Greetings' }) }).getByText(name, { exact: true });
        await watch('/flows');
        await stage(second, 'Stopped').waitFor();
        await stage(asking, 'Stopped').waitFor();
        await first.goto(`/flows/${flow.flowId}`);
        for (const [command, undone, now] of [['Start', 'Stop', 'Running'], ['Stop', 'Start', 'Stopped']]) {
            await first.page.getByRole('button', { name: command, exact: true }).click();
            await first.page.getByRole('button', { name: undone, exact: true }).waitFor();
            await stage(second, now).waitFor({ timeout: LIVE_MS });
            await stage(asking, now).waitFor();
        }
        await notReloaded();
    });
});

'use strict';

/** Removing a connector: what the dialog says, what the choices do, and the way back. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { bundleZip } = require('../e2e/bundle_zip');
const { ADMIN } = require('../e2e/server');

const MAIL = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } };
const NEWER = { version: '1.1.0', components: { Send: action({ version: '1.1.0' }) } };

describe('Removing a connector', () => {
    let story;
    let admin;
    let backoffice;
    let page;

    before(async () => {
        story = await Story.begin('browser-removal');
        admin = story.admin;
        await story.offer(MAIL);
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });
    beforeEach(async () => {
        for (const { flowId } of await admin.get('/flows')) {
            await admin.stopFlow(flowId);
            await admin.delete(`/flows/${flowId}`);
        }
        if (await story.version() === undefined) {
            await story.install('1.0.0');
        }
    });

    const button = (name, within = page) => within.getByRole('button', { name, exact: true });
    const dialog = (name = 'story.mail') => page.getByRole('alertdialog', { name: `Remove ${name}` });
    const open = async (name = 'story.mail') => {
        await backoffice.goto(`/connectors/${name}`);
        await button('Remove Connector').click();
        await dialog(name).getByText('kept in the trash for 30 days').waitFor();
    };

    it('S45 S48 Without flows the dialog says 0, and one click removes it', async () => {
        await open();
        await dialog().getByText('No flow uses it: 0 running, 0 stopped.').waitFor();
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Cancel');
        await backoffice.check('remove_unused');
        await button('Remove', dialog()).click();
        await button('Install Connector').waitFor();
        await page.getByText('Removal of story.mail 1.0.0 is done').waitFor();
        assert.equal(await story.version(), undefined);
        assert.ok(!('story.mail' in await admin.get('/apps')), 'S46');
    });

    it('S101 Escape changes nothing', async () => {
        await open();
        await page.keyboard.press('Escape');
        await dialog().waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement.textContent === 'Remove Connector');
        assert.equal(await story.version(), '1.0.0');
    });

    it('S48 S49 It names how many running flows break, and removes anyway: they run on and fail when triggered', async () => {
        const flow = await story.flow('runs-on');
        await story.flow('stopped one', { start: false });
        await open();
        await dialog().getByText('1 running flow will break.').waitFor();
        await dialog().getByText('2 flows of 1 owner use it: 1 running, 1 stopped.').waitFor();
        await dialog().getByRole('link', { name: 'runs-on' }).waitFor();
        await backoffice.check('remove_in_use');
        await dialog().getByRole('radio', { name: 'Remove anyway' }).check();
        await button('Remove, 1 flow will fail', dialog()).click();
        await button('Install Connector').waitFor();
        assert.equal(await story.stage(flow.flowId), 'running');
        assert.deepEqual((await admin.logs(flow.flowId)).filter(({ severity }) => severity === 'error'), []);
        await flow.call(1);
        await admin.logged(flow.flowId, ({ severity }) => severity === 'error', 'the error of the missing component');
        await button('Install Connector').click();
        await button('Remove Connector').waitFor();
        assert.equal((await story.arrived('runs-on', 1))[0].n, '1', 'what waited goes on');
    });

    it('S45 T8 It stops them first when asked to, and keeps what waits', async () => {
        const flow = await story.flow('stops');
        await open();
        await button('Stop 1 flow and remove', dialog()).click();
        await button('Install Connector').waitFor();
        assert.equal(await story.stage(flow.flowId), 'stopped');
        assert.equal(await story.version(), undefined);
    });

    it('S46 A custom connector says that its zip has to be downloaded first, and gives it', async () => {
        const published = await admin.publish(bundleZip('story.own', MAIL));
        assert.equal(published.err, undefined, JSON.stringify(published));
        await open('story.own');
        await dialog('story.own').getByText('It cannot be installed again from the catalogue; download the zip first.').waitFor();
        const [download] = await Promise.all([page.waitForEvent('download'), button('Download the zip', dialog('story.own')).click()]);
        assert.equal(download.suggestedFilename(), 'story.own-1.0.0.zip');
        await backoffice.check('remove_custom');
        const bytes = fs.readFileSync(await download.path());
        await button('Remove', dialog('story.own')).click();
        await page.getByRole('heading', { level: 1, name: 'Removal of story.own 1.0.0' }).waitFor();
        await page.getByText('story.own is removed').waitFor();
        assert.equal((await admin.publish(bytes)).err, undefined, 'S14: it can be published again');
    });

    it('What was removed or replaced is in the trash and comes back from it', async () => {
        await story.done('DELETE', '/connectors/story.mail?confirm=true');
        await backoffice.goto('/updates?tab=trash');
        await page.getByRole('region', { name: 'Trash' }).waitFor();
        await backoffice.check('trash');
        await button('Restore story.mail 1.0.0').click();
        await page.getByText('story.mail is now 1.0.0').waitFor();
        assert.equal(await story.version(), '1.0.0');
    });

    it('R25 A removal is rolled back from its page', async () => {
        const { ticket } = await story.done('DELETE', '/connectors/story.mail?confirm=true');
        await backoffice.goto(`/operations/${ticket}`);
        await page.getByText('story.mail is removed').waitFor();
        await button('Roll back').click();
        const rollback = page.getByRole('alertdialog', { name: 'Roll back story.mail' });
        await rollback.getByText('story.mail 1.0.0 is brought back.').waitFor();
        await button('Bring back 1.0.0', rollback).click();
        await page.getByText('story.mail is now 1.0.0').waitFor();
        assert.equal(await story.version(), '1.0.0');
    });

    it('A restore that breaks running flows asks first', async () => {
        await story.offer(NEWER, { version: '2.0.0', components: { Send: action({ version: '2.0.0' }) } });
        await story.update({ version: '2.0.0', confirmBreaking: true });
        await story.flow('on two');
        await backoffice.goto('/updates?tab=trash');
        await button('Restore story.mail 1.0.0').click();
        const asked = page.getByRole('alertdialog', { name: 'Breaking change in story.mail 1.0.0' });
        await asked.getByText('1 automation and 0 integrations').waitFor();
        await button('Update and stop 1 flow', asked).click();
        await page.getByText('story.mail is now 1.0.0').waitFor();
    });
});

'use strict';

/** The page of pending updates: the risk of each, and all safe ones in one go. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { until } = require('../e2e/rest_client');
const { ADMIN } = require('../e2e/server');

const NAMES = ['story.mail', 'story.notes', 'story.sheets'];
const version = (name, number, more = {}) => ({ name, version: number, components: { Send: action({ version: number, ...more }) } });

describe('Pending updates', () => {
    let story;
    let backoffice;
    let page;

    before(async () => {
        story = await Story.begin('browser-updates');
        await story.offer(...NAMES.map(name => version(name, '1.0.0')));
        for (const name of NAMES) {
            await story.install('1.0.0', name);
        }
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });

    const row = name => page.getByRole('region', { name: 'Pending updates' }).getByRole('row').filter({ hasText: name });

    it('S8 Everything is up to date: it says so; "Check now" reads the catalogues anew', async () => {
        await backoffice.goto('/updates');
        await page.getByText('Everything is up to date').waitFor();
        await backoffice.check('updates_none');
        // Written beside the server, which has not read it yet.
        story.catalogue.add('story.mail', version('story.mail', '1.1.0'));
        story.catalogue.add('story.notes', version('story.notes', '1.1.0'));
        story.catalogue.add('story.sheets', { ...version('story.sheets', '2.0.0', { fields: { text: {}, to: {} }, required: ['to'] }), changelog: { '2.0.0': ['(breaking change) A recipient.'] } });
        await page.getByRole('button', { name: 'Check now' }).click();
        await row('story.mail').waitFor();
    });

    it('Each row tells its risk by its plan; only safe ones can be chosen', async () => {
        const flow = await story.flow('hit', { type: 'story.sheets.core.Send' });
        await backoffice.goto('/updates');
        await row('story.sheets').getByText('Declared breaking').waitFor();
        await row('story.sheets').getByText('1 Needs owner').waitFor();
        await row('story.sheets').getByText('1 running, 0 stopped').waitFor();
        await row('story.mail').getByText('Safe', { exact: true }).waitFor();
        assert.equal(await page.getByRole('checkbox', { name: 'Select story.sheets' }).isDisabled(), true);
        await page.getByRole('checkbox', { name: 'Select story.mail' }).check();
        const all = page.getByRole('checkbox', { name: 'Select all safe updates' });
        assert.equal(await all.evaluate(box => box.indeterminate), true);
        await backoffice.check('updates');
        await row('story.sheets').getByRole('link', { name: 'Review story.sheets' }).click();
        await page.getByRole('heading', { level: 1, name: 'Review the update of story.sheets' }).waitFor();
        assert.equal(await story.stage(flow.flowId), 'running');
    });

    it('S94 S105 All safe ones are updated in one go, each an operation; what breaks stays', async () => {
        await backoffice.goto('/updates');
        await row('story.notes').getByText('Safe', { exact: true }).waitFor();
        await row('story.mail').getByText('Safe', { exact: true }).waitFor();
        await page.getByRole('checkbox', { name: 'Select all safe updates' }).check();
        await page.getByRole('button', { name: 'Update 2 safe connectors' }).click();
        const begun = page.getByRole('region', { name: 'Begun here' });
        await begun.getByRole('listitem').filter({ hasText: 'Update of story.mail 1.0.0 → 1.1.0' }).getByText('Done').waitFor();
        await begun.getByRole('listitem').filter({ hasText: 'Update of story.notes 1.0.0 → 1.1.0' }).getByText('Done').waitFor();
        await row('story.mail').waitFor({ state: 'detached' });
        await row('story.sheets').waitFor();
        await backoffice.check('updates_done');
        assert.deepEqual(await Promise.all(NAMES.map(name => story.version(name))), ['1.1.0', '1.1.0', '1.0.0']);
    });

    it('A row is updated by itself, after its changelog', async () => {
        await story.offer(version('story.mail', '1.2.0'));
        await backoffice.goto('/updates');
        await page.getByRole('button', { name: 'Update story.mail' }).click();
        const dialog = page.getByRole('dialog', { name: 'Update story.mail' });
        await dialog.getByText('First version.').waitFor();
        await dialog.getByRole('button', { name: 'Update', exact: true }).click();
        await page.getByRole('region', { name: 'Begun here' }).getByText('Done').waitFor();
        assert.equal(await story.version(), '1.2.0');
    });

    it('Once begun, all go on without the page', async () => {
        await story.offer(version('story.mail', '1.3.0'), version('story.notes', '1.3.0'));
        await backoffice.goto('/updates');
        await row('story.notes').getByText('Safe', { exact: true }).waitFor();
        await row('story.mail').getByText('Safe', { exact: true }).waitFor();
        await page.getByRole('checkbox', { name: 'Select all safe updates' }).check();
        await page.getByRole('button', { name: 'Update 2 safe connectors' }).click();
        await page.getByRole('region', { name: 'Begun here' }).getByRole('link').nth(1).waitFor();
        await page.goto('about:blank');
        await until(async () => (await Promise.all(['story.mail', 'story.notes'].map(name => story.version(name)))).every(now => now === '1.3.0'), 'both updates');
    });

    it('A catalogue that cannot be read is told of', async () => {
        await story.set('CONNECTOR_CATALOGUE_URL', [story.catalogue.folder, '/no/such/folder']);
        await backoffice.goto('/updates');
        await page.getByText('Not all catalogues could be read').waitFor();
        await backoffice.check('updates_catalogue_error');
    });
});

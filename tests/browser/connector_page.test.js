'use strict';

/** A connector's page: what it is, who may use it, how it is set up, what was and will be (S12-S23, S42, S89). */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const person = require('../e2e/people');
const { ADMIN } = require('../e2e/server');
const { Story, action } = require('../e2e/connector_story');

const DESCRIPTION = `Cards and boards of **Trello**. <script>window.hacked = true</script> [Bad](javascript:alert(1)) ![](http://127.0.0.1:9/pixel.png)\n\n${'It goes on. '.repeat(40)}The end.`;
const README = '# Trello\n\nRegister an application at `trello.example` first.';
const TRIGGER = { manifest: { inPorts: undefined, tick: true, label: 'New card', description: 'Starts a flow for each new card.' }, code: 'module.exports = { async tick() {} };' };
const AUTH = "module.exports = { type: 'oauth2', definition: { accountNameFromProfileInfo: 'name', authUrl: 'https://trello.example', requestAccessToken() {}, requestProfileInfo() {}, validateAccessToken() {} } };";
const SERVICE = JSON.stringify({ name: 'story.trello', label: 'Trello', category: 'applications', description: DESCRIPTION, icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCI+PHJlY3Qgd2lkdGg9IjI0IiBoZWlnaHQ9IjI0IiBmaWxsPSIjMDA3OWJmIi8+PC9zdmc+' });

const trello = version => ({
    name: 'story.trello', version,
    changelog: { '2.1.3': ['First version.'], '2.1.4': ['Faster.'], '2.2.0': ['Due dates.'], '3.0.0': ['(breaking change) Cards have another port.', 'New colours.'] },
    components: {
        CreateCard: action({ version, auth: { service: 'story:trello' } }),
        NewCard: TRIGGER,
        Hidden: { manifest: { private: true }, code: 'module.exports = {};' }
    },
    extra: { 'story/trello/service.json': SERVICE, 'story/trello/README.md': README, 'story/trello/auth.js': AUTH }
});
const rule = (role, resource) => ({ role, resource, action: ['*'], attributes: ['non-private'] });

describe('A connector\'s page', () => {
    let story;
    let admin;
    let backoffice;
    let page;

    const section = async (id, heading) => {
        await backoffice.goto(`/connectors/story.trello?section=${id}`);
        await page.getByRole('heading', { level: 2, name: heading }).waitFor();
    };
    const cells = async label => {
        const table = page.getByRole('table', { name: label });
        await table.waitFor();
        return table.getByRole('row').evaluateAll(rows => rows.slice(1).map(row => [...row.cells].map(cell => cell.textContent)));
    };

    before(async () => {
        story = await Story.begin('connector-page');
        admin = story.admin;
        await story.offer(trello('2.1.3'), trello('2.1.4'), trello('2.2.0'), trello('3.0.0'), { name: 'story.other', version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } });
        await story.install('2.1.3', 'story.trello');
        await story.update({ version: '2.1.4' }, 'story.trello');
        await story.flow('uses trello', { type: 'story.trello.core.CreateCard', start: false });
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });

    it('S12 S22 S23 The description in full and harmless, both versions, the documentation and whether it must be set up', async () => {
        await backoffice.goto('/connectors/story.trello');
        await page.getByRole('heading', { level: 1, name: 'Trello' }).waitFor();
        await page.getByText('installed 2.1.4 – latest 3.0.0', { exact: true }).waitFor();
        await page.getByText('The end.').waitFor();
        assert.equal(await page.locator('strong', { hasText: 'Trello' }).count(), 1);
        assert.equal(await page.evaluate(() => window.hacked), undefined);
        await page.getByText('Bad').waitFor();
        assert.equal(await page.getByRole('link', { name: 'Bad' }).count(), 0);
        await page.getByText('Register an application at').waitFor();
        await page.getByText('Extra configuration is needed').waitFor();
        await backoffice.check('connector_description');
    });

    it('S13 The download is a zip named after id and version, with the vendor as its root', async () => {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as zip' }).click()]);
        assert.equal(download.suggestedFilename(), 'story.trello-2.1.4.zip');
        const bytes = fs.readFileSync(await download.path());
        assert.equal(bytes.subarray(0, 2).toString(), 'PK');
        assert.ok(bytes.includes('story/trello/bundle.json'));
    });

    it('S16 S17 Every component that is not private, with its description, as action or trigger', async () => {
        await section('components', 'Components');
        await page.getByText('1 action, 1 trigger; 1 more that only other components use').waitFor();
        const list = page.getByRole('list', { name: 'Components' });
        await list.getByRole('listitem').filter({ hasText: 'New card' }).getByText('Trigger', { exact: true }).waitFor();
        await list.getByText('Starts a flow for each new card.').waitFor();
        await list.getByRole('listitem').filter({ hasText: 'CreateCard' }).getByText('Action', { exact: true }).waitFor();
        assert.equal(await list.getByText('Hidden').count(), 0);
        await backoffice.check('connector_components');
        await page.getByLabel('Search components').fill('card');
        await page.getByText('Triggers', { exact: true }).click();
        await list.getByText('CreateCard').first().waitFor({ state: 'detached' });
        assert.equal(await list.getByRole('listitem').count(), 1);
    });

    it('S21 The changelog, newest first; what is newer than installed is new, what breaks is breaking', async () => {
        await section('changelog', 'Changelog');
        const entries = page.getByRole('list', { name: 'Changelog' }).locator(':scope > li');
        await entries.first().waitFor();
        assert.deepEqual(await entries.locator('h3').allTextContents(), ['3.0.0', '2.2.0', '2.1.4', '2.1.3']);
        const marks = await entries.evaluateAll(all => all.map(entry => ['New', 'Breaking', 'Installed'].filter(mark => [...entry.querySelectorAll('[class*=Badge-label]')].some(({ textContent }) => textContent === mark))));
        assert.deepEqual(marks, [['New', 'Breaking'], ['New'], ['Installed'], []]);
        await page.getByText('Breaking change: Cards have another port.').waitFor();
        await backoffice.check('connector_changelog');
    });

    it('S19 S20 S42 The rules that apply and who can use it by which of them; one changed here is a rule of System → ACL, and the reverse', async () => {
        const before = await admin.get('/acl/components');
        const ann = await person(admin);
        await admin.post('/acl/components', [rule('user', '*'), rule('tester', 'story.trello.*'), rule(ann.email, 'story.trello.core.CreateCard'), rule('user', 'story.other.*')]);
        try {
            await section('access', 'Access Control');
            assert.deepEqual((await cells('Rules that apply')).map(row => row.slice(1, 4)), [['user', '*', '*'], ['tester', 'story.trello.*', '*'], [ann.email, 'story.trello.core.CreateCard', '*']]);
            await page.getByText('All users can use this connector.').waitFor();
            const who = Object.fromEntries((await cells('Who can use it')).map(([role, can, why]) => [role, [can, why]]));
            assert.deepEqual(who.user, ['Yes', '1: user * *']);
            assert.deepEqual(who.tester, ['Yes', '2: tester story.trello.* *']);
            await backoffice.check('connector_access');

            await page.getByLabel('Access of user').selectOption('Deny');
            await page.getByRole('button', { name: 'Save access' }).click();
            await page.getByText('The access rules were saved.').waitFor();
            const rules = await admin.get('/acl/components');
            assert.deepEqual(rules.at(-1), { role: 'user', resource: 'story.trello.*', action: ['!*'], attributes: ['*'] });
            assert.equal(rules.length, 5);
            await page.getByText('Some users can use this connector').waitFor();
            assert.ok(!Object.keys(await ann.get('/apps')).includes('story.trello'), 'the Designer agrees');

            await page.getByRole('combobox', { name: 'Person', exact: true }).fill(ann.email);
            await page.getByRole('option', { name: ann.email }).click();
            await page.getByText('Cannot use this connector and does not see it in the Designer.').waitFor();

            await admin.post('/acl/components', [rule('user', 'story.trello.*')]);
            await page.getByLabel('Access of tester').selectOption('Deny');
            await page.getByRole('button', { name: 'Save access' }).click();
            await page.getByText('Somebody has changed them since you opened this page.').waitFor();
            assert.deepEqual(await admin.get('/acl/components'), [rule('user', 'story.trello.*')], 'nothing was written over');
            await page.getByRole('button', { name: 'Show the rules as they are' }).click();
            // It goes when the rules have been read again.
            await page.getByText('Somebody has changed them since you opened this page.').waitFor({ state: 'detached' });
            assert.equal((await cells('Rules that apply')).length, 1);
        } finally {
            await admin.post('/acl/components', before);
        }
    });

    it('S18 Settings of the service are edited here and persist; secrets are not shown; the required ones are named', async () => {
        await admin.put('/service-config/story:trello', { sandbox: true });
        await section('configuration', 'Configuration');
        await page.getByLabel('clientId', { exact: true }).fill('abc');
        await page.getByLabel('clientSecret', { exact: true }).fill('hidden');
        assert.equal(await page.getByLabel('clientSecret', { exact: true }).getAttribute('type'), 'password');
        await page.getByRole('button', { name: 'Add a setting' }).click();
        await backoffice.check('connector_configuration');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Give the setting a name of its own.').waitFor();
        await page.getByLabel('Name').fill('region');
        await page.getByLabel('Value').fill('eu');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('Configured: clientId and clientSecret are set').waitFor();
        assert.deepEqual(await admin.get('/service-config/story:trello'), { serviceId: 'story:trello', sandbox: true, clientId: 'abc', clientSecret: 'hidden', region: 'eu' });
        await page.reload();
        assert.equal(await page.getByLabel('region', { exact: true }).inputValue(), 'eu');
    });

    it('Usage: flows by name with their owner, and the way to all of them', async () => {
        await section('usage', 'Usage');
        assert.deepEqual((await cells('Flows that use it')).map(row => [row[0], row[2], row[3]]), [['uses trello', 'stopped', 'core.CreateCard']]);
        assert.equal(await page.getByRole('link', { name: 'All flows that use it' }).getAttribute('href'), '/backoffice/flows?connector=story.trello');
        await backoffice.check('connector_usage');
    });

    it('Versions: each with the way to its review; the activity: who did what', async () => {
        await section('versions', 'Versions');
        assert.deepEqual((await cells('Versions')).map(row => row[0]), ['3.0.0', '2.2.0', '2.1.4', '2.1.3']);
        assert.equal(await page.getByRole('link', { name: 'Update to 3.0.0' }).getAttribute('href'), '/backoffice/connectors/story.trello/review?to=3.0.0');
        await page.getByRole('link', { name: 'Downgrade to 2.1.3' }).waitFor();
        await backoffice.check('connector_versions');
        await section('activity', 'Activity');
        await page.getByRole('table', { name: 'Activity' }).getByText(ADMIN.username).first().waitFor();
        assert.ok((await cells('Activity')).some(([, , what, change]) => what === 'update' && change === '2.1.3 → 2.1.4'));
        await backoffice.check('connector_activity');
    });

    it('S3 S10 One that is not installed says so, without sections that need it installed; an unknown one is a 404', async () => {
        await backoffice.goto('/connectors/patchbay.rss');
        await page.getByText('not installed – latest 1.0.0', { exact: true }).waitFor();
        assert.equal(await page.getByRole('tab', { name: 'Access Control' }).count(), 0);
        await page.getByRole('tab', { name: 'Components' }).click();
        await page.getByRole('list', { name: 'Components' }).getByText('Trigger', { exact: true }).waitFor();
        await page.waitForURL(/\?section=components$/);
        await backoffice.check('connector_not_installed');
        await backoffice.goto('/connectors/no.such');
        await page.getByText('There is no connector “no.such” (404)').waitFor();
        await backoffice.check('connector_unknown');
    });

    it('S124 Who is no administrator is refused', async () => {
        const plain = await person(admin);
        const other = await Backoffice.open(story.server, { as: { username: plain.email, password: plain.password } });
        await other.goto('/connectors/story.trello');
        await other.page.getByText('403').waitFor();
        await other.close();
    });
});

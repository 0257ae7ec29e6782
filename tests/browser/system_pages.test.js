'use strict';

/** Configuration, users, quotas, catalogue sources, audit and health in the Backoffice; what is edited persists and counts. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { bundleZip } = require('../e2e/bundle_zip');
const CatalogueFolder = require('../e2e/catalogue_folder');
const person = require('../e2e/people');
const { Server, ADMIN } = require('../e2e/server');

const QUOTA = "'use strict';\nmodule.exports = { rules: [{ limit: 5, window: 1000, resource: 'calls', queueing: 'fifo' }] };\n";
const CODE = "'use strict';\nmodule.exports = { async receive() {} };\n";
const PASSWORD = 'a new fine password';

describe('The system\'s pages', () => {

    let server;
    let admin;
    let owner;
    let backoffice;
    let page;

    const config = async key => (await admin.get('/config')).find(pair => pair.key === key)?.value;
    const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog')).filter({ visible: true });

    before(async () => {
        server = await Server.start({ args: ['--empty'], name: 'system-pages' });
        admin = await server.admin();
        const bundle = { components: { Do: { manifest: { quota: { manager: 'pages:mail', resources: 'calls' } }, code: CODE } }, extra: { 'pages/mail/quota.js': QUOTA } };
        assert.equal((await admin.publish(bundleZip('pages.mail', bundle))).err, undefined);
        owner = await person(admin);
        backoffice = await Backoffice.open(server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await server?.stop();
    });

    it('A setting is added with its type, told in words, counts at once, and is removed', async () => {
        await backoffice.goto('/system/configuration');
        await page.getByText('API_USER_CREATE_SCOPE').waitFor();
        await page.getByRole('button', { name: 'Add a setting' }).click();
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().getByText('Name the key.').waitFor();
        await backoffice.check('configuration_dialog');
        await dialog().getByRole('combobox', { name: 'Key' }).fill('LIMIT_WEBHOOK_BYTES');
        await dialog().getByRole('textbox', { name: 'Value' }).fill('many');
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().getByText('This must be a number.').waitFor();
        await dialog().getByRole('textbox', { name: 'Value' }).fill('2048');
        await dialog().getByText('= 2 KiB').waitFor();
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.equal(await config('LIMIT_WEBHOOK_BYTES'), 2048);
        const hook = `/flows/${'0'.repeat(8)}/components/x`;
        assert.equal((await server.client().call('POST', hook, { body: 'x'.repeat(4000), headers: { 'content-type': 'text/plain' } })).status, 413);
        await page.reload();
        await page.getByText('Largest call of a webhook.').waitFor();
        await backoffice.check('configuration');
        await page.getByRole('button', { name: 'Remove LIMIT_WEBHOOK_BYTES' }).click();
        await dialog().getByText('Then this counts: 1048576.').waitFor();
        await backoffice.check('configuration_remove');
        await dialog().getByRole('button', { name: 'Remove the setting' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.equal(await config('LIMIT_WEBHOOK_BYTES'), undefined);
    });

    it('Secrets are hidden until they are asked for; the signing secret is never there', async () => {
        await admin.post('/config', { key: 'METRICS_TOKEN', value: 'a token of some length' });
        await backoffice.goto('/system/configuration?show=all&q=token');
        await page.getByText('METRICS_TOKEN').waitFor();
        assert.equal(await page.getByText('a token of some length').count(), 0);
        await page.getByRole('button', { name: 'Show the value of METRICS_TOKEN' }).click();
        await page.getByText('a token of some length').waitFor();
        await page.getByRole('textbox', { name: 'Search settings' }).fill('JWTSecret');
        await page.getByText('No such setting').waitFor();
    });

    it('S18 S32 Credentials of a service are written, kept with their types, and removed', async () => {
        await backoffice.goto('/system/configuration?tab=services');
        await page.getByText('No service has settings of its own').waitFor();
        await backoffice.check('services_empty');
        await page.getByRole('button', { name: 'Add settings of a service' }).click();
        await dialog().getByRole('combobox', { name: 'Service' }).fill('pages:mail');
        await dialog().getByLabel('Value of clientId').fill('my-client');
        await dialog().getByLabel('Value of clientSecret', { exact: true }).fill('very secret');
        await backoffice.check('services_dialog');
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.deepEqual(await admin.get('/service-config/pages:mail'), { serviceId: 'pages:mail', clientId: 'my-client', clientSecret: 'very secret' });
        await page.getByText('my-client').waitFor();
        assert.equal(await page.getByText('very secret').count(), 0);
        await backoffice.check('services');
        await admin.put('/service-config/pages:mail', { clientId: 'my-client', sandbox: true });
        await page.reload();
        await page.getByRole('button', { name: 'Change the settings of pages:mail' }).click();
        await dialog().getByLabel('Value of clientId').fill('another');
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.deepEqual(await admin.get('/service-config/pages:mail'), { serviceId: 'pages:mail', clientId: 'another', sandbox: true });
        await page.getByRole('button', { name: 'Remove the settings of pages:mail' }).click();
        await dialog().waitFor();
        await backoffice.check('services_remove');
        await dialog().getByRole('button', { name: 'Remove the settings' }).click();
        await page.getByText('No service has settings of its own').waitFor();
        assert.deepEqual(await admin.get('/service-config'), []);
    });

    it('A user is added, found, changed, gets a new password and is deleted, with the removal\'s progress', async () => {
        await backoffice.goto('/system/users');
        await page.getByRole('button', { name: 'Add a user' }).click();
        await dialog().getByLabel('E-mail').fill('ann@people.test');
        await dialog().getByRole('textbox', { name: 'Password', exact: true }).fill('abc');
        await dialog().getByRole('button', { name: 'Add the user' }).click();
        await dialog().getByText('At least 5 characters.').waitFor();
        await backoffice.check('user_dialog');
        await dialog().getByRole('textbox', { name: 'Password', exact: true }).fill('abcdef');
        await dialog().getByRole('button', { name: 'Add the user' }).click();
        await dialog().waitFor({ state: 'hidden' });
        await server.client().signIn('ann@people.test', 'abcdef');

        await page.getByRole('textbox', { name: 'Search by name or e-mail' }).fill('ann@');
        await page.getByText('1 user found').waitFor();
        assert.equal(new URL(page.url()).searchParams.get('q'), 'ann@');
        await backoffice.check('users');

        const menu = async () => {
            await page.getByRole('button', { name: 'Actions for ann@people.test' }).click();
            await page.getByRole('menuitem', { name: 'Change', exact: true }).waitFor();
        };
        const act = async action => {
            await menu();
            await page.getByRole('menuitem', { name: action, exact: true }).click();
            await dialog().waitFor();
        };
        await menu();
        await backoffice.check('user_menu');
        await page.keyboard.press('Escape');
        await act('Change');
        await backoffice.check('user_change');
        await dialog().getByLabel('Scopes').fill('tester');
        await dialog().getByLabel('Scopes').press('Enter');
        await dialog().getByLabel('Vendors').fill('acme');
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'hidden' });
        const [ann] = await admin.get('/users?pattern=ann@');
        assert.deepEqual([ann.scope, ann.vendor], [['user', 'tester'], ['acme']]);

        await act('Set a new password');
        await dialog().getByRole('button', { name: 'Set the password' }).click();
        await dialog().getByText('At least 5 characters.').waitFor();
        await backoffice.check('user_password');
        await dialog().getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
        await dialog().getByRole('button', { name: 'Set the password' }).click();
        await dialog().waitFor({ state: 'hidden' });
        await server.client().signIn('ann@people.test', PASSWORD);

        await act('Delete');
        await backoffice.check('user_delete');
        await dialog().getByRole('button', { name: 'Delete the user' }).click();
        await page.getByText('Deleted: ann@people.test', { exact: true }).waitFor();
        await page.getByText('Nobody’s name or e-mail contains “ann@”.').waitFor();
        await backoffice.check('user_deleted');
        assert.equal((await admin.call('GET', `/users/${ann.id}`)).status, 404);
    });

    it('A quota is changed for all at once, a wrong one is refused in words, and the shipped one comes back', async () => {
        const quota = async () => (await admin.get('/quota')).find(({ name }) => name === 'pages:mail');
        await backoffice.goto('/system/quotas');
        await page.getByText('Shipped', { exact: true }).waitFor();
        await backoffice.check('quotas');
        await page.getByRole('button', { name: 'Change pages:mail' }).click();
        const rules = dialog().getByRole('textbox', { name: 'Rules' });
        await rules.fill('module.exports = {};');
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().getByRole('alert').waitFor();
        await backoffice.check('quota_refused');
        assert.equal((await quota()).isCustom, null);
        await rules.fill(QUOTA.replace('limit: 5', 'limit: 50'));
        await dialog().getByRole('button', { name: 'Save' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.match((await quota()).source, /limit: 50/);
        await page.getByText('Changed here').waitFor();
        await page.getByRole('button', { name: 'Back to the shipped rules of pages:mail' }).click();
        await dialog().waitFor();
        await backoffice.check('quota_shipped');
        await dialog().getByRole('button', { name: 'Use the shipped rules' }).click();
        await page.getByText('Shipped', { exact: true }).waitFor();
        assert.equal((await quota()).source, QUOTA);
    });

    it('A catalogue folder is added, read, told of when it breaks, and removed', async () => {
        const catalogue = new CatalogueFolder(path.join(server.folder, 'catalogue'));
        catalogue.add('offered.crm', { version: '1.0.0', components: { Do: { code: CODE } } });
        await backoffice.goto('/system/catalogue');
        const field = page.getByRole('textbox', { name: 'Add a folder' });
        const add = page.getByRole('button', { name: 'Add', exact: true });
        await field.fill('https://example.com/index.json');
        await add.click();
        await page.getByText('Addresses of the web are not read yet.').waitFor();
        await field.fill(catalogue.folder);
        await add.click();
        await page.getByText(/is on offer/).waitFor();
        assert.deepEqual(await config('CONNECTOR_CATALOGUE_URL'), [catalogue.folder]);
        assert.equal((await admin.get('/connectors/offered.crm')).availableVersion, '1.0.0');
        await backoffice.check('catalogue_sources');
        fs.writeFileSync(path.join(catalogue.folder, 'index.json'), 'no index');
        await page.getByRole('button', { name: 'Read all now' }).click();
        await page.getByText('Some sources cannot be read').waitFor();
        await page.getByRole('alert').filter({ hasText: 'Not all sources could be read' }).waitFor();
        await backoffice.check('catalogue_broken');
        await page.getByRole('button', { name: `Remove ${catalogue.folder}` }).click();
        await dialog().waitFor();
        await backoffice.check('catalogue_remove');
        await dialog().getByRole('button', { name: 'Remove the source' }).click();
        await dialog().waitFor({ state: 'hidden' });
        assert.equal(await config('CONNECTOR_CATALOGUE_URL'), undefined);
    });

    it('The audit says who changed what; filters are in the address; it is exported', async () => {
        await backoffice.goto('/system/audit');
        const table = page.getByRole('region', { name: 'Audit' });
        await table.getByText('pages.mail').first().waitFor();
        await table.getByText(ADMIN.username).first().waitFor();
        await backoffice.check('audit');
        await page.getByRole('combobox', { name: 'Resource' }).click();
        await page.getByRole('option', { name: 'service-configuration' }).click();
        await page.getByText(/entr(y|ies) found/).waitFor();
        await page.waitForFunction(() => [...document.querySelectorAll('tbody tr')].every(row => row.textContent.includes('service-configuration')));
        assert.equal(new URL(page.url()).searchParams.get('resource'), 'service-configuration');
        const { count } = await admin.get('/audit/count?filter=resource:service-configuration');
        assert.equal(await table.locator('tbody tr').count(), count);
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByRole('menuitem', { name: /^As CSV/ }).waitFor();
        await backoffice.check('audit_export');
        const download = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: /^As CSV/ }).click();
        const lines = fs.readFileSync(await (await download).path(), 'utf8').trim().split('\r\n');
        assert.equal(lines[0], 'at,userId,action,resource,name,from,to,outcome,ticket,ip');
        assert.equal(lines.length, count + 1);
        assert.ok(!lines.join().includes('very secret'));
        await page.getByLabel('Day (UTC)').fill('2001-01-01');
        await page.getByText('The filters hide what there is.').waitFor();
        await backoffice.check('audit_none');
        await page.getByRole('button', { name: 'Clear filters' }).first().click();
        await table.getByText('pages.mail').first().waitFor();
    });

    it('Health shows each check, versions, the disk\'s reserve and the main numbers', async () => {
        await backoffice.goto('/system/health');
        await page.getByText('All is well').waitFor();
        await page.getByText('128 MiB').waitFor();
        await page.getByText((await admin.get('/')).patchbay, { exact: true }).waitFor();
        await page.getByText('patchbay_queue_depth').waitFor();
        await backoffice.check('health');
        // A reserve that no disk has.
        await admin.post('/config', { key: 'DISK_RESERVE_BYTES', value: Number.MAX_SAFE_INTEGER });
        await page.reload();
        await page.getByText('It does not take new work').waitFor();
        await page.getByText(/DISK_FULL/).waitFor();
        await backoffice.check('health_failing');
        await admin.delete('/config/DISK_RESERVE_BYTES');
    });

    it('S124 A plain user is refused every page and what is behind it', async () => {
        const other = await Backoffice.open(server, { as: { username: owner.email, password: owner.password } });
        for (const name of ['configuration', 'users', 'quotas', 'catalogue', 'audit', 'health']) {
            await other.goto(`/system/${name}`);
            await other.page.getByText('403').waitFor();
        }
        await other.close();
        for (const address of ['/config', '/service-config', '/users', '/quota', '/audit', '/metrics']) {
            assert.equal((await owner.call('GET', address)).status, 403, address);
        }
    });
});

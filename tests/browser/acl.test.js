'use strict';

/** System → ACL (S35-S42), and rules for an e-mail domain (S44), as an admin and plain users see them. */

const assert = require('node:assert/strict');
const { after, before, beforeEach, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { bundleZip } = require('../e2e/bundle_zip');
const person = require('../e2e/people');
const { until } = require('../e2e/rest_client');
const { Server, ADMIN } = require('../e2e/server');

const code = "'use strict';\nmodule.exports = { async receive() {} };\n";
const ADD_USER_RULES = 'Add User Rules for Installed Connectors';
const rule = (role, resource, action = ['*'], attributes = ['non-private']) => ({ role, resource, action, attributes });
const DEFAULTS = [rule('admin', '*'), rule('user', '*'), rule('tester', '*')];

describe('System → ACL', () => {

    let server;
    let admin;
    let owner;
    let backoffice;
    let page;

    const publish = async (...names) => {
        for (const name of names) {
            const { err } = await admin.publish(bundleZip(name, { components: { Do: { code } } }));
            assert.equal(err, undefined);
        }
    };
    const stored = () => admin.get('/acl/components');
    const apps = async client => Object.keys(await client.get('/apps')).sort();
    const rows = () => page.getByRole('region', { name: 'Access rules' }).locator('tbody tr');
    const save = async () => {
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('The rules are saved and count at once.').first().waitFor();
    };
    const open = async () => {
        await backoffice.goto('/system/acl');
        await page.getByRole('tab', { name: 'Components' }).waitFor();
    };

    before(async () => {
        server = await Server.start({ args: ['--empty'], name: 'acl-page' });
        admin = await server.admin();
        await publish('acl.mail', 'acl.chat');
        owner = await person(admin);
        backoffice = await Backoffice.open(server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await server?.stop();
    });
    beforeEach(() => admin.post('/acl/components', DEFAULTS));

    it('S35 S36 The page lists all rules, of components and of routes', async () => {
        await open();
        await rows().nth(2).waitFor();
        assert.equal(await rows().count(), (await stored()).length);
        assert.match(await rows().nth(1).innerText(), /user\s+\*\s+\*\s+non-private/);
        await backoffice.check('acl_components');
        await page.getByRole('tab', { name: 'Routes' }).click();
        await page.waitForURL(/type=routes/);
        const routes = (await admin.get('/acl/routes')).length;
        await until(async () => await rows().count() === routes, `${routes} rules of routes`);
        await backoffice.check('acl_routes');
    });

    it('S37 Removing "user * *" warns how many users lose access, and takes it from them at once', async () => {
        assert.deepEqual(await apps(owner), ['acl.chat', 'acl.mail']);
        await open();
        await page.getByRole('button', { name: 'Remove: user * *' }).click();
        await page.getByText('1 user loses').waitFor();
        await backoffice.check('acl_removal_warning');
        assert.deepEqual(await apps(owner), ['acl.chat', 'acl.mail'], 'nothing counts before Save');
        await save();
        assert.deepEqual(await apps(owner), []);
        assert.deepEqual(await apps(admin), ['acl.chat', 'acl.mail']);
    });

    it('S38 S39 S41 The button gives users each installed connector, once', async () => {
        await admin.post('/acl/components', [rule('admin', '*')]);
        await open();
        await page.getByRole('button', { name: ADD_USER_RULES, exact: true }).click();
        await page.getByText('2 user rules were added.').first().waitFor();
        await page.getByRole('button', { name: 'Edit: user acl.mail.* *' }).waitFor();
        assert.deepEqual((await stored()).slice(1), [rule('user', 'acl.chat.*'), rule('user', 'acl.mail.*')]);
        assert.deepEqual(await apps(owner), ['acl.chat', 'acl.mail']);
        await page.getByRole('button', { name: ADD_USER_RULES, exact: true }).click();
        await page.getByText('No rule was added').first().waitFor();
        assert.equal((await stored()).length, 3);
    });

    it('S40 S41 A connector that comes later is not for users before the button is pressed again', async () => {
        await admin.post('/acl/components', [rule('admin', '*'), rule('user', 'acl.chat.*'), rule('user', 'acl.mail.*')]);
        await publish('acl.later');
        assert.deepEqual(await apps(owner), ['acl.chat', 'acl.mail']);
        assert.deepEqual(await apps(admin), ['acl.chat', 'acl.later', 'acl.mail']);
        await open();
        await page.getByRole('button', { name: ADD_USER_RULES, exact: true }).click();
        await page.getByText('1 user rule was added.').first().waitFor();
        assert.deepEqual(await apps(owner), ['acl.chat', 'acl.later', 'acl.mail']);
        await admin.delete('/connectors/acl.later?confirm=true');
    });

    it('S36 A rule is added, changed and moved by keyboard, and saved as one list', async () => {
        await open();
        await page.getByRole('button', { name: 'Add rule' }).press('Enter');
        const dialog = page.getByRole('dialog', { name: 'Add rule' });
        await dialog.getByRole('button', { name: 'Add rule' }).press('Enter');
        await dialog.getByText('Say whom the rule is for.').waitFor();
        await backoffice.check('acl_rule_dialog');
        await dialog.getByRole('combobox', { name: 'Role' }).fill('partner');
        await dialog.getByRole('combobox', { name: 'Resource' }).fill('acl.mail.*');
        await dialog.getByRole('button', { name: 'Add rule' }).press('Enter');
        await dialog.waitFor({ state: 'hidden' });
        const up = page.getByRole('button', { name: 'Move up: partner acl.mail.* *' });
        for (let place = 3; place > 0; place--) {
            await up.press('Enter');
            await page.waitForFunction(at => document.activeElement.closest('tr')?.firstElementChild.textContent === String(at), place);
        }
        // At the top it cannot go further: the focus stays with the rule.
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Move down: partner acl.mail.* *');
        assert.deepEqual(await stored(), DEFAULTS, 'nothing is stored before Save');
        await save();
        assert.deepEqual(await stored(), [rule('partner', 'acl.mail.*'), ...DEFAULTS]);
        await page.getByRole('button', { name: 'Edit: partner acl.mail.* *' }).press('Enter');
        await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).fill('guest');
        await page.getByRole('dialog').getByRole('button', { name: 'Change rule' }).press('Enter');
        await page.getByRole('button', { name: 'Edit: guest acl.mail.* *' }).waitFor();
        await save();
        await until(async () => (await stored())[0].role === 'guest', 'the changed rule to be stored');
        assert.deepEqual((await stored())[0], rule('guest', 'acl.mail.*'));
    });

    it('Changes that are not saved are not lost by a click', async () => {
        await open();
        await page.getByRole('button', { name: 'Remove: tester * *' }).click();
        await page.getByRole('tab', { name: 'Routes' }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Leave without saving?' });
        await dialog.waitFor();
        await backoffice.check('acl_unsaved');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'hidden' });
        assert.equal(await rows().count(), 2);
        await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Flows' }).click();
        await dialog.getByRole('button', { name: 'Leave without saving' }).click();
        await page.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
        assert.deepEqual(await stored(), DEFAULTS);
    });

    it('S42 Rules that somebody else saved meanwhile are not overwritten', async () => {
        await open();
        await page.getByRole('button', { name: 'Remove: tester * *' }).click();
        const theirs = [...DEFAULTS, rule('user', 'acl.mail.core.Do', ['!*'], ['*'])];
        await admin.post('/acl/components', theirs);
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.getByText('The rules have changed meanwhile').waitFor();
        await backoffice.check('acl_overtaken');
        assert.deepEqual(await stored(), theirs);
        await page.getByRole('button', { name: 'Discard mine and show theirs' }).click();
        await page.getByRole('button', { name: 'Edit: user acl.mail.core.Do !*' }).waitFor();
        assert.equal((await admin.get('/connectors/acl.mail/access')).rules.length, 4, 'the connector has the same truth');
    });

    it('Without rules the page says who sees connectors', async () => {
        await admin.post('/acl/components', []);
        await open();
        await page.getByText('No rules: only administrators see connectors').waitFor();
        await backoffice.check('acl_empty');
    });

    it('S44 A rule for an e-mail domain opens a connector to its people only; the page shows who sees what', async () => {
        const insider = await person(admin, { email: 'in@inside.test' });
        await admin.post('/acl/components', [rule('admin', '*'), rule('@inside.test', 'acl.mail.*')]);
        assert.deepEqual(await apps(insider), ['acl.mail']);
        assert.deepEqual(await apps(owner), []);
        await open();
        const who = page.getByRole('combobox', { name: 'Role or e-mail' });
        const of = name => page.getByRole('region', { name: 'What is visible' }).getByRole('row', { name: new RegExp(name) });
        await who.fill('in@inside');
        await page.getByRole('option', { name: 'in@inside.test' }).click();
        await of('acl.mail').getByText('Yes').waitFor();
        await of('acl.chat').getByText('No').waitFor();
        await backoffice.check('acl_simulator');
        await who.fill('user');
        await page.getByRole('option', { name: /^user / }).click();
        await of('acl.mail').getByText('No').waitFor();
    });

    it('S43 A plain user sees neither page nor rules', async () => {
        const other = await Backoffice.open(server, { as: { username: owner.email, password: owner.password } });
        await other.goto('/system/acl');
        await other.page.getByText('403').waitFor();
        for (const [method, path] of [['GET', '/acl/components'], ['POST', '/acl/components'], ['POST', '/acl/components/add-user-rules'], ['GET', '/roles']]) {
            assert.equal((await owner.call(method, path, { json: method === 'POST' ? [] : undefined })).status, 403, path);
            assert.equal((await server.client().call(method, path)).status, 401, path);
        }
        await other.close();
    });
});

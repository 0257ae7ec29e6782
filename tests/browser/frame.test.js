'use strict';

/** The Backoffice's frame: signing in, the menu, who may see what, its policy. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Server, ADMIN } = require('../e2e/server');
const person = require('../e2e/people');

describe('The frame of the Backoffice', () => {
    let server;
    let owner;

    before(async () => {
        server = await Server.start({ args: ['--empty'] });
        const { email, password } = await person(await server.admin());
        owner = { username: email, password };
    });
    after(async () => {
        await Backoffice.end();
        await server?.stop();
    });

    it('A browser that asks for / lands at the sign-in; a wrong password says so', async () => {
        const backoffice = await Backoffice.open(server);
        const { page } = backoffice;
        await page.goto(server.url);
        assert.equal(new URL(page.url()).pathname, '/backoffice/');
        await page.getByLabel('User name').fill(ADMIN.username);
        await page.getByLabel('Password', { exact: true }).fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('alert').waitFor();
        await backoffice.check('sign_in');
        await backoffice.close();
    });

    it('S1 S35 An admin has Connectors and System → ACL in the left menu', async () => {
        const backoffice = await Backoffice.open(server, { as: ADMIN });
        const { page } = backoffice;
        const menu = page.getByRole('navigation', { name: 'Main menu' });
        await menu.getByRole('link', { name: 'Connectors' }).click();
        await page.getByRole('heading', { level: 1, name: 'Connectors' }).waitFor();
        await menu.getByRole('button', { name: 'System' }).click();
        await menu.getByRole('link', { name: 'ACL' }).click();
        await page.getByRole('heading', { level: 1, name: 'ACL' }).waitFor();
        await backoffice.close();
    });

    it('S1 S124 A user who is no admin has no such menu items, and a page that says 403', async () => {
        const backoffice = await Backoffice.open(server, { as: owner });
        const { page } = backoffice;
        const menu = page.getByRole('navigation', { name: 'Main menu' });
        await menu.getByRole('link', { name: 'Flows' }).waitFor();
        assert.equal(await menu.getByRole('link', { name: 'Connectors' }).count(), 0);
        assert.equal(await menu.getByRole('button', { name: 'System' }).count(), 0);
        await backoffice.goto('/connectors');
        await page.getByText('403').waitFor();
        await backoffice.close();
    });

    it('A narrow screen has the menu behind a button; choosing closes it', async () => {
        const backoffice = await Backoffice.open(server, { as: ADMIN, width: 320, height: 640 });
        const { page } = backoffice;
        // Another address closes the menu, the first page's too.
        await page.getByRole('heading', { level: 1, name: 'Connectors' }).waitFor();
        await page.getByRole('button', { name: 'Open the menu' }).click();
        await page.getByRole('button', { name: 'Close the menu' }).waitFor();
        const menu = page.getByRole('navigation', { name: 'Main menu' });
        await menu.getByRole('button', { name: 'System' }).click();
        await menu.getByRole('link', { name: 'Health' }).waitFor();
        await backoffice.check('frame_narrow_menu');
        await menu.getByRole('link', { name: 'Health' }).click();
        await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
        await page.getByRole('button', { name: 'Open the menu' }).waitFor();
        await backoffice.close();
    });

    it('The page admits no inline script, no frame and no other host', async () => {
        const { headers, text } = await server.client().call('GET', '/backoffice/');
        const policy = headers['content-security-policy'];
        assert.match(policy, /default-src 'none'/);
        assert.match(policy, /script-src 'self';/);
        assert.match(policy, /frame-ancestors 'none'/);
        const nonce = /'nonce-([0-9a-f]{32})'/.exec(policy)[1];
        assert.ok(text.includes(nonce));
        const again = await server.client().call('GET', '/backoffice/');
        assert.ok(!again.headers['content-security-policy'].includes(nonce), 'a nonce is good once');
    });

    it('Signing out forgets the session, in every tab', async () => {
        const backoffice = await Backoffice.open(server, { as: owner });
        const other = await backoffice.context.newPage();
        await other.goto(`${server.url}/backoffice/flows`);
        await other.getByRole('heading', { level: 1, name: 'Flows' }).waitFor();
        await backoffice.page.getByRole('button', { name: /^Signed in as/ }).click();
        await backoffice.page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
        await backoffice.check('frame_user_menu');
        await backoffice.page.getByRole('menuitem', { name: 'Sign out' }).click();
        await other.getByRole('heading', { level: 1, name: 'Sign in to Patchbay' }).waitFor();
        await backoffice.close();
    });
});

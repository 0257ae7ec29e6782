'use strict';

/** The Connectors page: what there is, what is installed, finding it (S1-S11, S89). */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const person = require('../e2e/people');
const { Server, ADMIN, freePort } = require('../e2e/server');
const { Story, action } = require('../e2e/connector_story');
const { bundleZip } = require('../e2e/bundle_zip');
const refused = require('../e2e/refusal');

const ADD = 'Add Connector from your Filesystem';
const MANY = 2000;

const version = (name, number, more = {}) => ({ name, version: number, components: { Send: action({ version: number }) }, ...more });

describe('The Connectors page', () => {
    let story;
    let rows;
    let backoffice;
    let page;

    const labels = () => page.getByRole('list', { name: 'Connectors' }).getByRole('listitem').getByRole('link').evaluateAll(links => links.map(link => link.getAttribute('href').split('/').pop()).sort());
    const card = name => page.locator(`a[href="/backoffice/connectors/${name}"]`);
    const names = wanted => rows.filter(wanted).map(({ name }) => name).sort();
    /** Waits until the page shows exactly these. */
    async function shows(expected) {
        assert.ok(expected.length > 0);
        await page.locator('main').getByText(`${expected.length} of ${rows.length} connectors`, { exact: true }).waitFor();
        assert.deepEqual(await labels(), expected);
    }
    const chip = name => page.getByRole('checkbox', { name, exact: true });
    // Mantine hides the box itself and shows its label.
    const press = name => page.getByRole('group', { name: 'Show' }).getByText(name, { exact: true }).click();

    before(async () => {
        story = await Story.begin('catalogue-page');
        await story.offer(
            version('google.docs', '1.0.0'), version('google.docs', '1.1.0'), version('google.sheets', '1.0.0'),
            version('story.trello', '2.1.5'), version('story.trello', '2.2.0', { changelog: { '2.2.0': ['(breaking change) Cards have another port.'] } }),
            version('story.future', '1.0.0', { engine: '>=99' })
        );
        for (const [name, number] of [['google.docs', '1.0.0'], ['google.sheets', '1.0.0'], ['story.trello', '2.1.5']]) {
            await story.install(number, name);
        }
        await story.admin.publish(bundleZip('acme.own', { components: { Send: action({ version: '1.0.0' }) } }));
        await story.flow('uses docs', { type: 'google.docs.core.Send' });
        rows = await story.admin.get('/connectors?limit=1000');
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });

    it('S1 S2 S89 The menu leads to all connectors, each once: installed, not installed, uploaded', async () => {
        await backoffice.goto('/flows');
        await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Connectors' }).click();
        await shows(names(() => true));
        assert.ok((await labels()).includes('acme.own'));
        for (const { name, label, description } of rows) {
            await card(name).getByText(label, { exact: true }).first().waitFor();
            await card(name).getByText(description).waitFor();
            assert.equal(await card(name).locator('[aria-hidden=true]').first().count(), 1);
        }
        await backoffice.check('catalogue');
    });

    it('S4 S89 Installed ones say so at the top of their card, others nowhere; updates, breaking and custom ones say so', async () => {
        for (const { name, installed } of rows) {
            const badge = card(name).getByText('Installed', { exact: true });
            assert.equal(await badge.count(), installed ? 1 : 0, name);
            if (installed) {
                const [badgeBox, cardBox] = [await badge.boundingBox(), await card(name).boundingBox()];
                assert.ok(badgeBox.y - cardBox.y < cardBox.height / 3, `${name}: at the top`);
            }
        }
        await card('story.trello').getByText('Update 2.1.5 → 2.2.0').waitFor();
        await card('story.trello').getByText('Breaking', { exact: true }).waitFor();
        await card('acme.own').getByText('Custom', { exact: true }).waitFor();
        await card('story.future').getByText('Does not fit this server').waitFor();
        assert.equal(await card('google.docs').getByText('Breaking').count(), 0);
    });

    it('S5 The badge follows what another session installs and removes, without reloading', async () => {
        await backoffice.goto('/connectors');
        const badge = card('patchbay.rss').getByText('Installed', { exact: true });
        await card('patchbay.rss').waitFor();
        assert.equal(await badge.count(), 0);
        await page.evaluate(() => { window.notReloaded = true; });
        await story.install(undefined, 'patchbay.rss');
        await badge.waitFor({ timeout: 5000 });
        await story.done('DELETE', '/connectors/patchbay.rss?confirm=true');
        await badge.waitFor({ state: 'detached', timeout: 5000 });
        assert.equal(await page.evaluate(() => window.notReloaded), true);
    });

    it('S6 Typing finds by label or id, in any case; clearing restores all; "/" goes to the search', async () => {
        await page.keyboard.press('/');
        await page.keyboard.type('TRE');
        await shows(names(({ name, label }) => /tre/i.test(name) || /tre/i.test(label)));
        await page.getByLabel('Search').fill('');
        await shows(names(() => true));
    });

    it('S7 S8 The chips show the installed, their complement, those with an update, the breaking, the custom and the unused', async () => {
        const cases = {
            'Installed': ({ installed }) => installed,
            'Not installed': ({ installed }) => !installed,
            'Update available': ({ name }) => ['google.docs', 'story.trello'].includes(name),
            'Breaking': ({ name }) => name === 'story.trello',
            'Custom': ({ name }) => ['acme.own', 'patchbay.utils.http', 'patchbay.utils.controls'].includes(name) && rows.find(row => row.name === name).source === 'published',
            'Unused': ({ name, installed }) => installed && !['google.docs', 'patchbay.utils.http'].includes(name)
        };
        for (const [name, wanted] of Object.entries(cases)) {
            await press(name);
            await shows(names(wanted));
            await press('All');
        }
        await shows(names(() => true));
    });

    it('S9 Criteria combine, are in the address and survive a reload; the category and the order too', async () => {
        await page.getByLabel('Search').fill('google');
        await press('Update available');
        await press('Installed');
        await page.waitForURL(/\?q=google&show=updates%2Cinstalled$/);
        await shows(['google.docs']);
        await page.reload();
        await shows(['google.docs']);
        assert.equal(await page.getByLabel('Search').inputValue(), 'google');
        assert.ok(await chip('Installed').isChecked());
        await backoffice.check('catalogue_filtered');
        await page.getByRole('link', { name: 'Connectors' }).click();
        await page.getByLabel('Category').selectOption('utilities');
        await shows(names(({ category }) => category === 'utilities'));
        await page.getByLabel('Category').selectOption('');
        await page.getByLabel('Sort by').selectOption('Most used');
        await card('google.docs').getByText('Used in 1 flow').waitFor();
        await page.waitForURL(/\?sort=used$/);
        const order = await page.getByRole('listitem').getByRole('link').evaluateAll(links => links.slice(0, 2).map(link => link.getAttribute('href').split('/').pop()));
        assert.deepEqual(order.sort(), ['google.docs', 'patchbay.utils.http']);
    });

    it('S9 S11 Where nothing fits the page says what hides it and takes it back; the upload button is last', async () => {
        await backoffice.goto('/connectors?q=zzz&show=installed&category=utilities');
        await page.getByText('Hidden by the search for “zzz”, “Installed”, and the category “utilities”.').waitFor();
        await backoffice.check('catalogue_nothing_found');
        await lastControl();
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await shows(names(() => true));
        await page.waitForURL(({ search }) => search === '');
        await lastControl();
    });

    it('S10 The whole card is one link, with the keyboard too, to an address that can be visited', async () => {
        await backoffice.goto('/connectors');
        const link = card('story.trello');
        await link.focus();
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/connectors\/story\.trello$/);
        await page.getByRole('heading', { level: 1, name: 'story.trello' }).waitFor();
        await page.goBack();
        await card('story.trello').click({ position: { x: 5, y: 120 } });
        await page.waitForURL(/\/connectors\/story\.trello$/);
        await page.reload();
        await page.getByRole('heading', { level: 1, name: 'story.trello' }).waitFor();
    });

    it('A catalogue that cannot be read: the installed are shown, and it can be tried again', async () => {
        await story.set('CONNECTOR_CATALOGUE_URL', [story.catalogue.folder, path.join(story.server.folder, 'elsewhere')]);
        await backoffice.goto('/connectors');
        await page.getByText('A catalogue cannot be read').waitFor();
        await card('google.docs').getByText('Installed', { exact: true }).waitFor();
        await backoffice.check('catalogue_unreachable');
        await story.set('CONNECTOR_CATALOGUE_URL', story.catalogue.folder);
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('A catalogue cannot be read').waitFor({ state: 'detached' });
    });

    it('S1 Who is no administrator is refused the page and the data behind it', async () => {
        const plain = await person(story.admin);
        refused(await plain.call('GET', '/connectors'), 403);
        const other = await Backoffice.open(story.server, { as: { username: plain.email, password: plain.password } });
        await other.goto('/connectors');
        await other.page.getByText('403').waitFor();
        assert.equal(await other.page.getByRole('button', { name: ADD }).count(), 0);
        await other.close();
    });

    async function lastControl() {
        const last = await page.evaluate(() => [...document.querySelectorAll('main a, main button, main input, main select')].at(-1).textContent);
        assert.equal(last, ADD);
    }
});

describe('A Connectors page without connectors', () => {
    it('S11 Says where connectors come from, and has the upload button', async () => {
        const server = await Server.start({ args: ['--empty'] });
        const backoffice = await Backoffice.open(server, { as: ADMIN });
        try {
            await backoffice.goto('/connectors');
            await backoffice.page.getByRole('heading', { name: 'There are no connectors yet' }).waitFor();
            await backoffice.check('catalogue_empty');
            await backoffice.page.getByRole('button', { name: ADD, exact: true }).click();
            await backoffice.page.waitForURL(/\/connectors\/upload$/);
            await backoffice.close();
        } finally {
            await Backoffice.end();
            await server.stop();
        }
    });
});

describe(`A catalogue of ${MANY} connectors`, () => {
    let server;
    let backoffice;

    before(async () => {
        server = new Server({ name: 'many', args: ['--empty'] });
        const folder = path.join(server.folder, 'catalogue');
        writeRows(folder, MANY);
        server.port = await freePort();
        await server.start();
        await (await server.admin()).post('/config', { key: 'CONNECTOR_CATALOGUE_URL', value: folder });
        backoffice = await Backoffice.open(server, { as: ADMIN });
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await server?.stop();
    });

    it('Is there at once, filters as one types, and holds few cards at a time', async t => {
        const { page } = backoffice;
        await page.addInitScript(() => {
            // When the frame has been painted that first shows what is looked for.
            window.paintedWith = looked => new Promise(resolve => {
                const watch = new MutationObserver(look);
                watch.observe(document, { childList: true, subtree: true, characterData: true });
                look();
                function look() {
                    if (looked()) {
                        watch.disconnect();
                        requestAnimationFrame(() => setTimeout(() => resolve(Math.round(performance.now()))));
                    }
                }
            });
            window.cards = () => window.paintedWith(() => document.querySelector('main li a'));
            window.loaded = window.cards();
        });
        await backoffice.goto('/flows');
        const clicked = await page.evaluate(async () => {
            const began = performance.now();
            document.querySelector('nav a[href$="/connectors"]').click();
            return Math.round(await window.cards() - began);
        });
        t.diagnostic(`cards painted ${clicked} ms after a click in the menu`);
        const reloads = [];
        for (let at = 0; at < 5; at++) {
            await backoffice.goto('/connectors');
            reloads.push(await page.evaluate(() => window.loaded));
        }
        t.diagnostic(`cards painted after a reload, from its navigation's start: ${reloads} ms`);
        const keys = await page.evaluate(async many => {
            const input = document.querySelector('input[type=search]');
            const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
            const times = [];
            for (const text of ['7', '77', '777', '77', '7', '', '1', '12', '123', '']) {
                const found = Array.from({ length: many }, (_, at) => `many.number${at} number ${String(at).padStart(4, '0')}`).filter(names => names.includes(text)).length;
                const began = performance.now();
                set.call(input, text);
                input.dispatchEvent(new Event('input', { bubbles: true }));
                times.push(Math.round(await window.paintedWith(() => document.querySelector('main').textContent.includes(`${found} of ${many} connectors`)) - began));
            }
            return times;
        }, MANY);
        t.diagnostic(`each key until what it finds is painted: ${keys} ms`);
        assert.ok(await page.getByRole('listitem').count() < 100);
        await page.getByLabel('Search').fill('number 1999');
        await page.locator('main').getByText(`1 of ${MANY} connectors`, { exact: true }).waitFor();
        await page.getByLabel('Search').fill('');
        await page.locator('main').getByText(`${MANY} of ${MANY} connectors`, { exact: true }).waitFor();
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        await page.getByRole('link', { name: 'Number 1999' }).waitFor();
        await backoffice.check('catalogue_2000_end');
    });

    it('The first page loads less than 350 kB of scripts', async t => {
        const context = await backoffice.context.browser().newContext();
        const page = await context.newPage();
        const scripts = [];
        page.on('response', response => /\.js$/.test(response.url()) && scripts.push(response.body().then(body => zlib.gzipSync(body, { level: 9 }).length)));
        await page.goto(`${server.url}/backoffice/`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByLabel('User name').fill(ADMIN.username);
        await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('listitem').first().waitFor();
        const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
        t.diagnostic(`${Math.round(bytes / 1024)} KiB in ${scripts.length} files`);
        assert.ok(bytes < 350 * 1000, `${bytes} bytes`);
        await context.close();
    });
});

/** An index of connectors of which nothing is to be installed: rows, no zips. */
function writeRows(folder, count) {
    const connectors = Array.from({ length: count }, (_, at) => ({
        name: `many.number${at}`, version: '1.0.0', label: `Number ${String(at).padStart(4, '0')}`, category: at % 2 ? 'odd' : 'even', description: `The connector number ${at}, which stands for many.`,
        engine: '', changelog: {}, components: [], file: `many.number${at}-1.0.0.zip`, sha256: '0'.repeat(64), size: 1
    }));
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'index.json'), JSON.stringify({ format: 1, generated: new Date(0).toISOString(), connectors }));
}

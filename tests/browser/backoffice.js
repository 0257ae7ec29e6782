'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '../..');
const MODULES = path.join(ROOT, 'backoffice/node_modules');
const { chromium } = require(path.join(MODULES, 'playwright-core'));
const AXE = path.join(MODULES, 'axe-core/axe.min.js');
const IMAGES = path.join(ROOT, 'docs/images');
const CHROMIUM = process.env.PATCHBAY_CHROMIUM || '/usr/bin/chromium';
const WAIT_MS = 30000;
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
const SMALLEST = { width: 320, height: 640 };

let launched = null;

/** Names of the pictures that the README and the guides show. */
function shown() {
    const guides = path.join(ROOT, 'docs/guides');
    const texts = [path.join(ROOT, 'README.md'), ...fs.readdirSync(guides).map(name => path.join(guides, name))].map(file => fs.readFileSync(file, 'utf8'));
    return new Set(texts.flatMap(text => [...text.matchAll(/images\/(\w+)\.png/g)].map(([, name]) => name)));
}

/** One Chromium a test process. It asks nobody on the network but the server under test. */
function browser() {
    launched ??= chromium.launch({
        executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage']
    });
    return launched;
}

/**
 * The Backoffice in a browser of its own (cookies, storage), as one person sees it.
 *
 * Notes every error of the page, every refusal of its Content-Security-Policy and every request to
 * a host that is not the server's: `problems`, which close() wants empty.
 */
module.exports = class Backoffice {

    /** `as`: {username, password}, or nobody. */
    static async open(server, { as, width = 1280, height = 900, colorScheme = 'light' } = {}) {
        const context = await (await browser()).newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC', acceptDownloads: true });
        const page = await context.newPage();
        page.setDefaultTimeout(WAIT_MS);
        const backoffice = new Backoffice(server, context, page);
        if (as) {
            await backoffice.signIn(as);
        }
        return backoffice;
    }

    /** Ends the Chromium of this test process. */
    static async end() {
        await (await launched)?.close();
        launched = null;
    }

    constructor(server, context, page) {
        this.server = server;
        this.context = context;
        this.page = page;
        this.problems = [];
        page.on('pageerror', error => this.problems.push(`error: ${error.stack ?? error}`));
        page.on('console', message => {
            // What the server refuses (4xx) Chromium logs by itself; pages show it.
            if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) {
                this.problems.push(`console: ${message.text()}`);
            }
        });
        page.on('request', request => {
            if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== new URL(server.url).origin) {
                this.problems.push(`foreign host: ${request.url()}`);
            }
        });
    }

    async signIn({ username, password }) {
        await this.goto('/');
        await this.page.getByLabel('User name').fill(username);
        await this.page.getByLabel('Password', { exact: true }).fill(password);
        await this.page.getByRole('button', { name: 'Sign in' }).click();
        await this.page.getByRole('navigation', { name: 'Main menu' }).or(this.page.getByRole('button', { name: 'Open the menu' })).first().waitFor();
    }

    /** A page by its address below /backoffice. */
    async goto(address) {
        await this.page.goto(`${this.server.url}/backoffice${address}`);
        await this.page.getByRole('heading', { level: 1 }).waitFor();
    }

    /** Throws a list of the serious and critical violations that axe finds in light, and of those about colours in dark. */
    async accessible() {
        for (const [scheme, rules] of [['light', {}], ['dark', { runOnly: { type: 'rule', values: COLOUR_RULES } }]]) {
            await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
            await this.page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
            const found = await this.axe(rules);
            if (found.length > 0) {
                throw new Error(`axe in ${scheme} colours on ${this.page.url()}:\n${found.join('\n')}`);
            }
        }
        await this.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    }

    async axe(rules = {}) {
        if (!await this.page.evaluate(() => 'axe' in window)) {
            // Through the debugger, which the page's policy does not bind.
            await this.page.evaluate(fs.readFileSync(AXE, 'utf8'));
        }
        const { violations } = await this.page.evaluate(options => window.axe.run(document, options), { resultTypes: ['violations'], ...rules });
        return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, help, nodes }) => `  ${id}: ${help}: ${nodes.slice(0, 5).map(node => `${node.target} (${node.any[0]?.message ?? ''}) ${node.html.slice(0, 160)}`).join(' | ')}`);
    }

    /** At 320 pixels, and at 200 % (half the width), nothing may need scrolling sideways: neither the page nor an open dialog. */
    async fitsSmall() {
        const before = this.page.viewportSize();
        try {
            for (const size of [SMALLEST, { width: 640, height: 450 }]) {
                await this.page.setViewportSize(size);
                await this.fitsWidth(size.width);
            }
        } finally {
            await this.page.setViewportSize(before);
        }
    }

    /** Waits for it: menu and panels move out of the way when the page has heard of the size. */
    async fitsWidth(width) {
        const tooWide = () => [document.documentElement, ...document.querySelectorAll('[role=dialog], [role=alertdialog]')]
            .filter(box => box.scrollWidth > box.clientWidth)
            .map(box => `${box.getAttribute('role') ?? 'page'} by ${box.scrollWidth - box.clientWidth}`);
        // After two frames: what is not yet drawn is not wide either.
        const settled = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => (${tooWide})().length === 0)`;
        await this.page.waitForFunction(settled).catch(async error => {
            throw new Error(`${this.page.url()} is wider than ${width} pixels: ${await this.page.evaluate(tooWide)}.`, { cause: error });
        });
    }

    /** All that every page must hold: axe in both schemes, 320 pixels, 200 %. And its picture. */
    async check(name) {
        await this.accessible();
        await this.fitsSmall();
        await this.picture(name);
    }

    /** Without the small sizes, for dialogs of the Designer's panel: the panel becomes a drawer there, which closes them. */
    async checkWide(name) {
        await this.accessible();
        await this.picture(name);
    }

    /** With PATCHBAY_IMAGES=1: docs/images/NAME.png for pictures that the README or a guide shows, the others in a temporary folder. */
    async picture(name) {
        if (!process.env.PATCHBAY_IMAGES) {
            return;
        }
        const folder = shown().has(name) ? IMAGES : path.join(os.tmpdir(), 'patchbay-images');
        fs.mkdirSync(folder, { recursive: true });
        await this.page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
    }

    /** Closes, and throws if the page had problems on the way. */
    async close() {
        await this.context.close();
        if (this.problems.length > 0) {
            throw new Error(`The page had problems:\n${this.problems.join('\n')}`);
        }
    }
};

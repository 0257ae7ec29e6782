'use strict';

/** The five states of every screen: loading, error, ready, stale, and empty; never a blank page, and always a way on. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { Story, action } = require('../e2e/connector_story');
const { until } = require('../e2e/rest_client');
const { Server, ADMIN } = require('../e2e/server');

const REFUSAL = 'The test lets nothing through.';

/** Stands between the page and the REST API: lets all through, holds it up, or fails it. */
class Gate {
    static async on({ page }) {
        const gate = new Gate();
        gate.mode = 'pass';
        gate.held = [];
        await page.route(({ pathname }) => !/^\/(backoffice|events|user\/auth)\b/.test(pathname), route => gate.meet(route));
        return gate;
    }

    meet(route) {
        if (this.mode === 'hold') {
            this.held.push(route);
            return undefined;
        }
        return this.mode === 'pass' ? route.continue() : route.fulfill({ status: 500, json: { code: 'INTERNAL', message: REFUSAL } });
    }

    /** What was held up goes the way of the new mode. */
    async set(mode) {
        this.mode = mode;
        // A request that the page has given up meanwhile has nobody to answer.
        await Promise.all(this.held.splice(0).map(route => this.meet(route).catch(() => {})));
    }
}

describe('Every screen tells its state', () => {
    let story;
    let backoffice;
    let page;
    let gate;
    let flow;
    let ticket;

    before(async () => {
        story = await Story.begin('states');
        await story.offer({ version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } });
        ({ ticket } = await story.install('1.0.0'));
        await story.offer({ version: '1.1.0', components: { Send: action({ version: '1.1.0' }) } });
        flow = await story.flow('Greetings', { start: false });
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        ({ page } = backoffice);
        gate = await Gate.on(backoffice);
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });

    const loading = () => page.locator('main').getByRole('status').filter({ hasText: /^Loading / });
    const failed = () => page.locator('main').getByRole('alert').filter({ hasText: REFUSAL });
    const stale = () => page.locator('main').getByRole('status').filter({ hasText: 'This may be old' });
    const tryAgain = () => page.locator('main').getByRole('button', { name: 'Try again' });
    /** Presses "Try again" wherever the page offers it, until it is whole: what has loaded may ask in its turn. */
    const recovered = () => until(async () => {
        // Without waiting for the button: it goes when its load begins.
        await tryAgain().evaluateAll(buttons => buttons.forEach(button => button.click()));
        return await failed().count() + await stale().count() + await loading().count() === 0;
    }, 'the page to be whole again');

    const SCREENS = {
        'Connectors': () => '/connectors',
        'one connector': () => '/connectors/story.mail',
        'the review of an update': () => '/connectors/story.mail/review?to=1.1.0',
        'Updates': () => '/updates',
        'the trash': () => '/updates?tab=trash',
        'Activity': () => '/activity',
        'an operation': () => `/operations/${ticket}`,
        'Inbox': () => '/inbox',
        'Flows': () => '/flows',
        'the Designer': () => `/flows/${flow.flowId}`,
        'versions of a flow': () => `/flows/${flow.flowId}/versions`,
        'Unprocessed messages': () => '/unprocessed',
        'Insights': () => '/insights',
        'ACL': () => '/system/acl',
        'System Webhooks': () => '/system/webhooks',
        'Configuration': () => '/system/configuration',
        'settings of services': () => '/system/configuration?tab=services',
        'Users': () => '/system/users',
        'Quotas': () => '/system/quotas',
        'Catalogue sources': () => '/system/catalogue',
        'Audit': () => '/system/audit',
        'Health': () => '/system/health'
    };
    for (const [name, address] of Object.entries(SCREENS)) {
        it(`${name}: loading, error, ready, stale`, async () => {
            await gate.set('hold');
            await backoffice.goto(address());
            await loading().first().waitFor();
            assert.equal(await failed().count(), 0);
            await gate.set('fail');
            await failed().first().waitFor();
            await tryAgain().first().waitFor();
            await gate.set('pass');
            await recovered();
            await gate.set('fail');
            // As if the person came back to this tab: what is older than two seconds is asked for again.
            await until(async () => {
                await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
                return await stale().count() > 0;
            }, 'the page to say that it may be old');
            await gate.set('pass');
            await recovered();
        });
    }
});

describe('A server with nothing in it', () => {
    const EMPTY = {
        '/connectors': 'There are no connectors yet',
        '/updates': 'Everything is up to date',
        '/updates?tab=trash': 'The trash is empty',
        '/activity': 'Nothing was done yet',
        '/inbox': 'Nothing needs you',
        '/flows': 'There are no flows yet',
        '/unprocessed': 'No unprocessed messages',
        '/insights?by=connector': 'No messages in this time',
        '/insights': 'No records',
        '/system/webhooks': 'Nothing was sent',
        '/system/configuration?tab=services': 'No service has settings of its own',
        '/system/quotas': 'No quotas'
    };

    it('Says so on each screen, with what to do about it', async () => {
        const server = await Server.start({ args: ['--empty'], name: 'states-empty' });
        const backoffice = await Backoffice.open(server, { as: ADMIN });
        try {
            for (const [address, text] of Object.entries(EMPTY)) {
                await backoffice.goto(address);
                await backoffice.page.getByRole('heading', { name: text }).waitFor();
            }
            await backoffice.close();
        } finally {
            await Backoffice.end();
            await server.stop();
        }
    });
});

'use strict';

/** A flow of 200 components in the Designer: opened, moved in, and how long the browser was busy meanwhile (printed, not judged). */

const assert = require('node:assert/strict');
const { after, before, it, describe } = require('node:test');

const Backoffice = require('./backoffice');
const FlowBuilder = require('../e2e/flow_builder');
const { Server } = require('../e2e/server');
const { publishStarters } = require('../e2e/starter_zips');
const person = require('../e2e/people');

const COMPONENTS = 200;
const IN_A_COLUMN = 10;

/** In the page: from now on, times between frames and the longest task. */
function watch() {
    window.watched = { frames: [], longest: 0 };
    let last = performance.now();
    const frame = now => {
        window.watched.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver(list => {
        window.watched.longest = Math.max(window.watched.longest, ...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask' });
}

function described({ frames, longest }) {
    const sorted = frames.toSorted((a, b) => a - b);
    const at = share => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
    return `${frames.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms; longest task ${longest.toFixed(0)} ms`;
}

describe('A large flow in the Designer', () => {
    let server;
    let owner;
    let flowId;

    before(async () => {
        server = await Server.start({ name: 'designer-large' });
        const admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        owner = await person(admin);
        const flow = new FlowBuilder();
        let before = flow.add('patchbay.utils.http.Webhook');
        for (let i = 1; i < COMPONENTS; i++) {
            before = flow.add('patchbay.utils.controls.SetVariable', { from: before, label: `Step ${i}` });
        }
        Object.values(flow.descriptor).forEach((component, i) => Object.assign(component, { x: Math.floor(i / IN_A_COLUMN) * 240, y: (i % IN_A_COLUMN) * 130 }));
        flowId = await owner.createFlow({ name: 'Large', flow: flow.descriptor });
    });
    after(async () => {
        await Backoffice.end();
        await server?.stop();
    });

    it('200 components: a node is dragged, saved, and found again through the list', async () => {
        const backoffice = await Backoffice.open(server, { as: { username: owner.email, password: owner.password } });
        const { page } = backoffice;
        const opened = Date.now();
        const before = (await owner.get(`/flows/${flowId}`)).flow;
        const id = Object.keys(before).find(one => before[one].label === 'Step 17');
        await backoffice.goto(`/flows/${flowId}?component=${id}`);
        const canvas = page.getByRole('region', { name: 'Canvas' });
        const node = canvas.locator('.react-flow__node').filter({ has: page.getByText('Step 17', { exact: true }) });
        await node.waitFor();
        console.log(`opened in ${Date.now() - opened} ms`);
        await page.evaluate(watch);
        const { x, y, width, height } = await node.boundingBox();
        await page.mouse.move(x + width / 2, y + height / 4);
        await page.mouse.down();
        await page.mouse.move(x + width / 2 + 60, y + height / 4 + 30, { steps: 60 });
        await page.mouse.up();
        console.log(`dragged: ${described(await page.evaluate(() => window.watched))}`);
        await page.getByText('Saving …').waitFor();
        await page.getByRole('status').getByText('Saved', { exact: true }).waitFor();
        const moved = Object.entries((await owner.get(`/flows/${flowId}`)).flow).filter(([id, component]) => component.x !== before[id].x);
        assert.deepEqual(moved.map(([, { label }]) => label), ['Step 17']);

        const details = page.getByRole('region', { name: 'Details' });
        await page.keyboard.press('Escape');
        await canvas.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
        await details.getByRole('button', { name: 'Step 199', exact: true }).click();
        await details.getByRole('heading', { name: 'Step 199' }).waitFor();
        await canvas.getByText('Step 199', { exact: true }).waitFor();
        assert.ok(await canvas.locator('.react-flow__node').count() < COMPONENTS, 'only what is seen is drawn');
        await backoffice.check('designer_large');
        await backoffice.close();
    });
});

'use strict';

/**
 * Compatible updates under load (S97): many flows, messages at a fixed rate, a connector updated again and again. Nothing
 * stops, nothing is lost or doubled. PATCHBAY_SEAMLESS_UPDATES, _RATE and _FLOWS say how much; the longest pause of a
 * flow is printed.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const { Story, action } = require('./connector_story');

const UPDATES = Number(process.env.PATCHBAY_SEAMLESS_UPDATES ?? 6);
const RATE = Number(process.env.PATCHBAY_SEAMLESS_RATE ?? 400);
const FLOWS = Number(process.env.PATCHBAY_SEAMLESS_FLOWS ?? 20);
const SLICE_MS = 20;
const IN_FLIGHT = 128;  // calls; a machine that takes longer sees fewer messages a second, which is printed

const version = number => ({ version: number, components: { Send: action({ version: number }) } });

describe('A connector is updated under load', () => {

    let story;

    before(async () => {
        story = await Story.begin('seamless', { PATCHBAY_LOG_LEVEL: 'warn' });
        await story.offer(version('1.1.0'), version('1.2.0'));
        await story.install('1.1.0');
    });

    after(() => story?.end());

    test(`S97 ${UPDATES} updates at ${RATE} messages a second over ${FLOWS} flows lose and double nothing`, async () => {
        const flows = [];
        for (let i = 0; i < FLOWS; i += 1) {
            flows.push(await story.flow(`load${i}`));
        }
        let accepted = 0;
        let inFlight = 0;
        const calls = [];
        const began = Date.now();
        const timer = setInterval(() => {
            for (const due = Math.floor((Date.now() - began) * RATE / 1000); accepted < due && inFlight < IN_FLIGHT; accepted += 1) {
                inFlight += 1;
                calls.push(flows[accepted % FLOWS].call(accepted).finally(() => { inFlight -= 1; }));
            }
        }, SLICE_MS);
        const update = async i => {
            const to = i % 2 ? '1.1.0' : '1.2.0';
            const operation = await story.update({ version: to });
            assert.equal(operation.flows.total, 0);
            // Of messages that were not there before: the new code serves.
            const seen = story.sink.requests.length;
            await story.sink.when(requests => requests.length > seen && requests.at(-1).body.version === to, `a message of ${to}`, 60000);
        };
        try {
            for (let i = 0; i < UPDATES; i += 1) {
                await update(i);
            }
        } finally {
            clearInterval(timer);
        }
        const updatedFor = Date.now() - began;
        const refused = (await Promise.all(calls)).filter(({ status }) => status !== 200);
        assert.equal(refused.length, 0, `every call is accepted: ${refused[0]?.text}`);
        await story.sink.when(requests => requests.length >= accepted, `${accepted} messages`, 120000);
        const loads = story.sink.requests;
        const numbers = loads.map(({ body }) => Number(body.n)).sort((a, b) => a - b);
        assert.deepEqual(numbers, Array.from({ length: accepted }, (_, i) => i), 'each once');
        const versions = new Set(loads.map(({ body }) => body.version));
        assert.deepEqual([...versions].sort(), ['1.1.0', '1.2.0']);
        for (const { flowId } of flows) {
            assert.equal(await story.stage(flowId), 'running');
        }
        let pause = 0;
        for (const { mark } of flows) {
            const times = loads.filter(({ url }) => url === `/${mark}`).map(({ at }) => at);
            times.forEach((at, i) => { pause = Math.max(pause, i ? at - times[i - 1] : 0); });
        }
        console.log(`${UPDATES} updates in ${updatedFor} ms, ${Math.round(1000 * accepted / updatedFor)} messages a second, ${accepted} in all: none lost, none doubled; longest pause of a flow ${pause} ms (a message each ${Math.round(1000 * FLOWS / RATE)} ms)`);
    });
});

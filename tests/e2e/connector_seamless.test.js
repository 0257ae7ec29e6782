'use strict';

/**
 * Compatible updates under load (S97): many flows, messages at a fixed rate, a connector updated again and again. Nothing
 * stops, nothing is lost or doubled. PATCHBAY_SEAMLESS_UPDATES, _RATE, _FLOWS and _BETWEEN say how much; the rate that was reached and
 * the longest pause of a flow are printed. Load and sink are those of bench/, processes of their own.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const LoadProcess = require('../../bench/load_process');
const { Story, action } = require('./connector_story');

const UPDATES = Number(process.env.PATCHBAY_SEAMLESS_UPDATES ?? 6);
const RATE = Number(process.env.PATCHBAY_SEAMLESS_RATE ?? 400);
const FLOWS = Number(process.env.PATCHBAY_SEAMLESS_FLOWS ?? 20);
const BETWEEN_S = Number(process.env.PATCHBAY_SEAMLESS_BETWEEN ?? 0.5);  // so many seconds of messages from one update to the next
const CONNECTIONS = 128;
const AT_MOST_S = 300;

// The component that is updated tells the sink by itself, so each message says which version took it and whether it did so once.
const code = number => `'use strict';
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
module.exports = {
    receive(context) {
        const { id, sent, to } = context.messages.in.content;
        const body = JSON.stringify({ id: Number(id), sent: Number(sent), version: '${number}' });
        return new Promise((resolve, reject) => {
            const headers = { 'content-type': 'application/json', 'content-length': body.length };
            http.request(to, { method: 'POST', agent, headers }, answer => answer.resume().on('end', resolve)).on('error', reject).end(body);
        });
    }
};
`;
const version = number => ({ version: number, components: { Send: action({ fields: { id: {}, sent: {}, to: {} }, outputs: [], code: code(number) }) } });

describe('A connector is updated under load', () => {

    let story;
    let load;
    let sink;
    let to;

    before(async () => {
        story = await Story.begin('seamless', { PATCHBAY_LOG_LEVEL: 'warn' });
        await story.offer(version('1.1.0'), version('1.2.0'));
        await story.install('1.1.0');
        load = new LoadProcess('http_load.js');
        sink = new LoadProcess('sink.js');
        to = `http://127.0.0.1:${(await sink.next()).port}`;
    });

    after(async () => {
        load?.end();
        sink?.end();
        await story?.end();
    });

    /** Webhook → story.mail.core.Send. */
    async function startFlow(mark) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const input = { id: `{{{$.${hook}.out.data.id}}}`, sent: `{{{$.${hook}.out.data.sent}}}`, to: `${to}/${mark}` };
        flow.add('story.mail.core.Send', { from: hook, input });
        const flowId = await story.admin.createFlow({ name: mark, flow: flow.descriptor });
        await story.admin.startFlow(flowId);
        return { flowId, hook };
    }

    test(`S97 ${UPDATES} updates at ${RATE} messages a second over ${FLOWS} flows lose and double nothing`, async () => {
        const flows = [];
        for (let i = 0; i < FLOWS; i += 1) {
            flows.push(await startFlow(`load${i}`));
        }
        const paths = flows.map(({ flowId, hook }) => `/flows/${flowId}/components/${hook}`);
        const loaded = load.order({ port: story.server.port, paths, connections: CONNECTIONS, seconds: AT_MOST_S, first: 1, rate: RATE });
        const began = Date.now();
        try {
            for (let i = 0; i < UPDATES; i += 1) {
                const to = i % 2 ? '1.1.0' : '1.2.0';
                const operation = await story.update({ version: to });
                assert.equal(operation.flows.total, 0);
                const { seen } = await sink.order({ order: 'next', containing: `"version":"${to}"` });
                await sink.order({ order: 'when', count: seen + RATE * BETWEEN_S });
            }
        } finally {
            load.tell({ stop: true });
        }
        const { sent, ok, refused } = await loaded;
        const seconds = (Date.now() - began) / 1000;
        assert.deepEqual({ refused, ok }, { refused: 0, ok: sent }, 'every call is accepted');
        await sink.order({ order: 'when', count: ok });
        for (const { flowId } of flows) {
            assert.equal(await story.stage(flowId), 'running');
        }
        const { seen, posts, pauseUs } = await sink.order({ order: 'state' });
        assert.deepEqual({ seen, posts }, { seen: ok, posts: ok }, 'each once');
        console.log(`${UPDATES} updates in ${seconds.toFixed(1)} s at ${Math.round(ok / seconds)} messages a second, ${ok} in all: none lost, none doubled; longest pause of a flow ${Math.round(pauseUs / 1000)} ms (a message each ${Math.round(1000 * FLOWS / RATE)} ms)`);
    });
});

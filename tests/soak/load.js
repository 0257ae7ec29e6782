'use strict';

const FlowBuilder = require('../e2e/flow_builder');
const { bundleZip } = require('../e2e/bundle_zip');
const { sleep } = require('../e2e/rest_client');

const CALLS_PER_SECOND = 30;
const ITEMS = 5;
// A join whose state could not be written leaves its timer behind, which then finds nothing to do.
const JOIN_TIMEOUT_S = 90;

const QUOTA = `'use strict';
module.exports = { rules: [{ limit: ${CALLS_PER_SECOND}, window: 1000, queueing: 'fifo', resource: 'calls' }] };
`;

const receive = body => `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n} };\n`;

/**
 * Count says that it is called before it counts, so that the count can be told from the calls: between the accepted messages and the calls.
 * Limited has a quota. Waits calls itself back after a second.
 */
const BUNDLE = bundleZip('test.soak', {
    components: {
        Count: { code: receive("    const { url } = context.properties;\n    await context.httpRequest.post(`${url}/counting`, { id: context.messages.in.content.id });\n    const n = await context.stateInc('n', 1);\n    await context.sendJson({ n, id: context.messages.in.content.id }, 'out');") },
        Limited: { manifest: { quota: { manager: 'test:soak', resources: 'calls' } }, code: receive("    await context.sendJson({ id: context.messages.in.content.id, at: Date.now() }, 'out');") },
        Waits: { code: receive("    if (context.messages.timeout) { await context.sendJson(context.messages.timeout.content, 'out'); return; }\n    await context.setTimeout({ id: context.messages.in.content.id }, 1000);") }
    },
    extra: { 'test/soak/quota.js': QUOTA }
});

const STARTERS = ['patchbay.utils.http', 'patchbay.utils.controls', 'patchbay.utils.timers'];

/** The flows, by name: each begins with a webhook and ends at the sink's path of its name with the call's id. */
const FLOWS = {
    chain: (flow, hook, end) => end(flow.add('patchbay.utils.controls.SetVariable', { from: hook, input: { variables: { ADD: [{ type: 'text', name: 'a', text: 'b' }] } } }), `{{{$.${hook}.out.data.id}}}`),
    wait: (flow, hook, end) => {
        const wait = flow.add('test.soak.core.Waits', { from: hook, input: { id: `{{{$.${hook}.out.data.id}}}` } });
        end(wait, `{{{$.${wait}.out.id}}}`);
    },
    quota: (flow, hook, end) => {
        const limited = flow.add('test.soak.core.Limited', { from: hook, input: { id: `{{{$.${hook}.out.data.id}}}` } });
        end(limited, `{{{$.${limited}.out.id}}}`, { at: `{{{$.${limited}.out.at}}}` });
    },
    join: (flow, hook, end) => {
        const each = flow.add('patchbay.utils.controls.Each', { from: hook, input: { list: `{{{$.${hook}.out.data.list}}}` } });
        const join = flow.add('patchbay.utils.controls.Join', {
            from: { id: each, port: 'item' },
            input: { count: `{{{$.${each}.item.count}}}`, correlationId: `{{{$.${each}.item.correlationId}}}`, item: `{{{$.${each}.item.item}}}`, index: `{{{$.${each}.item.index}}}`, timeout: JOIN_TIMEOUT_S }
        });
        end(join, `{{{$.${hook}.out.data.id}}}`, { items: `{{{$.${join}.out.items}}}` });
    },
    count: (flow, hook, end, url) => {
        const count = flow.add('test.soak.core.Count', { from: hook, input: { id: `{{{$.${hook}.out.data.id}}}` }, properties: { url } });
        end(count, `{{{$.${count}.out.id}}}`, { n: `{{{$.${count}.out.n}}}` });
    }
};

async function install(admin, sinkUrl) {
    const flows = {};
    for (const [name, build] of Object.entries(FLOWS)) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const end = (from, id, more = {}) => flow.add('patchbay.utils.http.Request', { from, input: { url: `${sinkUrl}/${name}`, method: 'POST', body: { id, ...more } } });
        build(flow, hook, end, sinkUrl);
        const flowId = await admin.createFlow({ name, flow: flow.descriptor });
        await admin.startFlow(flowId);
        flows[name] = { flowId, path: `/flows/${flowId}/components/${hook}?enqueueOnly=true` };
    }
    return flows;
}

/** Calls one flow at a steady pace until told to stop, and keeps count of what was accepted and what arrived at the sink. */
class Load {

    constructor(name, path, callsPerSecond) {
        Object.assign(this, { name, path, pauseMs: 1000 / callsPerSecond });
        this.next = 0;
        this.accepted = new Set();
        this.unanswered = 0;
        this.refusals = {};
        this.arrivals = new Map();
    }

    async run(server, goesOn) {
        const calls = new Set();
        while (goesOn()) {
            const call = this.#call(server.client(), this.next++).finally(() => calls.delete(call));
            calls.add(call);
            await sleep(this.pauseMs);
        }
        await Promise.all(calls);
    }

    async #call(client, id) {
        try {
            const { status } = await client.call('POST', this.path, { json: { id, list: Array.from({ length: ITEMS }, (unused, i) => `${id}/${i}`) } });
            if (status === 202) {
                this.accepted.add(id);
            } else {
                this.refusals[status] = (this.refusals[status] ?? 0) + 1;
            }
        } catch (err) {
            this.unanswered += 1;  // the server was gone: accepted or not, nobody knows
        } finally {
            client.agent.destroy();
        }
    }

    arrived(body) {
        this.arrivals.set(body.id, [...this.arrivals.get(body.id) ?? [], body]);
    }

    get missing() {
        return [...this.accepted].filter(id => !this.arrivals.has(id));
    }

    get duplicates() {
        return [...this.arrivals.values()].reduce((sum, all) => sum + all.length - 1, 0);
    }
}

module.exports = { BUNDLE, STARTERS, ITEMS, CALLS_PER_SECOND, Load, install };

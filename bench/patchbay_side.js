'use strict';

const FlowBuilder = require('../tests/e2e/flow_builder');
const { Server } = require('../tests/e2e/server');
const { publishStarters } = require('../tests/e2e/starter_zips');

/** Patchbay as it comes: every hop durable, logs at their default. */
module.exports = class PatchbaySide {

    static label = 'Patchbay';

    static async start({ node, sinkPort, env = {} }) {
        const side = new PatchbaySide();
        side.server = await Server.start({ name: 'bench', env: { PATCHBAY_NODE: node, ...env } });
        side.port = side.server.port;
        side.pid = side.server.pid;
        side.admin = await side.server.admin();
        await publishStarters(side.admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        side.paths = { A: await running(side.admin, 'A', flowA()), B: await running(side.admin, 'B', flowB(sinkPort)) };
        return side;
    }

    path(flow) {
        return this.paths[flow];
    }

    /** The path of one more flow A. */
    anotherA() {
        return running(this.admin, 'A', flowA());
    }

    async stop() {
        await this.server.stop();
    }
};

async function running(admin, name, { descriptor, hook }) {
    const flowId = await admin.createFlow({ name: `Bench ${name}`, flow: descriptor });
    await admin.startFlow(flowId);
    return `/flows/${flowId}/components/${hook}`;
}

const setVariable = (flow, from, name, value) => flow.add('patchbay.utils.controls.SetVariable', {
    from, input: { variables: { ADD: [{ type: 'text', name, text: value }] } }
});

/** Webhook in, set one field, respond. */
function flowA() {
    const flow = new FlowBuilder();
    const hook = flow.add('patchbay.utils.http.Webhook');
    const set = setVariable(flow, hook, 'status', 'seen');
    flow.add('patchbay.utils.http.Response', {
        from: set,
        input: {
            statusCode: 200,
            body: { id: `{{{$.${hook}.out.data.id}}}`, sent: `{{{$.${hook}.out.data.sent}}}`, text: `{{{$.${hook}.out.data.text}}}`, status: `{{{$.${set}.out.status}}}` }
        }
    });
    return { descriptor: flow.descriptor, hook };
}

/** Webhook in, answered at once, three steps, POST to the sink. */
function flowB(sinkPort) {
    const flow = new FlowBuilder();
    const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
    const first = setVariable(flow, hook, 'first', 'one');
    const second = setVariable(flow, first, 'second', 'two');
    const third = setVariable(flow, second, 'third', 'three');
    flow.add('patchbay.utils.http.Request', {
        from: third,
        input: {
            url: `http://127.0.0.1:${sinkPort}/`,
            method: 'POST',
            body: {
                id: `{{{$.${hook}.out.data.id}}}`, sent: `{{{$.${hook}.out.data.sent}}}`, text: `{{{$.${hook}.out.data.text}}}`,
                first: `{{{$.${first}.out.first}}}`, second: `{{{$.${second}.out.second}}}`, third: `{{{$.${third}.out.third}}}`
            }
        }
    });
    return { descriptor: flow.descriptor, hook };
}

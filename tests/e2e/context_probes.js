'use strict';

const assert = require('node:assert/strict');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');

const KINDS = ['receive', 'start', 'stop', 'tick', 'signal'];

// In front of every probe. `failure` tries something that must fail, and gives what a component sees of the error.
const PRELUDE = `'use strict';
const failure = async attempt => {
    try {
        await attempt();
    } catch (err) {
        return { ...err, name: err.name, message: err.message, isError: err instanceof Error };
    }
    return 'no error';
};
const shown = value => JSON.parse(JSON.stringify(value, (key, member) => (member === undefined ? '(undefined)' : member)) ?? '"(undefined)"');
const post = async (context, content) => (await context.httpRequest.post(context.properties.url, shown(content))).data;
`;

const ANSWERING = `module.exports.receive = async function (context) {
    const seen = await probe.receive(context);
    await context.response({ seen: shown(seen) });
};
`;

function member(kind, method) {
    const text = String(method);
    return /^(async )?(receive|start|stop|tick|signal)\(/.test(text) ? text : `${kind}: ${text}`;
}

function code(probe) {
    const members = KINDS.filter(kind => probe[kind]).map(kind => member(kind, probe[kind]));
    const answering = probe.receive && !probe.silent ? ANSWERING : '';
    return `${PRELUDE}const probe = { ${members.join(',\n')} };\nmodule.exports = { ...probe };\n${answering}${probe.extra ?? ''}`;
}

const ENTRY = {
    manifest: { webhook: true, trigger: true, inPorts: [] },
    code: "'use strict';\nmodule.exports = { receive: context => context.sendJson(context.messages.webhook.content.data, 'out') };\n"
};

/**
 * A server with a connector whose components try members of `context` and tell what they saw.
 *
 * A probe is {manifest?, receive?, start?, stop?, tick?, signal?, silent?, extra?}. Its methods are functions of `context`; they travel as their
 * text, so they use nothing from around them but `failure`, `shown` and `post` (to the URL in its properties). What `receive`
 * returns answers the caller of its flow, unless `silent`; a value `undefined` inside it arrives as '(undefined)'.
 */
module.exports = class ContextProbes {

    static async begin(service, probes, { extra = {}, answer, config = {} } = {}) {
        const made = new ContextProbes();
        made.service = service;
        try {
            made.sink = await Sink.start(answer);
            made.server = await Server.start({ name: service });
            made.admin = await made.server.admin();
            made.caller = made.server.client();
            for (const [key, value] of Object.entries(config)) {
                await made.admin.post('/config', { key, value });
            }
            await made.publish(service, probes, extra);
        } catch (err) {
            await made.end();
            throw err;
        }
        return made;
    }

    async publish(service, probes, extra) {
        const components = { Entry: ENTRY };
        for (const [name, probe] of Object.entries(probes)) {
            components[name] = { manifest: probe.manifest, code: code(probe) };
        }
        const result = await this.admin.publish(bundleZip(service, { components, extra }));
        assert.equal(result.err, undefined, JSON.stringify(result));
    }

    async end() {
        await this.server?.stop();
        await this.sink?.stop();
    }

    type(name) {
        return `${this.service}.core.${name}`;
    }

    /** Where components post to: the sink, at /<mark>. */
    url(mark) {
        return `${this.sink.url}/${mark}`;
    }

    /** Bodies of the first `count` requests at /<mark>. */
    async posted(mark, count = 1) {
        const at = requests => requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
        return await this.sink.when(requests => at(requests).length >= count && at(requests), `${count} requests at /${mark}`);
    }

    /**
     * A running flow Entry → probe. `input`, `properties`, `label`: of the probe; `more(flow, probe)` adds to the flow; `document`:
     * further members of the flow; `prepare(flowId, probe)` runs before the start. Gives {flowId, entry, probe, call(data)}.
     */
    async flow(name, { input, properties, label, more = () => {}, document = {}, prepare = () => {}, client = this.admin } = {}) {
        const flow = new FlowBuilder();
        const entry = flow.add(this.type('Entry'));
        const probe = flow.add(this.type(name), { from: entry, input, properties, label });
        const made = more(flow, probe, entry);
        const flowId = await client.createFlow({ name, flow: flow.descriptor, ...document });
        await prepare(flowId, probe);
        await client.startFlow(flowId);
        const call = (data = {}) => this.caller.call('POST', `/flows/${flowId}/components/${entry}`, { json: data });
        const seen = async data => {
            const answer = await call(data);
            assert.equal(answer.status, 200, answer.text);
            return answer.body.seen;
        };
        return { flowId, entry, probe, made, call, seen };
    }

    /** What a probe saw in a flow of its own that was called once. */
    async seen(name, { data, ...options } = {}) {
        return (await this.flow(name, options)).seen(data);
    }

    /** A flow whose only component is the probe; `seen(path, options)` calls its webhook. */
    async alone(name, options) {
        const flow = new FlowBuilder();
        const probe = flow.add(this.type(name), options);
        const flowId = await this.admin.createFlow({ name, flow: flow.descriptor });
        await this.admin.startFlow(flowId);
        const path = `/flows/${flowId}/components/${probe}`;
        return { flowId, probe, path, call: (data = {}, query = '') => this.caller.call('POST', path + query, { json: data }) };
    }
};

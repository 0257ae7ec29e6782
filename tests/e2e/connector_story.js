'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');

const CatalogueFolder = require('./catalogue_folder');
const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const { Server, freePort } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const field = (name, more = {}) => ({ type: 'text', label: name, ...more });

/** An action that hands on what comes, with the version that ran it. `fields`: of its port `in`; `outputs`: of `out`. */
function action({ version, fields = { text: {} }, required = [], outputs = ['text', 'version'], auth, code } = {}) {
    return {
        manifest: {
            auth,
            inPorts: [{
                name: 'in',
                schema: { type: 'object', properties: Object.fromEntries(Object.keys(fields).map(name => [name, { type: 'string' }])), required },
                inspector: { inputs: Object.fromEntries(Object.entries(fields).map(([name, more]) => [name, field(name, more)])) }
            }],
            outPorts: [{ name: 'out', options: outputs.map(value => ({ label: value, value })) }]
        },
        code: code ?? `'use strict';\nmodule.exports = { async receive(context) { await context.sendJson({ ...context.messages.in.content, version: '${version}' }, 'out'); } };\n`
    };
}

/** A server with a catalogue of its own, a connector `story.mail` to be changed, and flows that use it. */
class Story {

    /** `prepare(server)`: before it starts. */
    static async begin(name, env = {}, prepare = () => {}) {
        const story = new Story();
        story.sink = await Sink.start();
        story.server = new Server({ name, env });
        story.server.port = await freePort();
        story.catalogue = new CatalogueFolder(path.join(story.server.folder, 'catalogue'));
        prepare(story.server);
        await story.server.start();
        await story.signIn();
        await publishStarters(story.admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        await story.set('CONNECTOR_CATALOGUE_URL', story.catalogue.folder);
        return story;
    }

    async end() {
        await this.server?.stop();
        await this.sink?.stop();
    }

    async signIn() {
        this.admin = await this.server.admin();
        this.caller = this.server.client();
    }

    async restart() {
        await this.server.start();
        await this.signIn();
    }

    set(key, value) {
        return this.admin.post('/config', { key, value });
    }

    /** Versions of `story.mail`, each {version, components…}; on offer at once. */
    async offer(...versions) {
        for (const version of versions) {
            this.catalogue.add(version.name ?? 'story.mail', version);
        }
        await this.refresh();
    }

    async refresh() {
        await this.admin.post('/connectors/refresh', {});
    }

    /** The end of an operation. */
    async ended(ticket) {
        let last;
        await until(async () => {
            last = await this.admin.get(`/connectors/operations/${ticket}`);
            return last.status !== 'in-progress';
        }, `the end of operation ${ticket}`, 120000);
        return last;
    }

    async begun(method, url, body) {
        const answer = await this.admin.call(method, url, { json: body });
        assert.equal(answer.status, 202, answer.text);
        return answer.body.ticket;
    }

    async done(method, url, body) {
        const operation = await this.ended(await this.begun(method, url, body));
        assert.equal(operation.status, 'completed', JSON.stringify(operation));
        return operation;
    }

    install(version, name = 'story.mail') {
        return this.done('POST', `/connectors/${name}/install`, { version });
    }

    update(body, name = 'story.mail') {
        return this.done('POST', `/connectors/${name}/update`, body);
    }

    rollback(body = {}, name = 'story.mail') {
        return this.done('POST', `/connectors/${name}/rollback`, body);
    }

    async version(name = 'story.mail') {
        return (await this.admin.get('/bundles')).find(bundle => bundle.bundleId === name)?.version;
    }

    /** Webhook → story.mail.core.Send → sink at /<mark>. Gives {flowId, hook, send, call(n)}. `input`: of Send; `client`: whose flow. */
    async flow(mark, { input, client = this.admin, start = true, type = 'story.mail.core.Send', body, document = {} } = {}) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const send = flow.add(type, { from: hook, input: input ?? { text: `{{{$.${hook}.out.data.n}}}` } });
        flow.add('patchbay.utils.http.Request', {
            from: send,
            input: { url: `${this.sink.url}/${mark}`, method: 'POST', body: body?.(send) ?? { n: `{{{$.${send}.out.text}}}`, version: `{{{$.${send}.out.version}}}` } }
        });
        const flowId = await client.createFlow({ name: mark, flow: flow.descriptor, ...document });
        if (start) {
            await client.startFlow(flowId);
        }
        const call = n => this.caller.call('POST', `/flows/${flowId}/components/${hook}`, { json: { n: String(n) } });
        return { flowId, hook, send, call, mark, descriptor: flow.descriptor };
    }

    async stage(flowId) {
        return (await this.admin.get(`/flows/${flowId}`)).stage;
    }

    /** Bodies the sink got at /<mark>. */
    at(mark) {
        return this.sink.requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
    }

    async arrived(mark, count) {
        await this.sink.when(() => this.at(mark).length >= count, `${count} requests at /${mark}`, 60000);
        return this.at(mark);
    }
}

module.exports = { Story, action };

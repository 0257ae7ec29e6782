'use strict';

/** Static calls: what fills selects and variable lists. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

const receive = body => `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n}, toOptions: rows => rows.map(({ name }) => ({ label: name.toUpperCase(), value: name })) };\n`;
const BUNDLE = {
    components: {
        List: {
            manifest: { private: true, outPorts: [{ name: 'out' }, { name: 'other' }], inPorts: [{ name: 'in', schema: { type: 'object', properties: { limit: { type: 'number' } } } }] },
            code: receive("const { limit = 2 } = context.messages.in.content; await context.sendJson(['ada', 'bob', 'cyd'].slice(0, limit).map(name => ({ name })), 'out'); await context.sendJson({ of: context.componentId, auth: context.auth.apiKey ?? null, prefix: context.properties.prefix ?? null, type: context.flowDescriptor?.[context.componentId]?.type ?? null }, 'other');")
        },
        Reaches: { code: receive("const refused = []; for (const reach of [() => context.stopFlow(), () => context.setTimeout({ n: 1 }, 1), () => context.response({}), () => context.store.registerWebhook('x', [])]) { try { await reach(); } catch (err) { refused.push(err.message); } } await context.sendJson(refused, 'out');") },
        Fails: { code: receive("throw new context.CancelError('the remote service said no');") },
        Ends: { code: receive('process.exit(1);') },
        Stores: { code: receive("await context.sendJson((await context.callAppmixer({ endPoint: '/stores', method: 'GET' })).map(({ name }) => name), 'out');") }
    }
};

describe('Static calls', () => {

    let server;
    let admin;
    const at = (name, query = '?outPort=out') => `/component/test/forms/core/${name}${query}`;

    before(async () => {
        server = await Server.start({ name: 'static' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.storage');
        const result = await admin.publish(bundleZip('test.forms', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
    });

    after(() => server?.stop());

    test('It answers what the component sent to the port, raw, also of a private component and without a body', async () => {
        assert.deepEqual(await admin.post(at('List'), {}), [{ name: 'ada' }, { name: 'bob' }]);
        assert.deepEqual(await admin.must('POST', at('List', '')), [{ name: 'ada' }, { name: 'bob' }], 'the first port');
        assert.deepEqual(await admin.post(at('List'), { messages: { in: { limit: '1' } } }), [{ name: 'ada' }], 'coerced as in a flow');
        assert.deepEqual(await admin.post(at('List'), { messages: { 'in/limit': 3 }, transform: './List#toOptions' }), ['ada', 'bob', 'cyd'].map(value => ({ label: value.toUpperCase(), value })));
        assert.equal((await admin.post(at('List', '?outPort=other'), { properties: { prefix: 'x' } })).prefix, 'x');
    });

    test('The starter connector lists data stores of the caller', async () => {
        const user = await person(admin);
        const { storeId } = await user.post('/stores', { name: 'Mine' });
        const list = await user.post('/component/patchbay/utils/storage/ListStores?outPort=out', {});
        assert.match(JSON.stringify(list), new RegExp(storeId));
        assert.doesNotMatch(JSON.stringify(await admin.post('/component/patchbay/utils/storage/ListStores?outPort=out', {})), new RegExp(storeId));
    });

    test('It cannot reach into a flow, nor take the server with it', async () => {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        const flowId = await admin.createFlow({ name: 'Reached', flow: flow.descriptor });
        await admin.startFlow(flowId);
        const refusals = await admin.post(at('Reaches'), { componentId: hook });
        assert.equal(refusals.length, 4, JSON.stringify(refusals));
        refusals.forEach(message => assert.match(message, /not available in a static call/));
        assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'running');
        refused(await admin.call('POST', at('List'), { json: { messages: { [`in${'/x'.repeat(20)}`]: 1 } } }), 400);
        const reader = await person(admin);
        await admin.put(`/flows/${flowId}?forceUpdate=true`, { sharedWith: [{ email: reader.email, permissions: ['read', 'start'] }] });
        assert.equal((await reader.get(`/flows/${flowId}`)).flowId, flowId);
        refused(await reader.call('POST', at('List'), { json: { componentId: hook } }), 404);
        await admin.stopFlow(flowId);
    });

    test('It knows the component that asks, in a flow its caller may change, and no other', async () => {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        await admin.createFlow({ name: 'Forms', flow: flow.descriptor });
        assert.deepEqual(await admin.post(at('List', '?outPort=other'), { componentId: hook }), { of: hook, auth: null, prefix: null, type: 'patchbay.utils.http.Webhook' });
        const stranger = await person(admin);
        refused(await stranger.call('POST', at('List'), { json: { componentId: hook } }), 404);
        assert.deepEqual((await stranger.post(at('List', '?outPort=other'), { componentId: 'not saved yet' })).of, 'not saved yet');
    });

    test('Failures are the component\'s words; nobody else notices', async () => {
        const failed = await admin.call('POST', at('Fails'), { json: {} });
        refused(failed, 400);
        assert.match(failed.body.message, /the remote service said no/);
        const lost = await admin.call('POST', at('Ends'), { json: {} });
        assert.ok(lost.status >= 500, lost.text);
        assert.deepEqual(await admin.post(at('List'), { messages: { in: { limit: 1 } } }), [{ name: 'ada' }]);
        refused(await admin.call('POST', at('None'), { json: {} }), 404);
        refused(await admin.call('POST', at('List'), { json: { messages: [] } }), 400);
        refused(await admin.call('POST', at('List'), { json: { messages: { in: { limit: 'many' } } } }), 400);
        refused(await server.client().call('POST', at('List'), { json: {} }), 401);
    });
});

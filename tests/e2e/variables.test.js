'use strict';

/** What a designer offers for the fields of a flow (rest-api §15), and what a transform makes of a message (§16). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const { bundleZip } = require('./bundle_zip');
const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');

const OUT = {
    name: 'out',
    options: [{ label: 'Amount', value: 'amount', schema: { type: 'number' } }, { label: 'City', value: 'address.city' }]
};
const INSPECTOR = { inputs: { text: { type: 'text', label: 'Text', index: 1 } } };

describe('Variables and transforms', () => {

    let server;
    let admin;
    let owner;
    let wrong;
    let flowId;
    const ids = {};

    before(async () => {
        server = await Server.start({ name: 'variables' });
        admin = await server.admin();
        owner = await person(admin);
        wrong = await person(admin);
        const source = (name, data) => ({ url: `/component/acme/offers/core/${name}?outPort=out`, data });
        const component = manifest => ({ manifest, code: 'module.exports = { receive() {} };' });
        const published = await admin.publish(bundleZip('acme.offers', {
            components: {
                Order: component({ inPorts: undefined, trigger: true, outPorts: [OUT] }),
                Step: component({
                    inPorts: [{ name: 'in', inspector: INSPECTOR }],
                    outPorts: [{ name: 'out', schema: { type: 'object', properties: { id: { type: 'string', title: 'Id' } } } }, 'plain'],
                    properties: { schema: { type: 'object' }, inspector: { inputs: { days: { type: 'number' } } } }
                }),
                Asks: component({
                    inPorts: ['in'],
                    outPorts: [{ name: 'out', source: source('Fields', { properties: { table: 'properties/table', 'a/b': 'literal' },
                        messages: { 'in/id': 'inputs/in/id' }, transform: './Fields#toFields' }) }]
                }),
                Fails: component({ outPorts: [{ name: 'out', source: source('Broken', {}) }] }),
                Waits: component({ outPorts: [{ name: 'out', source: source('Fields', { messages: { 'in/id': 'inputs/in/id' } }) }] }),
                // Each answer tells how often it was asked, so that a remembered one is known.
                Fields: { manifest: { private: true }, code: `let asked = 0;
                    module.exports = {
                        async receive(context) { await context.sendJson({ properties: context.properties, id: context.messages.in.content.id, asked: ++asked }, 'out'); },
                        toFields: ({ properties, id, asked }) => [
                            { label: 'Asked ' + asked, value: properties.table + '.' + properties.a.b + '.' + id, schema: { type: 'string' } }]
                    };` },
                Form: component({
                    inPorts: [{ name: 'in', inspector: { inputs: {
                        board: { type: 'select', source: source('Boards', { properties: { of: 'properties/team' }, transform: './Boards#toOptions' }) },
                        late: { type: 'select', source: source('Boards', { properties: { of: 'inputs/in/team' } }) },
                        bad: { type: 'select', source: source('Broken', {}) }
                    } } }, { name: 'whole', source: source('Boards', { properties: { of: 'properties/team' }, transform: './Boards#toInspector' }) }],
                    properties: { schema: { type: 'object' }, inspector: { inputs: {
                        team: { type: 'select', source: source('Boards', { properties: { of: 'all' }, transform: './Boards#toOptions' }) },
                        bad: { type: 'select', source: source('Broken', {}) } } } }
                }),
                Boards: { manifest: { private: true }, code: `module.exports = {
                        async receive(context) { await context.sendJson(['a', 'b'].map(name => context.properties.of + '-' + name), 'out'); },
                        toOptions: names => names.map(value => ({ label: value.toUpperCase(), value })),
                        toInspector: names => ({ inputs: Object.fromEntries(names.map(name => [name, { type: 'text' }])) })
                    };` },
                Broken: { manifest: { private: true }, code: 'module.exports = { receive() { throw new Error("no such table"); } };' }
            }
        }));
        assert.equal(published.err, undefined);
        const flow = new FlowBuilder();
        ids.order = flow.add('acme.offers.core.Order');
        ids.step = flow.add('acme.offers.core.Step', { from: ids.order });
        ids.asks = flow.add('acme.offers.core.Asks', {
            from: [{ id: ids.step, port: 'plain' }, { id: ids.step, port: 'error' }], input: { id: 'i7' }, properties: { table: 'orders' }
        });
        ids.fails = flow.add('acme.offers.core.Fails', { from: ids.asks });
        ids.waits = flow.add('acme.offers.core.Waits', { from: ids.asks, input: { id: `{{{$.${ids.order}.out.amount}}}` } });
        ids.last = flow.add('acme.offers.core.Step', { from: [ids.fails, ids.waits] });
        ids.gone = flow.add('acme.none.core.Gone', { from: ids.order });
        flowId = await owner.createFlow({ name: 'Offers', flow: flow.descriptor });
    });

    after(() => server?.stop());

    const fetch = (body = {}, query = '') => owner.post(`/variables/${flowId}/fetch${query}`, body);
    const labels = list => list.map(({ componentId, port, label }) => [componentId, port, label]);

    test('Each link offers what its sender and all before it send, and the raw output of each port', async () => {
        const { components, flow } = await fetch();
        assert.deepEqual(Object.keys(components), Object.values(ids));
        const link = components[ids.step].links.in[ids.order].out;
        assert.deepEqual(link.inspector, INSPECTOR);
        assert.deepEqual(link.variables.static, {});
        assert.deepEqual(link.variables.dynamic[0], {
            componentId: ids.order, port: 'out', label: 'Amount', value: `{{{$.${ids.order}.out.amount}}}`, hardwired: true, schema: { type: 'number' }
        });
        assert.deepEqual(link.variables.dynamic.map(({ value }) => value), [
            `{{{$.${ids.order}.out.amount}}}`, `{{{$.${ids.order}.out.address.city}}}`, `{{{$.${ids.order}.out}}}`
        ]);
        const plain = components[ids.asks].links.in[ids.step].plain.variables.dynamic;
        assert.deepEqual(labels(plain), [
            [ids.step, 'out', 'Id'], [ids.step, 'out', 'Raw Output'], [ids.step, 'plain', 'Raw Output'],
            [ids.order, 'out', 'Amount'], [ids.order, 'out', 'City'], [ids.order, 'out', 'Raw Output']
        ]);
        const error = components[ids.asks].links.in[ids.step].error.variables.dynamic;
        assert.ok(error.some(({ value }) => value === `{{{$.${ids.step}.error.error.message}}}`));
        assert.deepEqual(components[ids.order].links, {});
        assert.deepEqual(components[ids.step].properties.inspector, { inputs: { days: { type: 'number' } }, groups: {}, errors: { inputs: [] } });
        assert.deepEqual(flow.map(({ name }) => name).sort(), ['g_customFields', 'g_flowId', 'g_flowName', 'g_now', 'g_pi', 'g_random',
            'g_timestamp', 'g_userId', 'g_uuid4', 'g_webhookUrl']);
    });

    test('Fields that a component tells are asked for, with the values of the one that has them, and remembered', async () => {
        const fields = async body => (await fetch(body)).components[ids.fails].links.in[ids.asks].out.variables.dynamic[0];
        const first = await fields({});
        assert.deepEqual(first, {
            componentId: ids.asks, port: 'out', label: first.label, value: `{{{$.${ids.asks}.out.orders.literal.i7}}}`, hardwired: true, schema: { type: 'string' }
        });
        assert.match(first.label, /^Asked \d+$/);
        assert.equal((await fields({})).label, first.label);
        assert.notEqual((await fields({ useCache: false })).label, first.label);
    });

    test('A call that fails or cannot be made, and a component that is gone, are named in errors, never an error of the request', async () => {
        const { components } = await fetch();
        const link = components[ids.last].links.in[ids.fails].out.variables;
        assert.deepEqual(labels(link.dynamic)[0], [ids.fails, 'out', 'Raw Output']);
        const { message, url } = link.errors.find(({ componentId }) => componentId === ids.fails);
        assert.match(message, /no such table/);
        assert.equal(url, '/component/acme/offers/core/Broken?outPort=out');
        // Its value is a variable, which only a message fills.
        const waits = components[ids.last].links.in[ids.waits].out.variables;
        assert.match(waits.errors.find(({ componentId }) => componentId === ids.waits).message, /was not made/);
        assert.deepEqual(components[ids.gone].links.in[ids.order].out.inspector, {});
    });

    test('Choices of fields and whole forms that a component tells are asked for with the form\'s own values', async () => {
        const flow = new FlowBuilder();
        const order = flow.add('acme.offers.core.Order');
        const form = flow.add('acme.offers.core.Form', { from: order, input: { team: `{{{$.${order}.out.amount}}}` }, properties: { team: 'red' } });
        flow.descriptor[form].source.whole = { [order]: ['out'] };
        const id = await owner.createFlow({ name: 'Forms', flow: flow.descriptor });
        const read = async (client, components) => (await client.post(`/variables/${id}/fetch`, { components })).components[form];
        const { links, properties } = await read(owner, { IDs: [form], links: true, properties: true });
        const options = of => ['a', 'b'].map(name => ({ label: `${of}-${name}`.toUpperCase(), value: `${of}-${name}` }));
        assert.deepEqual(properties.variables.static, { team: options('all') });
        assert.deepEqual(properties.variables.errors.map(({ componentId, field, url }) => [componentId, field, url]), [[form, 'bad', '/component/acme/offers/core/Broken?outPort=out']]);
        assert.match(properties.variables.errors[0].message, /no such table/);
        assert.deepEqual(Object.keys(properties.inspector.inputs), ['team', 'bad'], 'the form itself stays');
        const link = links.in[order].out;
        assert.deepEqual(link.variables.static, { board: options('red') }, 'what only a message fills has none, and is no error');
        assert.deepEqual(link.variables.errors.map(({ field }) => field), ['bad']);
        assert.deepEqual(links.whole[order].out.inspector, { inputs: { 'red-a': { type: 'text' }, 'red-b': { type: 'text' } } });
        assert.deepEqual((await read(owner, { IDs: [form], links: true, properties: false })).links.in[order].out.variables.static, { board: options('red') });
        assert.deepEqual((await read(owner, { IDs: [form], links: false, properties: true })).properties.variables.static, { team: options('all') });
        await owner.put(`/flows/${id}`, { sharedWith: [{ email: wrong.email, permissions: ['read'] }] });
        const seen = await read(wrong, { IDs: [form], links: true, properties: true });
        assert.deepEqual([seen.properties.variables, seen.links.in[order].out.variables.static], [{ static: {} }, {}], 'who only reads asks no component');
    });

    test('Only what was asked for; compressed, an entry stands once', async () => {
        const only = await fetch({ flow: false, components: { IDs: [ids.step], links: true, properties: false } });
        assert.deepEqual(Object.keys(only), ['components']);
        assert.deepEqual(Object.keys(only.components), [ids.step]);
        assert.deepEqual(Object.keys(only.components[ids.step]), ['links']);

        const whole = await fetch();
        const packed = await fetch({}, '?compress=true');
        const unpacked = packed.components[ids.last].links.in[ids.fails].out.variables.refs.map(at => packed.dynamicComponentVariables[at]);
        assert.deepEqual(unpacked, whole.components[ids.last].links.in[ids.fails].out.variables.dynamic);
    });

    test('Who may read the flow sees them, nobody else', async () => {
        refused(await wrong.call('POST', `/variables/${flowId}/fetch`, { json: {} }), 404);
        for (const body of [{ components: 7 }, { components: { IDs: [7] } }, []]) {
            refused(await owner.call('POST', `/variables/${flowId}/fetch`, { json: body }), 400);
        }
        await owner.put(`/flows/${flowId}`, { sharedWith: [{ email: wrong.email, permissions: ['read'] }] });
        // Who only reads asks no component: that would act by the owner's accounts.
        const { components } = await wrong.post(`/variables/${flowId}/fetch`, {});
        const { dynamic, errors } = components[ids.fails].links.in[ids.asks].out.variables;
        assert.deepEqual(labels(dynamic)[0], [ids.asks, 'out', 'Raw Output']);
        assert.match(errors[0].message, /was not made/);
    });

    test('A transform is tried out in a mapper, with the modifiers of the server', async () => {
        const made = await owner.post('/modifiers/transform', {
            transform: {
                type: 'json2new',
                modifiers: { name: { m1: { variable: '$.first.out.name', functions: [{ name: 'g_uppercase' }] } } },
                lambda: { name: 'Dear {{{m1}}}', fixed: 7 }
            },
            scope: { first: { out: { name: 'ada' } } }
        });
        assert.deepEqual(made, { name: 'Dear ADA', fixed: 7 });
        refused(await owner.call('POST', '/modifiers/transform', { json: { transform: 'text' } }), 400);
    });
});

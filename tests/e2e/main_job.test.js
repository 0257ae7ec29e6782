'use strict';

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const { alive, Server } = require('./server');
const { until } = require('./rest_client');
const { starterZip } = require('./starter_zips');
const Sink = require('./sink');

describe('The main job: publish a connector, run a flow from it', () => {

    let server;
    let sink;
    let admin;
    let flowId;
    let hook;
    let request;

    before(async () => {
        sink = await Sink.start(({ body }) => ({ body: JSON.stringify({ got: body.order }) }));
        server = await Server.start();
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    test('The admin of the first start signs in', async () => {
        admin = await server.admin();
        assert.equal((await admin.get('/user')).scope.includes('admin'), true);
    });

    test('S82 S83 A starter connector is published from its zip, behind a ticket', async () => {
        for (const name of ['patchbay.utils.http', 'patchbay.utils.controls']) {
            const result = await admin.publish(starterZip(name));
            assert.equal(result.err, undefined, JSON.stringify(result));
            assert.match(result.finished, /^\d{4}-\d\d-\d\dT/);
        }
    });

    test('S24 Its components are listed at once, each with its manifest', async () => {
        const components = await admin.get('/apps/components?app=patchbay.utils.http');
        assert.deepEqual(components.map(({ name }) => name).sort(), ['patchbay.utils.http.Request', 'patchbay.utils.http.Response', 'patchbay.utils.http.Webhook']);
        assert.ok((await admin.get('/components')).includes('patchbay.utils.controls.SetVariable'));
        assert.ok('patchbay.utils.http' in await admin.get('/apps'));
    });

    test('A flow webhook → set variable → request → response is created and started', async () => {
        const flow = new FlowBuilder();
        hook = flow.add('patchbay.utils.http.Webhook');
        const set = flow.add('patchbay.utils.controls.SetVariable', {
            from: hook,
            input: { variables: { ADD: [{ type: 'text', name: 'greeting', text: `Hello {{{$.${hook}.out.data.name}}}!` }, { type: 'number', name: 'order', number: `{{{$.${hook}.out.data.order}}}` }] } }
        });
        request = flow.add('patchbay.utils.http.Request', { from: set, input: { url: `${sink.url}/orders`, method: 'POST', body: { order: `{{{$.${set}.out.order}}}` } } });
        flow.add('patchbay.utils.http.Response', {
            from: request,
            input: { statusCode: 201, headers: { ADD: [{ name: 'X-Order', value: `{{{$.${set}.out.order}}}` }] }, body: { greeting: `{{{$.${set}.out.greeting}}}`, got: `{{{$.${request}.out.body.got}}}` } }
        });
        flowId = await admin.createFlow({ name: 'Orders', flow: flow.descriptor });
        assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'stopped');
        assert.deepEqual((await admin.get(`/flows/${flowId}/validate`)).errors, []);
        assert.equal((await admin.startFlow(flowId)).flowId, flowId);
        assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'running');
    });

    test('Calls from outside run through it and get the answer of the Response component', async () => {
        const outside = server.client();
        for (const order of [7, 8]) {
            const answer = await outside.call('POST', `/flows/${flowId}/components/${hook}`, { json: { name: 'Ada', order } });
            assert.equal(answer.status, 201, answer.text);
            assert.equal(answer.headers['x-order'], String(order));
            assert.match(answer.headers['content-type'], /^application\/json/);
            assert.deepEqual(answer.body, { greeting: 'Hello Ada!', got: order });
        }
        assert.deepEqual(sink.requests.map(({ method, url, body }) => ({ method, url, body })), [7, 8].map(order => ({ method: 'POST', url: '/orders', body: { order } })));
    });

    test('Its log tells of the start, of every message, and names component and port', async () => {
        const started = await admin.logged(flowId, ({ msg }) => msg === 'Flow started.', 'the record of the start');
        assert.equal(started.severity, 'info');
        const record = await admin.logged(flowId, hit => hit.componentId === request && hit.portType === 'in', 'the input of the Request component');
        assert.equal(record.type, 'data');
        assert.equal(record.componentType, 'patchbay.utils.http.Request');
        assert.equal(record.port, 'in');
        assert.match(String(record.msg), /orders/);
        const hits = await admin.logs(flowId);
        assert.deepEqual(hits.filter(({ severity }) => severity === 'error'), []);
        const ofOneRun = hits.filter(hit => hit.correlationId && hit.correlationId === record.correlationId);
        assert.ok(ofOneRun.length >= 4, 'all records of one run carry its correlation id');
    });

    test('S62 Stopping it stops it: the webhook is gone, the flow and its log stay', async () => {
        await admin.post(`/flows/${flowId}`, { command: 'stop' });
        assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'stopped');
        const answer = await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} });
        assert.equal(answer.status, 404);
        assert.equal(answer.body.statusCode, 404);
        await admin.logged(flowId, ({ msg }) => msg === 'Flow stopped.', 'the record of the stop');
    });

    test('A restart of the server finds connector, flow and users again, and the flow running', async () => {
        await admin.startFlow(flowId);
        await server.stop();
        await server.start();
        const again = await server.admin();
        assert.equal((await again.get(`/flows/${flowId}`)).stage, 'running');
        const answer = await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { name: 'Eve', order: 9 } });
        assert.deepEqual(answer.body, { greeting: 'Hello Eve!', got: 9 });
    });

    test('SIGTERM ends the server in order and leaves no process behind', async () => {
        const workers = server.workers();
        assert.ok(workers.length > 0, 'the call before has started a worker');
        const { code, signal } = await server.stop();
        assert.deepEqual({ code, signal }, { code: 0, signal: null });
        // They die with the server's end; the kernel needs a moment for that.
        await until(() => !workers.some(alive), 'the end of the workers', 5000);
    });
});

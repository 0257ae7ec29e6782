'use strict';

/** rest-api §8: flow documents, their owners, start and stop. */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const NOWHERE = '00000000-0000-4000-8000-000000000000';

function hookFlow() {
    const flow = new FlowBuilder();
    const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
    return { flow: flow.descriptor, hook };
}

describe('Flows', () => {

    let server;
    let admin;
    let owner;
    let other;

    before(async () => {
        server = await Server.start({ name: 'flows' });
        admin = await server.admin();
        owner = await person(admin);
        other = await person(admin);
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
    });

    after(() => server?.stop());

    test('POST gives the id and no document; read-only fields and nulls are taken and ignored', async () => {
        const { flow } = hookFlow();
        const body = await owner.post('/flows', {
            name: 'Mine', flow, stage: 'draft', userId: 'x', flowId: 'x', btime: 'x', started: null, stopped: null, runtimeErrors: null, mode: null,
            templateId: null, originFlowId: null, componentIdMap: null, revision: null, thumbnail: null, svg: null, customFields: null
        });
        assert.equal(typeof body.flowId, 'string');
        assert.ok(!('flow' in body));
        const read = await owner.get(`/flows/${body.flowId}`);
        assert.equal(read.userId, owner.id);
        assert.equal(read.stage, 'stopped');
        assert.equal(read.type, 'automation');
        assert.ok(!('sharedWith' in read), 'never shared: the field is absent');
        assert.ok(read.customFields === undefined, 'null means absent');
        assert.match(read.btime, /^\d{4}-\d\d-\d\dT.*Z$/);
        assert.match(read.mtime, /^\d{4}-\d\d-\d\dT.*Z$/);
    });

    test('The descriptor reads back as written, key order and unknown keys included; only the version is resolved', async () => {
        const zz = crypto.randomUUID();
        const aa = crypto.randomUUID();
        const flow = {
            [zz]: { y: 2, x: 1, type: 'patchbay.utils.http.Webhook', version: '0.0.1', source: {}, config: { properties: { b: 1, a: 2 } }, note: 'kept' },
            [aa]: { type: 'acme.not.installed.Thing', source: { in: { [zz]: ['out'] } }, config: {} }
        };
        const customFields = { z: 'last', a: 1, flag: true };
        const flowId = await owner.createFlow({ name: 'Order', flow, customFields });
        const read = await owner.get(`/flows/${flowId}`);
        const expected = structuredClone(flow);
        expected[zz].version = '1.0.0';
        assert.equal(JSON.stringify(read.flow), JSON.stringify(expected));
        assert.equal(JSON.stringify(read.customFields), JSON.stringify(customFields));
        const listed = (await owner.get('/flows')).find(entry => entry.flowId === flowId);
        assert.equal(JSON.stringify(listed), JSON.stringify(read), 'one serialisation');
    });

    test('What is no descriptor is refused with the component in data; an empty one is fine', async () => {
        refused(await owner.call('POST', '/flows', { json: { name: 'x', flow: [] } }), 400);
        refused(await owner.call('POST', '/flows', { json: { name: 'x', flow: 'text' } }), 400);
        const id = crypto.randomUUID();
        const body = refused(await owner.call('POST', '/flows', { json: { name: 'x', flow: { [id]: { source: {} } } } }), 400);
        assert.ok(body.data.some(({ componentId, message }) => componentId === id && message.length > 0), JSON.stringify(body.data));
        assert.equal(typeof await owner.createFlow({ name: 'Empty', flow: {} }), 'string');
        refused(await owner.call('POST', '/flows', { json: { name: 'x', flow: {}, description: 'x'.repeat(3 * 1024 * 1024) } }), 413);
    });

    test('The list: own ones by default, filters in both spellings, projection, pattern, paging, count', async () => {
        const someone = await person(admin);
        for (const [name, category] of [['Alpha', 'one'], ['Beta', 'two'], ['Gamma', 'two']]) {
            await someone.createFlow({ name, flow: {}, customFields: { category } });
        }
        const names = async query => (await someone.get(`/flows${query}`)).map(({ name }) => name);
        assert.deepEqual((await names('')).sort(), ['Alpha', 'Beta', 'Gamma']);
        assert.deepEqual(await names('?sort=name:-1'), ['Gamma', 'Beta', 'Alpha']);
        assert.deepEqual(await names('?filter=customFields.category:two&sort=name:1'), ['Beta', 'Gamma']);
        assert.deepEqual(await names('?filter[]=customFields.category:two&filter[]=name:!Beta'), ['Gamma']);
        assert.deepEqual(await names('?filter%5B%5D=customFields.category:one'), ['Alpha']);
        assert.deepEqual(await names('?pattern=ALPH'), ['Alpha']);
        assert.deepEqual(await names('?sort=name:1&limit=1&offset=1'), ['Beta']);
        assert.deepEqual(await names('?filter=stage:running'), []);
        assert.deepEqual(await someone.get('/flows/count?filter=customFields.category:two'), { count: 2 });
        const [projected] = await someone.get('/flows?projection=flowId,name,stage&limit=1');
        assert.deepEqual(Object.keys(projected).sort(), ['flowId', 'name', 'stage']);
        assert.ok(!('thumbnail' in (await someone.get('/flows?projection=-thumbnail&limit=1'))[0]));
        assert.ok('flowId' in (await someone.get('/flows?projection=-flowId&limit=1'))[0]);
    });

    test('PUT updates what is sent, creates under an id of the client, and ignores read-only fields', async () => {
        const { flow } = hookFlow();
        const flowId = await owner.createFlow({ name: 'Before', flow, description: 'stays' });
        const answer = await owner.put(`/flows/${flowId}`, { name: 'After', stage: 'running', userId: other.id, btime: 'x', runtimeErrors: [] });
        assert.equal(answer.flowId, flowId);
        assert.equal(answer.result, 'updated');
        const read = await owner.get(`/flows/${flowId}`);
        assert.deepEqual([read.name, read.description, read.stage, read.userId], ['After', 'stays', 'stopped', owner.id]);
        const own = crypto.randomUUID();
        const created = await owner.put(`/flows/${own}`, { name: 'Draft', type: 'integration-draft', flow: {} });
        assert.equal(created.result, 'created');
        assert.equal((await owner.get(`/flows/${own}`)).type, 'integration-draft');
        refused(await other.call('PUT', `/flows/${own}`, { json: { name: 'Stolen' } }), 409);
        assert.equal((await owner.get(`/flows/${own}`)).name, 'Draft');
    });

    test('Of two who change the same flow, the second with If-Match is told and changes nothing', async () => {
        const flowId = await owner.createFlow({ name: 'Ours', flow: {} });
        const read = await owner.call('GET', `/flows/${flowId}?projection=name`);
        const put = (name, headers) => owner.call('PUT', `/flows/${flowId}`, { json: { name }, headers });
        const first = await put('First', { 'if-match': read.headers.etag });
        assert.equal(first.status, 200, first.text);
        const late = refused(await put('Second', { 'if-match': read.headers.etag }), 412);
        assert.equal(late.code, 'CHANGED');
        const { name, mtime } = await owner.get(`/flows/${flowId}`);
        assert.deepEqual([name, mtime], ['First', first.body.mtime]);
        await owner.startFlow(flowId);
        await owner.stopFlow(flowId);
        assert.equal((await put('Third', { 'if-match': first.headers.etag })).status, 200, 'a start and a stop are no change');
        assert.equal((await put('Fourth', {})).status, 200, 'without If-Match the last one wins, as with the clients out there');
        refused(await owner.call('PUT', `/flows/${crypto.randomUUID()}`, { json: { name: 'None' }, headers: { 'if-match': first.headers.etag } }), 412);
    });

    test('A flow is invisible to others until it is shared, and then as far as it is shared', async () => {
        const { flow, hook } = hookFlow();
        const flowId = await owner.createFlow({ name: 'Shared', flow });
        for (const [method, path] of [['GET', ''], ['DELETE', ''], ['POST', '/coordinator'], ['GET', '/coordinator/status'], ['GET', '/validate'], ['POST', '/clone']]) {
            refused(await other.call(method, `/flows/${flowId}${path}`, { json: method === 'POST' ? { command: 'start' } : undefined }), 404);
        }
        await owner.put(`/flows/${flowId}`, { sharedWith: [{ email: other.email, permissions: ['read', 'start'] }, { scope: 'tester', permissions: ['read'] }] });
        const seen = await other.get(`/flows/${flowId}`);
        assert.deepEqual(seen.sharedWith, [{ email: other.email, permissions: ['read', 'start'] }]);
        assert.ok((await other.get('/flows')).some(entry => entry.flowId === flowId));
        assert.ok(!(await other.get(`/flows?filter=userId:${other.id}`)).some(entry => entry.flowId === flowId));
        refused(await other.call('PUT', `/flows/${flowId}`, { json: { name: 'x' } }), 403);
        refused(await other.call('DELETE', `/flows/${flowId}`), 403);
        await other.startFlow(flowId);
        refused(await other.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'stop' } }), 403);
        assert.equal((await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} })).status, 200);
        await owner.stopFlow(flowId);
        await owner.put(`/flows/${flowId}`, { sharedWith: [] });
        assert.deepEqual((await owner.get(`/flows/${flowId}`)).sharedWith, []);
        refused(await other.call('GET', `/flows/${flowId}`), 404);
        assert.equal((await admin.get(`/flows/${flowId}`)).flowId, flowId, 'an admin sees all flows by id');
        assert.ok(!(await admin.get('/flows')).some(entry => entry.flowId === flowId), 'but not in his list');
        assert.ok((await admin.get(`/flows?filter=userId:${owner.id}`)).some(entry => entry.flowId === flowId));
    });

    test('S62 S63 Start and stop by both paths, twice without effect, in the background with a ticket', async () => {
        const { flow } = hookFlow();
        const flowId = await owner.createFlow({ name: 'Commands', flow });
        const never = await owner.get(`/flows/${flowId}/coordinator/status`);
        assert.deepEqual([never.status, never.stepsTotal], ['completed', 0]);
        assert.equal((await owner.startFlow(flowId)).flowId, flowId);
        assert.equal((await owner.startFlow(flowId)).flowId, flowId);
        assert.equal((await owner.get(`/flows/${flowId}`)).stage, 'running');
        assert.equal((await owner.get(`/flows/${flowId}/coordinator/status`)).status, 'completed');
        assert.equal((await owner.post(`/flows/${flowId}`, { command: 'stop' })).flowId, flowId);
        assert.equal((await owner.post(`/flows/${flowId}`, { command: 'stop' })).flowId, flowId);
        assert.equal((await owner.get(`/flows/${flowId}`)).stage, 'stopped');
        for (const stop of [() => owner.post(`/flows/${flowId}/coordinator?background=true`, { command: 'stop' }), () => owner.post(`/flows/${flowId}/coordinator`, { command: 'stop', background: true })]) {
            await owner.startFlow(flowId);
            assert.deepEqual(await stop(), { flowId, ticket: flowId });
            await until(async () => (await owner.get(`/flows/${flowId}/coordinator/status`)).status === 'completed', 'the end of the stop');
            assert.equal((await owner.get(`/flows/${flowId}`)).stage, 'stopped');
        }
        for (const json of [{ command: 'restart' }, {}, { command: null }]) {
            refused(await owner.call('POST', `/flows/${flowId}/coordinator`, { json }), 400);
            refused(await owner.call('POST', `/flows/${flowId}`, { json }), 400);
        }
        refused(await owner.call('POST', `/flows/${NOWHERE}/coordinator`, { json: { command: 'start' } }), 404);
    });

    test('A running flow is not changed, unless forced', async () => {
        const { flow, hook } = hookFlow();
        const flowId = await owner.createFlow({ name: 'Running', flow });
        await owner.startFlow(flowId);
        refused(await owner.call('PUT', `/flows/${flowId}`, { json: { name: 'x' } }), 409);
        assert.equal((await owner.must('PUT', `/flows/${flowId}?forceUpdate=true`, { json: { name: 'Forced' } })).result, 'updated');
        const read = await owner.get(`/flows/${flowId}`);
        assert.deepEqual([read.name, read.stage], ['Forced', 'running']);
        assert.equal((await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} })).status, 200);
        assert.deepEqual(await owner.delete(`/flows/${flowId}`), { flowId });
        refused(await owner.call('GET', `/flows/${flowId}`), 404);
        refused(await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} }), 404);
    });

    test('A start that cannot succeed is 400 with the component, and leaves the flow stopped', async () => {
        const missing = crypto.randomUUID();
        const flowId = await owner.createFlow({ name: 'Broken', flow: { [missing]: { type: 'acme.not.installed.Thing', source: {}, config: {} } } });
        const body = refused(await owner.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } }), 400, /acme\.not\.installed\.Thing/);
        assert.equal(body.data[0].componentId, missing);
        assert.equal(body.data[0].componentType, 'acme.not.installed.Thing');
        assert.ok(body.data[0].errors[0].message.length > 0);
        assert.equal((await owner.get(`/flows/${flowId}`)).stage, 'stopped');
        const { errors } = await owner.get(`/flows/${flowId}/validate`);
        assert.equal(errors[0].componentId, missing);
    });

    test('A message is injected into a component of a running flow only', async () => {
        const sink = await Sink.start();
        try {
            const flow = new FlowBuilder();
            const request = flow.add('patchbay.utils.http.Request', { from: flow.add('patchbay.utils.http.Webhook'), input: { url: 'http://127.0.0.1:1/' } });
            const flowId = await owner.createFlow({ name: 'Injected', flow: flow.descriptor });
            const message = { componentId: request, inputPort: 'in', content: { url: sink.url, method: 'POST', body: { injected: true } } };
            refused(await owner.call('POST', `/flows/${flowId}`, { json: message }), 400);
            await owner.startFlow(flowId);
            assert.deepEqual(await owner.post(`/flows/${flowId}`, message), {});
            assert.deepEqual((await sink.one(() => true)).body, { injected: true });
            refused(await owner.call('POST', `/flows/${flowId}`, { json: { ...message, componentId: NOWHERE } }), 404);
        } finally {
            await sink.stop();
        }
    });

    test('A clone has new ids everywhere and is stopped', async () => {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        flow.add('patchbay.utils.http.Response', { from: hook, input: { body: `{{{$.${hook}.out.data}}}` } });
        const flowId = await owner.createFlow({ name: 'Source', flow: flow.descriptor });
        const { cloneId } = await owner.post(`/flows/${flowId}/clone`, { prefix: 'Copy of ', setOriginFlowId: true });
        const clone = await owner.get(`/flows/${cloneId}`);
        assert.equal(clone.name, 'Copy of Source');
        assert.equal(clone.stage, 'stopped');
        assert.equal(clone.originFlowId, flowId);
        assert.ok(!JSON.stringify(clone.flow).includes(hook), 'no reference to the source is left');
        assert.deepEqual(Object.keys(clone.componentIdMap).sort(), Object.keys(flow.descriptor).sort());
        await owner.startFlow(cloneId);
        const copied = clone.componentIdMap[hook];
        assert.deepEqual((await server.client().call('POST', `/flows/${cloneId}/components/${copied}`, { json: { a: 1 } })).body, { a: 1 });
    });

    test('The address of a trigger is given, and works', async () => {
        const { flow, hook } = hookFlow();
        const flowId = await owner.createFlow({ name: 'Address', flow });
        const { url } = await owner.get(`/triggers/${hook}/url`);
        assert.equal(url, `${server.url}/flows/${flowId}/components/${hook}`);
        refused(await owner.call('GET', `/triggers/${NOWHERE}/url`), 404);
    });
});

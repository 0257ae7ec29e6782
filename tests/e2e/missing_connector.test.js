'use strict';

/** A connector is taken away under running flows and comes back: S65, S69-S78, R5-R8, R14. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const TICK_PERIOD_MS = 200;
const FIRST_DELAY_MS = 400;
const LONG_MS = 3600000;

const component = (method, body, manifest) => ({ manifest, code: `'use strict';\nmodule.exports = { async ${method}(context) {\n${body}\n} };\n` });

// `Look` is a polling trigger that counts in its state and tells the sink; `Pass` is an action; `Hook` takes webhooks.
const bundle = version => bundleZip('test.fragile', {
    version,
    components: {
        Look: component('tick', "const n = (await context.stateGet('n') || 0) + 1; await context.stateSet('n', n); await context.sendJson({ n }, 'out');", { trigger: true, tick: true, inPorts: undefined }),
        Pass: component('receive', "await context.sendJson(context.messages.in.content, 'out');"),
        Hook: component('receive', "await context.sendJson(context.messages.webhook.content.data, 'out'); await context.response({ ok: true });", { webhook: true, trigger: true, inPorts: undefined })
    }
});

describe('A connector is removed while its flows run', () => {

    let server;
    let sink;
    let admin;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'missing' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        await settings({ TICK_PERIOD: TICK_PERIOD_MS });
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    async function settings(values) {
        for (const [key, value] of Object.entries(values)) {
            await admin.post('/config', { key, value });
        }
    }

    async function install(version = '1.0.0') {
        const result = await admin.publish(bundle(version));
        assert.equal(result.err, undefined, JSON.stringify(result));
    }

    const remove = () => admin.delete('/components/test.fragile');
    const at = mark => sink.requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
    const arrived = async (mark, count) => {
        await sink.when(() => at(mark).length >= count, `${count} requests at /${mark}`, 60000);
        return at(mark);
    };
    const errors = async flowId => (await admin.logs(flowId)).filter(({ severity }) => severity === 'error');
    const unprocessed = flowId => admin.get(`/unprocessed-messages?flowId=${flowId}`);

    /** Webhook → Pass → sink. */
    async function running(mark) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const pass = flow.add('test.fragile.core.Pass', { from: hook, input: { n: `{{{$.${hook}.out.data.n}}}` } });
        flow.add('patchbay.utils.http.Request', { from: pass, input: { url: `${sink.url}/${mark}`, method: 'POST', body: { n: `{{{$.${pass}.out.n}}}` } } });
        const flowId = await admin.createFlow({ name: mark, flow: flow.descriptor });
        await admin.startFlow(flowId);
        const call = async n => {
            const answer = await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { n } });
            assert.equal(answer.status, 200, answer.text);
        };
        return { flowId, pass, call };
    }

    test('S65 S69 S70 A polling trigger goes on looking, each look is an error, and it recovers with its state', async () => {
        await install();
        const flow = new FlowBuilder();
        const look = flow.add('test.fragile.core.Look');
        flow.add('patchbay.utils.http.Request', { from: look, input: { url: `${sink.url}/looks`, method: 'POST', body: { n: `{{{$.${look}.out.n}}}` } } });
        const flowId = await admin.createFlow({ name: 'Looks', flow: flow.descriptor });
        await admin.startFlow(flowId);
        await arrived('looks', 2);
        await remove();
        await until(async () => (await errors(flowId)).length >= 3, 'an error for each look');
        const record = (await errors(flowId))[0];
        assert.equal(record.componentId, look);
        assert.match(record.msg, /CONNECTOR_MISSING/);
        assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'running');
        await server.kill();
        await server.start();
        admin = await server.admin();
        const seen = (await errors(flowId)).length;
        await until(async () => (await errors(flowId)).length > seen, 'looks after a restart without the connector (R14)');
        await install('1.0.1');
        // Two calls of Request run side by side, so a later number may come first; none is left out and none begins again at 1.
        const wanted = Array.from({ length: at('looks').length + 2 }, (_, i) => i + 1);
        const missing = () => wanted.filter(n => !at('looks').some(look => look.n === n));
        await sink.when(() => missing().length === 0, 'each number its state counts to', 60000);
        const firsts = at('looks').filter(({ n }) => n === 1).length;
        assert.equal(firsts, 1, 'its state went on counting');
        await admin.stopFlow(flowId);
    });

    test('S65 S71 S76 Nothing fails before a message comes; what waits is delivered once, in order, when the connector is back', async () => {
        await install('1.1.0');
        await settings({ RETRY_INIT_EXP: LONG_MS, RETRY_MAX_EXP: LONG_MS });
        const { flowId, pass, call } = await running('back');
        await remove();
        assert.deepEqual(await errors(flowId), []);
        for (const n of [1, 2, 3]) {
            await call(n);
            await until(async () => (await errors(flowId)).length >= n, `the error of message ${n}`);
        }
        assert.deepEqual(at('back'), []);
        assert.deepEqual(await unprocessed(flowId), []);
        assert.equal((await errors(flowId))[0].componentId, pass);
        await install('1.1.1');
        assert.deepEqual((await arrived('back', 3)).map(({ n }) => n).sort(), [1, 2, 3]);
        await call(4);
        assert.equal((await arrived('back', 4)).length, 4);
        await admin.stopFlow(flowId);
    });

    test('S72 S73 S77 Attempts grow apart by the factor, also over a SIGKILL; after the last there is one unprocessed message', async () => {
        await install('1.2.0');
        await settings({ RETRY_INIT_EXP: FIRST_DELAY_MS, RETRY_MAX_EXP: LONG_MS, RETRY_FACTOR: 2, RETRY_MAX_COUNT: 3 });
        const { flowId, call } = await running('exhausted');
        await remove();
        await call(1);
        await until(async () => (await errors(flowId)).length >= 2, 'the second attempt');
        await server.kill();
        await server.start();
        admin = await server.admin();
        const [entry] = await until(async () => ((await unprocessed(flowId)).length > 0 ? unprocessed(flowId) : null), 'the unprocessed message', 60000);
        const times = (await errors(flowId)).map(({ gridTimestamp }) => Date.parse(gridTimestamp)).reverse();
        assert.equal(times.length, 4, 'the first attempt and three more, the restart counted none twice');
        times.slice(1).forEach((time, i) => assert.ok(time - times[i] >= FIRST_DELAY_MS * 2 ** i * 0.79, `gap ${i + 1}: ${time - times[i]} ms`));
        assert.equal(entry.componentType, 'test.fragile.core.Pass');
        assert.equal(entry.messages.in[0].originalContent.data.n, 1);
        assert.match(entry.err, /CONNECTOR_MISSING/);
        assert.equal((await unprocessed(flowId)).length, 1);

        // S74 S75: seen and put back by its owner.
        await install('1.2.1');
        assert.deepEqual(at('exhausted'), [], 'it does not come back by itself');
        assert.deepEqual(await admin.get(`/unprocessed-messages/${entry.messageId}`), entry);
        assert.deepEqual(await admin.post(`/unprocessed-messages/${entry.messageId}`), {});
        assert.deepEqual(await arrived('exhausted', 1), [{ n: 1 }]);
        assert.deepEqual(await unprocessed(flowId), []);
        await admin.stopFlow(flowId);
    });

    test('A webhook trigger that is missing takes calls and keeps them until it is back', async () => {
        await install('1.3.0');
        await settings({ RETRY_INIT_EXP: LONG_MS, RETRY_MAX_EXP: LONG_MS, RETRY_MAX_COUNT: 30 });
        const flow = new FlowBuilder();
        const hook = flow.add('test.fragile.core.Hook');
        const next = flow.add('patchbay.utils.http.Request', { from: hook, input: { url: `${sink.url}/kept`, method: 'POST', body: { n: `{{{$.${hook}.out.n}}}` } } });
        const flowId = await admin.createFlow({ name: 'Hook', flow: flow.descriptor });
        await admin.startFlow(flowId);
        await remove();
        const call = (id, n) => server.client().call('POST', `/flows/${flowId}/components/${id}?enqueueOnly=true`, { json: { n } });
        assert.equal((await call(hook, 7)).status, 202);
        assert.equal((await call(next, 7)).status, 404, 'a component that takes no webhooks still takes none');
        await until(async () => (await errors(flowId)).length >= 1, 'the error of the call');
        await server.kill();
        await server.start();
        admin = await server.admin();
        await install('1.3.1');
        assert.deepEqual(await arrived('kept', 1), [{ n: 7 }]);
        await admin.stopFlow(flowId);
    });

    test('S78 Messages of a missing connector do not stand in the way of another flow', async () => {
        await install('1.4.0');
        await settings({ RETRY_INIT_EXP: 100, RETRY_MAX_EXP: 100, RETRY_MAX_COUNT: 1000 });
        const broken = await running('broken');
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add('patchbay.utils.http.Request', { from: hook, input: { url: `${sink.url}/healthy`, method: 'POST', body: { n: `{{{$.${hook}.out.data.n}}}` } } });
        const healthy = await admin.createFlow({ name: 'Healthy', flow: flow.descriptor });
        await admin.startFlow(healthy);
        await remove();
        const count = 300;
        await Promise.all(Array.from({ length: count }, (_, n) => broken.call(n)));
        for (let n = 1; n <= 20; n++) {
            const failedBefore = (await errors(broken.flowId)).length;
            assert.ok(failedBefore > 0);
            await server.client().call('POST', `/flows/${healthy}/components/${hook}`, { json: { n } });
            assert.equal((await arrived('healthy', n)).length, n, 'it passes while the others keep failing');
        }
        assert.deepEqual(at('broken'), []);
        await settings({ RETRY_INIT_EXP: LONG_MS, RETRY_MAX_EXP: LONG_MS });
        await install('1.4.1');
        const numbers = (await arrived('broken', count)).map(({ n }) => n).sort((a, b) => a - b);
        assert.deepEqual(numbers, Array.from({ length: count }, (_, n) => n), 'each of them once');
        await admin.stopFlow(broken.flowId);
        await admin.stopFlow(healthy);
    });
});

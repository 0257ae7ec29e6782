'use strict';

/** What becomes of messages that wait: parked by a stop, older than MESSAGE_TTL, or not taken because the disk is nearly full (R6, S77). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

// Asks the sink what to do: `hang` never ends, `fail` fails.
const ASK = method => `async ${method}(context) {
    const { data } = await context.httpRequest.post(context.properties.url + '/${method}', { n: context.messages?.in?.content.n });
    if (data.hang) { await new Promise(() => {}); }
    if (data.fail) { throw new Error('on purpose'); }
}`;

const BUNDLE = {
    components: {
        Obedient: { code: `'use strict';\nmodule.exports = { ${['start', 'receive', 'stop'].map(ASK).join(', ')} };\n` },
        Ticker: { manifest: { inPorts: [], tick: true }, code: `'use strict';\nmodule.exports = { ${ASK('tick')} };\n` }
    }
};

describe('Messages that wait', () => {

    let server;
    let sink;
    let admin;
    let owner;
    let answer = () => ({});

    before(async () => {
        sink = await Sink.start(request => ({ body: JSON.stringify(answer(request)) }));
        server = await Server.start({ name: 'waiting' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        const result = await admin.publish(bundleZip('test.waiting', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
        await set('RETRY_INIT_EXP', 100);
        await set('RETRY_MAX_EXP', 200);
        owner = await person(admin, { vendor: ['test'] });
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const set = (key, value) => admin.post('/config', { key, value });
    const unprocessed = flowId => owner.get(`/unprocessed-messages?flowId=${flowId}`);
    const received = (name, method) => sink.requests.filter(({ url }) => url === `/${name}/${method}`).map(({ body }) => body.n);
    const arrived = (name, n) => sink.one(({ url, body }) => url === `/${name}/receive` && body.n === n, `message ${n} of ${name}`);

    /** A running flow of the owner: a webhook, and Obedient behind it. */
    async function started(name) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add('test.waiting.core.Obedient', { from: hook, input: { n: `{{{$.${hook}.out.data.n}}}` }, properties: { url: `${sink.url}/${name}` } });
        const flowId = await owner.createFlow({ name, flow: flow.descriptor });
        await owner.startFlow(flowId);
        const call = n => server.client().call('POST', `/flows/${flowId}/components/${hook}?enqueueOnly=true`, { json: { n } });
        return { flowId, accepted: async n => assert.equal((await call(n)).status, 202), call };
    }

    /** Lets one message into Obedient, which does not end with it; an admin's stop will park it. */
    async function held(name) {
        const flow = await started(name);
        answer = ({ url }) => ({ hang: url === `/${name}/receive` });
        await flow.accepted(1);
        await arrived(name, 1);
        await until(async () => await depth() === 1, 'the end of the call of the webhook');
        return flow;
    }

    const depth = async () => Number(/^patchbay_queue_depth (\d+)/m.exec((await admin.call('GET', '/metrics')).text)[1]);
    const stage = async flowId => (await owner.get(`/flows/${flowId}`)).stage;

    test('R6 The server is killed while an admin stops the flow of another: what waited is parked all the same', async () => {
        const { flowId } = await held('cut-off');
        answer = ({ url }) => ({ hang: url === '/cut-off/stop' });
        const stopping = admin.stopFlow(flowId).catch(() => {});
        await sink.one(({ url }) => url === '/cut-off/stop', 'the stop');
        await server.kill();
        await stopping;
        answer = () => ({});
        await server.start();
        admin = await server.admin();
        await owner.signIn(owner.email, owner.password);
        await until(async () => await stage(flowId) === 'stopped', 'the end of the stop that was cut off');
        const before = received('cut-off', 'receive').length;
        await owner.startFlow(flowId);
        await sink.when(() => received('cut-off', 'receive').length > before, 'the message that was parked');
        await owner.stopFlow(flowId);
    });

    test('R6 A start that fails leaves parked what was parked', async () => {
        const { flowId } = await held('failed-start');
        await admin.stopFlow(flowId);
        answer = ({ url }) => ({ fail: url === '/failed-start/start' });
        refused(await owner.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } }), 400);
        assert.equal(await stage(flowId), 'stopped');
        answer = () => ({});
        const before = received('failed-start', 'receive').length;
        await owner.startFlow(flowId);
        await sink.when(() => received('failed-start', 'receive').length > before, 'the message that was parked');
        await owner.stopFlow(flowId);
    });

    test('R6 A parked message older than MESSAGE_TTL becomes an unprocessed one, once, and can be put back', async () => {
        const { flowId } = await held('outlived');
        await admin.stopFlow(flowId);
        assert.deepEqual(await unprocessed(flowId), []);
        await set('MESSAGE_TTL', 1);
        const [message] = await until(async () => ((await unprocessed(flowId)).length ? unprocessed(flowId) : null), 'the unprocessed message');
        await admin.delete('/config/MESSAGE_TTL');
        assert.equal(message.componentType, 'test.waiting.core.Obedient');
        assert.equal(message.userId, owner.id);
        const err = JSON.parse(message.err);
        assert.deepEqual([err.name, err.code], ['MessageExpiredError', 'MESSAGE_EXPIRED']);
        assert.equal(message.messages.in[0].originalContent.data.n, 1);
        answer = () => ({});
        const before = received('outlived', 'receive').length;
        await owner.startFlow(flowId);
        assert.equal((await unprocessed(flowId)).length, 1, 'it waits for a person');
        assert.equal(received('outlived', 'receive').length, before, 'it is not parked any more');
        await owner.post(`/unprocessed-messages/${message.messageId}`);
        await sink.when(() => received('outlived', 'receive').length > before, 'the message that was put back');
        assert.deepEqual(await unprocessed(flowId), []);
        await owner.stopFlow(flowId);
    });

    test('A message that waits longer than MESSAGE_TTL for its next attempt is not tried again', async () => {
        const { flowId, accepted } = await started('late');
        answer = ({ url }) => ({ fail: url === '/late/receive' });
        await accepted(1);
        await until(async () => (await owner.logs(flowId, 'severity:error')).length > 0, 'the first failure');
        await set('MESSAGE_TTL', 1);
        const [message] = await until(async () => ((await unprocessed(flowId)).length ? unprocessed(flowId) : null), 'the unprocessed message');
        assert.match(message.err, /MESSAGE_EXPIRED/);
        await admin.delete('/config/MESSAGE_TTL');
        answer = () => ({});
        await owner.stopFlow(flowId);
    });

    test('A disk whose reserve is spent stops intake and ticks, not what was accepted', async () => {
        const flow = await started('roomy');
        const ticker = new FlowBuilder();
        ticker.add('test.waiting.core.Ticker', { properties: { url: `${sink.url}/ticker` } });
        await set('TICK_PERIOD', 100);
        const ticking = await owner.createFlow({ name: 'Ticks', flow: ticker.descriptor });
        await owner.startFlow(ticking);
        await sink.one(({ url }) => url === '/ticker/tick', 'a tick');
        answer = ({ url }) => ({ fail: url === '/roomy/receive' });
        await flow.accepted(1);
        await arrived('roomy', 1);

        await set('DISK_RESERVE_BYTES', Number.MAX_SAFE_INTEGER);
        const { status, headers, body } = await flow.call(2);
        assert.equal(status, 503);
        assert.match(headers['retry-after'], /^\d+$/);
        assert.equal(body.code, 'DISK_FULL');
        assert.match(body.message, /MiB left.*DISK_RESERVE_BYTES.*not accepted/);
        for (const [path, json] of [['/flows', { name: 'Late' }], ['/stores', { name: 'late' }], ['/components', {}]]) {
            const refusal = await admin.call('POST', path, { json });
            assert.deepEqual([refusal.status, refusal.body.code], [503, 'DISK_FULL'], path);
            assert.match(refusal.body.message, /Nothing was stored/);
        }
        const tries = received('roomy', 'receive').length;
        answer = () => ({});
        await sink.when(() => received('roomy', 'receive').length > tries, 'the next attempt of what was accepted before');
        const ticks = received('ticker', 'tick').length;

        await admin.delete('/config/DISK_RESERVE_BYTES');
        await sink.when(() => received('ticker', 'tick').length > ticks + 1, 'ticks again');
        await flow.accepted(3);
        await arrived('roomy', 3);
        assert.ok(!received('roomy', 'receive').includes(2));
        assert.deepEqual(await unprocessed(flow.flowId), []);
        await owner.stopFlow(ticking);
        await owner.stopFlow(flow.flowId);
    });
});

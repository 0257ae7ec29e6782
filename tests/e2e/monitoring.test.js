'use strict';

/** GET /metrics and GET /health. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const TOKEN = 'a token for the scraper';

describe('Metrics and health', () => {

    let server;
    let admin;

    before(async () => {
        server = await Server.start({ name: 'monitoring' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        const result = await admin.publish(bundleZip('test.watched', { components: {
            Fail: { code: "'use strict';\nmodule.exports = { async receive() { throw new Error('on purpose'); } };\n" }
        } }));
        assert.equal(result.err, undefined, JSON.stringify(result));
        await admin.publish(bundleZip('test.crashing', { components: {
            Crash: { code: "'use strict';\nmodule.exports = { async receive() { process.exit(7); } };\n" }
        } }));
    });

    after(() => server?.stop());

    const metrics = async () => numbers((await admin.call('GET', '/metrics')).text);

    async function started(type) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add(type, { from: hook, errorHandling: { autoRetry: false } });
        const flowId = await admin.createFlow({ name: type, flow: flow.descriptor });
        await admin.startFlow(flowId);
        return { flowId, call: () => server.client().call('POST', `/flows/${flowId}/components/${hook}?enqueueOnly=true`, { json: {} }) };
    }

    test('Metrics are Prometheus text and count what happens', async () => {
        const answer = await admin.call('GET', '/metrics');
        assert.equal(answer.status, 200);
        assert.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/);
        const before = numbers(answer.text);
        for (const name of ['patchbay_commits_total', 'patchbay_queue_depth', 'patchbay_queue_ready', 'patchbay_attempts_under_way',
            'patchbay_worker_processes', 'patchbay_attempts_total{outcome="done"}', 'patchbay_attempts_total{outcome="failed"}',
            'patchbay_unprocessed_messages', 'patchbay_log_records_written_total', 'patchbay_log_records_dropped_total',
            'patchbay_http_requests_total', 'patchbay_system_webhooks_pending', 'process_resident_memory_bytes']) {
            assert.equal(typeof before[name], 'number', name);
        }
        assert.match(answer.text, /^# TYPE patchbay_delivery_latency_seconds histogram$/m);
        const flow = await started('test.watched.core.Fail');
        await flow.call();
        const now = await until(async () => {
            const read = await metrics();
            return read.patchbay_unprocessed_messages > before.patchbay_unprocessed_messages && read;
        }, 'the dead letter to be counted');
        assert.equal(now['patchbay_attempts_total{outcome="failed"}'], before['patchbay_attempts_total{outcome="failed"}'] + 1);
        assert.ok(now['patchbay_attempts_total{outcome="done"}'] > before['patchbay_attempts_total{outcome="done"}']);
        for (const name of ['patchbay_call_duration_seconds', 'patchbay_delivery_latency_seconds']) {
            assert.ok(now[`${name}_count`] > before[`${name}_count`], name);
            assert.equal(now[`${name}_bucket{le="+Inf"}`], now[`${name}_count`]);
            assert.ok(now[`${name}_bucket{le="0.001"}`] <= now[`${name}_bucket{le="60"}`]);
        }
        assert.ok(now.patchbay_commits_total > before.patchbay_commits_total);
        assert.ok(now.patchbay_http_requests_total > before.patchbay_http_requests_total);
        assert.ok(now.patchbay_worker_processes >= 1);
        await admin.logs(flow.flowId);
        assert.ok((await metrics()).patchbay_log_records_written_total > before.patchbay_log_records_written_total);
    });

    test('Metrics are for admins, or for who has METRICS_TOKEN', async () => {
        const user = await person(admin);
        const scraper = server.client().as(TOKEN);
        refused(await server.client().call('GET', '/metrics'), 401);
        refused(await user.call('GET', '/metrics'), 403);
        refused(await scraper.call('GET', '/metrics'), 401);
        await admin.post('/config', { key: 'METRICS_TOKEN', value: 'short' });
        refused(await server.client().as('short').call('GET', '/metrics'), 401);
        await admin.post('/config', { key: 'METRICS_TOKEN', value: TOKEN });
        assert.equal((await scraper.call('GET', '/metrics')).status, 200);
        refused(await server.client().as(`${TOKEN}x`).call('GET', '/metrics'), 401);
        refused(await user.call('GET', '/metrics'), 403);
        refused(await scraper.call('GET', '/config'), 401);
    });

    test('Health is open and well; words are for admins', async () => {
        const well = { status: 'ok', problems: [] };
        assert.deepEqual(await server.client().get('/health'), well);
        await admin.post('/config', { key: 'DISK_RESERVE_BYTES', value: Number.MAX_SAFE_INTEGER });
        const open = await server.client().call('GET', '/health');
        assert.equal(open.status, 503);
        assert.deepEqual(open.body, { status: 'failing', problems: [{ code: 'DISK_FULL' }] });
        const { body } = await admin.call('GET', '/health');
        assert.match(body.problems[0].message, /MiB left/);
        const { bavail, bsize } = fs.statfsSync(server.data);
        await admin.post('/config', { key: 'DISK_RESERVE_BYTES', value: Math.floor(bavail * bsize / 2) });
        assert.deepEqual(await server.client().get('/health'), { status: 'degraded', problems: [{ code: 'DISK_NEARLY_FULL' }] });
        await admin.delete('/config/DISK_RESERVE_BYTES');
        assert.deepEqual(await server.client().get('/health'), well);
    });

    test('Health speaks of a receiver of system webhooks that fails, until it answers', async () => {
        let status = 500;
        const sink = await Sink.start(() => ({ status }));
        for (const [key, value] of Object.entries({ WEBHOOK_RETRY_INTERVAL: 20, WEBHOOK_RETRY_MAX: 50, WEBHOOK_RETRY_COUNT: 1000, WEBHOOK_USER_CREATED: sink.url })) {
            await admin.post('/config', { key, value });
        }
        await person(admin);
        await sink.when(requests => requests.length >= 4, 'four attempts');
        const failing = await until(async () => (await admin.get('/health')).problems[0], 'the problem');
        assert.equal(failing.code, 'SYSTEM_WEBHOOKS_FAILING');
        assert.match(failing.message, /1 receiver;/);
        status = 200;
        await until(async () => (await admin.get('/health')).status === 'ok', 'all to be well');
        await sink.stop();
    });

    test('Health names a connector whose processes keep crashing', async () => {
        const flow = await started('test.crashing.core.Crash');
        for (let n = 0; n < 8; n += 1) {
            await flow.call();
        }
        const { status, problems } = await until(async () => {
            const { body } = await admin.call('GET', '/health');
            return body.problems.length && body;
        }, 'the quarantine', 60000);
        assert.equal(status, 'degraded');
        assert.equal(problems[0].code, 'WORKER_QUARANTINED');
        assert.match(problems[0].message, /test\.crashing/);
        await admin.stopFlow(flow.flowId);
    });

    test('Health says that the queue is at its limit', async () => {
        await admin.post('/config', { key: 'RETRY_INIT_EXP', value: 600000 });
        const flow = await startedToWait();
        await flow.call();
        await until(async () => (await metrics()).patchbay_queue_depth >= 1, 'a message that waits');
        await admin.post('/config', { key: 'QUEUE_DEPTH_LIMIT', value: 1 });
        await server.stop();
        await server.start();
        admin = await server.admin();
        const { status, body } = await admin.call('GET', '/health');
        assert.equal(status, 503);
        assert.equal(body.status, 'failing');
        const problem = body.problems.find(({ code }) => code === 'QUEUE_FULL');
        assert.match(problem.message, /at its limit with \d+ messages/);
    });

    test('S78 A flow that holds its share of the queue is refused more, others are not, and health names it', async () => {
        await admin.post('/config', { key: 'QUEUE_DEPTH_LIMIT', value: 40 });
        await server.stop();
        await server.start();
        admin = await server.admin();
        const behind = await startedToWait();
        const other = await startedToWait();
        const statuses = [];
        await until(async () => {
            const { status, body } = await behind.call();
            statuses.push(status);
            return status === 503 && assert.match(body.message, /As many messages wait in flow/) === undefined;
        }, 'a refusal', 60000);
        assert.ok(statuses.slice(0, -1).every(status => status === 202), JSON.stringify(statuses));
        assert.equal((await other.call()).status, 202);
        const { status, body } = await admin.call('GET', '/health');
        assert.deepEqual([status, body.status], [200, 'degraded']);
        assert.match(body.problems.find(({ code }) => code === 'FLOW_FULL').message, new RegExp(behind.flowId));
    });

    /** A flow whose messages fail and are tried again much later. */
    async function startedToWait() {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add('test.watched.core.Fail', { from: hook });
        const flowId = await admin.createFlow({ name: 'Waiting', flow: flow.descriptor });
        await admin.startFlow(flowId);
        return { flowId, call: () => server.client().call('POST', `/flows/${flowId}/components/${hook}?enqueueOnly=true`, { json: {} }) };
    }
});

/** {"name{labels}": value} */
function numbers(text) {
    const samples = {};
    for (const line of text.split('\n').filter(each => each && !each.startsWith('#'))) {
        const at = line.lastIndexOf(' ');
        samples[line.slice(0, at)] = Number(line.slice(at + 1));
    }
    return samples;
}

'use strict';

/** Counts and times of messages (GET /stats/messages, rest-api §19.2 telemetry), and the settings of the flows' log. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const CALLS = 5;
const FAIL = 'test.failing.core.Fail';
const WEBHOOK = 'patchbay.utils.http.Webhook';

describe('Insights', () => {

    let server;
    let admin;
    let owner;
    let flowId;
    let hook;

    const call = json => server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json });
    const statistics = (client, query = '') => client.get(`/stats/messages?flowId=${flowId}${query}`);

    before(async () => {
        server = await Server.start({ name: 'insights' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        const published = await admin.publish(bundleZip('test.failing', { components: {
            Fail: { code: "'use strict';\nmodule.exports = { async receive() { throw new Error('on purpose'); } };\n" }
        } }));
        assert.equal(published.err, undefined, JSON.stringify(published));
        owner = await person(admin);
        const flow = new FlowBuilder();
        hook = flow.add(WEBHOOK);
        flow.add('patchbay.utils.http.Response', { from: hook, input: { body: 'ok' } });
        flow.add(FAIL, { from: hook, errorHandling: { autoRetry: false } });
        flowId = await owner.createFlow({ name: 'Counted', flow: flow.descriptor });
        await owner.startFlow(flowId);
        for (let n = 0; n < CALLS; n++) {
            await call({ n });
        }
        await until(async () => {
            const [row] = await statistics(owner);
            return row?.done === 2 * CALLS && row.failed === CALLS;
        }, 'all calls to be counted');
    });

    after(() => server?.stop());

    test('A flow\'s messages are counted, with the percentiles of their times', async () => {
        const [row, ...others] = await statistics(owner);
        assert.deepEqual(others, []);
        assert.equal(row.flowId, flowId);
        assert.ok(row.bytes > 0);
        for (const { p50, p90, p99 } of [row.messageMs, row.callMs]) {
            assert.ok(p50 >= 0 && p50 <= p90 && p90 <= p99, JSON.stringify(row));
        }
    });

    test('By component, component type and connector', async () => {
        const components = await statistics(owner, '&group=$componentId');
        assert.equal(components.length, 3);
        const webhook = components.find(({ componentId }) => componentId === hook);
        assert.deepEqual([webhook.flowId, webhook.componentType, webhook.connector, webhook.done, webhook.failed], [flowId, WEBHOOK, 'patchbay.utils.http', CALLS, 0]);
        const failing = (await statistics(owner, '&group=componentType')).find(({ componentType }) => componentType === FAIL);
        assert.deepEqual([failing.done, failing.failed, failing.messageMs], [0, CALLS, null]);
        const connectors = await statistics(owner, '&group=$connector&limit=1');
        assert.deepEqual(connectors.map(({ connector, done }) => [connector, done]), [['patchbay.utils.http', 2 * CALLS]]);
    });

    test('Only of the time asked for, and in words the caller can correct', async () => {
        assert.deepEqual(await statistics(owner, '&from=2020-01-01&to=2020-01-02'), []);
        assert.equal((await statistics(owner, '&from=now-1h&to=now')).length, 1);
        for (const query of ['group=$nothing', 'from=soon', 'to=later', 'limit=0', 'limit=1001', 'limit=x']) {
            const answer = await owner.call('GET', `/stats/messages?${query}`);
            refused(answer, 400);
            assert.ok(answer.body.message.includes(`"${query.split('=')[0]}"`), answer.text);
        }
    });

    test('What each link of a flow carried, since its start or a time asked for', async () => {
        const counts = await until(async () => {
            const found = await owner.get(`/flows/${flowId}/counts`);
            return found.links.every(({ count }) => count === CALLS) && found;
        }, 'every link to have carried all');
        assert.deepEqual(counts.links.map(({ source, outPort, inPort }) => [source, outPort, inPort]), Array(2).fill([hook, 'out', 'in']));
        const { started } = await owner.get(`/flows/${flowId}`);
        assert.equal(counts.since, started);
        const later = await owner.get(`/flows/${flowId}/counts?from=${encodeURIComponent('now+1h')}`);
        assert.deepEqual(later.links.map(({ count }) => count), [0, 0]);
        refused(await owner.call('GET', `/flows/${flowId}/counts?from=soon`), 400);
        refused(await (await person(admin)).call('GET', `/flows/${flowId}/counts`), 404);
    });

    test('S124 Nobody sees the counts of another\'s flow; an admin sees all', async () => {
        const stranger = await person(admin);
        assert.deepEqual(await statistics(stranger), []);
        assert.deepEqual(await stranger.get('/stats/messages?group=$connector'), []);
        assert.equal((await stranger.get('/telemetry')).messageCounts.count, 0);
        assert.equal((await statistics(admin)).length, 1);
    });

    test('Telemetry: the caller\'s own, and by month and flow for admins', async () => {
        const month = new Date().toISOString().slice(0, 7);
        const own = await owner.get(`/telemetry?from=${month}&to=${month}`);
        assert.deepEqual(own, {
            messageCounts: { from: month, to: month, count: 3 * CALLS, userId: owner.id },
            runningFlows: { userId: owner.id, count: 1 },
            activeConnectors: { userId: owner.id, count: 2 },
            usedApps: ['patchbay.utils', 'test.failing']
        });
        const months = await admin.get(`/telemetry/messages?userId=${owner.id}&from=2020-01&to=${month}`);
        assert.equal(months.totalCount, 3 * CALLS);
        assert.ok(months.totalSize > 0);
        assert.deepEqual(months.stats, [{ date: month, count: months.totalCount, size: months.totalSize }]);
        assert.deepEqual(await admin.get(`/telemetry/flows/${flowId}`), { totalCount: 3 * CALLS, totalSize: months.totalSize });
        refused(await owner.call('GET', '/telemetry?from=soon'), 400);
    });

    test('Counts outlive the server', async () => {
        await server.stop();
        await server.start();
        assert.equal((await statistics(owner))[0].done, 2 * CALLS);
    });

    test('Records of inputs and outputs can be left out', async () => {
        const keys = ['LOG_COMPONENT_INPUT_MESSAGES', 'LOG_COMPONENT_OUTPUT_MESSAGES'];
        for (const key of keys) {
            await admin.post('/config', { key, value: false });
        }
        const records = async query => (await owner.logs(flowId, query)).length;
        const before = [await records('type:data'), await records('severity:error')];
        await call({ n: 'unseen' });
        await until(async () => await records('severity:error') > before[1], 'the error, which is written always');
        assert.equal(await records('type:data'), before[0]);
        for (const key of keys) {
            await admin.delete(`/config/${key}`);
        }
        await call({ n: 'seen' });
        await owner.logged(flowId, ({ type, msg }) => type === 'data' && msg.includes('seen'), 'data to be written again');
    });

    test('The log keeps to LOG_RETENTION_BYTES; the newest stay', async () => {
        const found = async () => (await owner.get(`/logs?flowId=${flowId}`)).buckets.reduce((sum, { doc_count: count }) => sum + count, 0);
        for (let n = 0; n < 100; n++) {
            await call({ n, text: 'x'.repeat(40000) });
        }
        await owner.logged(flowId, ({ msg }) => msg.includes('"n":99'), 'the last of them');
        const before = await found();
        await admin.post('/config', { key: 'LOG_RETENTION_BYTES', value: 1 });  // the least is 1 MiB
        await until(async () => await found() < before / 2, 'old records to go');
        assert.ok((await owner.logs(flowId)).length > 0);
    });
});

'use strict';

/**
 * Quotas (connector-format §6, R7): rules of quota.js hold, in order, over a SIGKILL, and hold up nobody else. Every number here is read
 * from what the components themselves recorded when they were called; nothing is said about speed.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const refused = require('./refusal');

const MESSAGES = 200;
const LATER = 4;  // sent after the restart: they come after all that waited
const FIXED_MS = 2000;

const QUOTA = `'use strict';
module.exports = { rules: [
    { name: 'second', limit: 3, window: 1000, throttling: 'window-sliding', queueing: 'fifo', resource: 'calls' },
    { limit: 3, window: 1000, queueing: 'fifo', resource: 'shared' },
    { limit: 3, window: 1000, queueing: 'fifo', resource: 'both' },
    { limit: 4, window: 3000, queueing: 'fifo', resource: 'both' },
    { limit: 2, window: 1000, queueing: 'fifo', resource: 'mine', scope: 'userId' },
    { limit: 1, window: 2000, queueing: 'fifo', resource: 'slow' },
    { limit: 1, window: 3600000, resource: 'hourly' },
    { limit: 1, throttling: 'limit-concurrency', queueing: 'fifo', resource: 'alone' },
    { limit: 2, window: 3600000, resource: 'forms' },
    { limit: 3, window: 1000, queueing: 'fifo', resource: 'lists' },
    { limit: 1, throttling: { type: 'window-fixed', getStartOfNextWindow: () => { throw new Error('no calendar today'); } }, queueing: 'fifo', resource: 'broken' },
    { limit: 2, throttling: { type: 'window-fixed', getStartOfNextWindow: () => {
        globalThis.asked = (globalThis.asked || 0) + 1;
        return (Math.floor(Date.now() / ${FIXED_MS}) + 1) * ${FIXED_MS};
    } }, queueing: 'fifo', resource: 'fixed' }
] };
`;

const receive = body => `'use strict';\nmodule.exports = { async receive(context) {\n    const at = Date.now();\n${body}\n} };\n`;
const record = "    const { n, url } = context.messages.in.content;\n    await context.httpRequest.post(url, { n, at, asked: globalThis.asked });";
const limited = (resources, code = receive(record), more = {}) => ({ manifest: { quota: { manager: 'test:quota', resources, ...more } }, code });

const BUNDLE = {
    components: {
        Burst: { code: receive('    const { from, count } = context.messages.in.content;\n    for (let n = from; n < from + count; n++) {\n        await context.sendJson({ n }, \'out\');\n    }') },
        Free: { code: receive(record) },
        Calls: limited('calls'),
        Shared: limited('shared'),
        Both: limited(['both']),
        Mine: limited('mine', receive(record), { scope: { userId: '{{userId}}' } }),
        Fixed: limited('fixed', receive(record), { maxWait: '5000' }),
        Alone: limited('alone', receive("    const { n, url } = context.messages.in.content;\n    globalThis.running = (globalThis.running || 0) + 1;\n    const together = globalThis.running;\n    await context.httpRequest.post(url, { n, at, together });\n    globalThis.running -= 1;")),
        Forms: limited('forms', receive("    return context.sendJson({ at }, 'out');")),
        Lists: limited('lists', receive("    return context.sendJson({ at }, 'out');")),
        Broken: limited('broken'),
        Slow: limited('slow', receive("    await context.response({ called: true }, 200);")),
        Hourly: limited('hourly', receive("    await context.httpRequest.post(context.messages.in.content.url, { at });\n    await context.response({ called: true }, 200);"))
    },
    extra: { 'test/quota/quota.js': QUOTA }
};

// The most calls that begin within any `window` ms.
function densest(times, window) {
    const sorted = [...times].sort((a, b) => a - b);
    return Math.max(...sorted.map((from, index) => sorted.slice(index).filter(at => at - from < window).length));
}

describe('Quotas', () => {

    let server;
    let sink;
    let admin;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'quota' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        const result = await admin.publish(bundleZip('test.quota', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const at = mark => sink.requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
    const arrived = (mark, enough, what) => sink.when(() => enough(at(mark)) && at(mark), what, 150000);
    const count = (mark, number) => arrived(mark, records => new Set(records.map(({ n }) => n)).size >= number, `${number} calls at ${mark}`);

    /** Webhook → Burst → each of `types`, which records its calls at the sink under its mark. */
    async function bursting(client, types) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const burst = flow.add('test.quota.core.Burst', { from: hook, input: { from: `{{{$.${hook}.out.data.from}}}`, count: `{{{$.${hook}.out.data.count}}}` } });
        for (const [type, mark] of Object.entries(types)) {
            flow.add(`test.quota.core.${type}`, { from: burst, input: { n: `{{{$.${burst}.out.n}}}`, url: `${sink.url}/${mark}` } });
        }
        const flowId = await client.createFlow({ name: `Burst ${Object.values(types)}`, flow: flow.descriptor });
        await client.startFlow(flowId);
        const call = (number, from = 0) => server.client().must('POST', `/flows/${flowId}/components/${hook}`, { json: { from, count: number } });
        return Object.assign(call, { flowId });
    }

    /** Webhook → `type`, which answers the caller itself. */
    async function answering(type, quota) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        const id = flow.add(`test.quota.core.${type}`, { from: hook, input: { url: `${sink.url}/${type}` } });
        if (quota) {
            flow.descriptor[id].config.quota = quota;
        }
        const flowId = await admin.createFlow({ name: `Answer ${type}`, flow: flow.descriptor });
        await admin.startFlow(flowId);
        return () => server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: {} });
    }

    test('S77 3 a second with fifo over 200 messages at once: never more in any sliding second, in order, none lost over a SIGKILL', async () => {
        const call = await bursting(admin, { Calls: 'calls' });
        await call(MESSAGES);
        await count('calls', MESSAGES / 2);
        await server.kill();
        await server.start();
        await call(LATER, MESSAGES);
        const records = await count('calls', MESSAGES + LATER);
        const first = Array.from({ length: MESSAGES + LATER }, (_, n) => records.find(one => one.n === n));
        assert.ok(densest(records.map(one => one.at), 1000) <= 3, `at most 3 a second, but ${densest(records.map(one => one.at), 1000)}`);
        for (let n = 1; n < MESSAGES + LATER; n++) {
            assert.ok(first[n].at >= first[n - 1].at, `${n} was called at ${first[n].at}, before ${n - 1} at ${first[n - 1].at}`);
        }
        assert.ok(records.length <= MESSAGES + LATER + 3, `only what was under way at the kill is called again (${records.length})`);
        admin = await server.admin();
        assert.deepEqual(await admin.get('/unprocessed-messages'), [], 'waiting spends no attempt');
    });

    test('R7 Waiting messages hold up neither another component of their flow nor another flow that shares the rule', async () => {
        const first = await bursting(admin, { Shared: 'greedy', Free: 'free' });
        const second = await bursting(admin, { Shared: 'modest' });
        await first(40);
        await count('greedy', 3);
        await second(6);
        await count('free', 40);
        assert.ok(at('greedy').length < 40, 'the component without a quota did not wait for the one with it');
        await count('modest', 6);
        assert.ok(at('greedy').length < 40, 'the second flow had its turns');
        await count('greedy', 40);
        assert.ok(densest([...at('greedy'), ...at('modest')].map(one => one.at), 1000) <= 3);
    });

    test('A rule with scope counts each user for himself', async () => {
        const busy = await bursting(admin, { Mine: 'busy' });
        const other = await bursting(await person(admin), { Mine: 'other' });
        await busy(16);
        await count('busy', 2);
        await other(4);
        await count('other', 4);
        assert.ok(at('busy').length < 16, 'the other user did not wait for the busy one');
        await count('busy', 16);
        for (const mark of ['busy', 'other']) {
            assert.ok(densest(at(mark).map(one => one.at), 1000) <= 2, mark);
        }
    });

    test('R6 A flow that an admin stops keeps what waits for its quota, also when its time comes meanwhile', async () => {
        const owner = await person(admin);
        const call = await bursting(owner, { Mine: 'parked' });
        await call(12);
        await count('parked', 2);
        await admin.stopFlow(call.flowId);
        const meanwhile = await bursting(await person(admin), { Mine: 'meanwhile' });
        await meanwhile(8);
        await count('meanwhile', 8);
        assert.ok(at('parked').length < 12, 'the parked flow was not called meanwhile');
        await owner.startFlow(call.flowId);
        const records = await count('parked', 12);
        assert.ok(densest(records.map(one => one.at), 1000) <= 2);
    });

    test('All rules of a resource must have room', async () => {
        const call = await bursting(admin, { Both: 'both' });
        await call(10);
        const times = (await count('both', 10)).map(one => one.at);
        assert.ok(densest(times, 1000) <= 3);
        assert.ok(densest(times, 3000) <= 4);
    });

    test('A custom window ends when the connector\'s own code says so, which runs in its worker', async () => {
        const call = await bursting(admin, { Fixed: 'fixed' });
        await call(7);
        const records = await count('fixed', 7);
        const windows = new Map();
        for (const one of records) {
            const window = Math.floor(one.at / FIXED_MS);
            windows.set(window, (windows.get(window) ?? 0) + 1);
        }
        assert.ok(Math.max(...windows.values()) <= 2, JSON.stringify([...windows]));
        assert.ok(records.every(one => one.asked >= 1), 'getStartOfNextWindow ran in the process that runs the component');
    });

    test('limit-concurrency lets so many run at a time', async () => {
        const call = await bursting(admin, { Alone: 'alone' });
        await call(12);
        const records = await count('alone', 12);
        assert.deepEqual([...new Set(records.map(one => one.together))], [1]);
        assert.deepEqual(records.map(one => one.n), Array.from({ length: 12 }, (_, n) => n));
    });

    test('A caller waits at most maxWait, which a node may override: 202 with the message\'s id, processed later', async () => {
        const patient = await answering('Slow');
        assert.equal((await patient()).status, 200);
        const waited = await patient();
        assert.deepEqual([waited.status, waited.body], [200, { called: true }]);
        const hasty = await answering('Slow', { maxWait: 0 });
        const put = await hasty();
        assert.equal(put.status, 202, put.text);
        assert.match(put.body.messageId, /^[0-9a-f-]{36}$/);
        assert.match(put.body.message, /no room/);
    });

    test('Static calls count: without room within maxWait they are refused with the time, with room to come they wait', async () => {
        const call = name => admin.call('POST', `/component/test/quota/core/${name}`, { json: {} });
        for (const n of [1, 2]) {
            assert.equal((await call('Forms')).status, 200, `call ${n}`);
        }
        const answer = await call('Forms');
        const body = refused(answer, 503, /quota.*no room/);
        assert.ok(body.data.retryAfter > 3000 && Number(answer.headers['retry-after']) === body.data.retryAfter, answer.text);
        const lists = await Promise.all(Array.from({ length: 8 }, () => call('Lists')));
        assert.deepEqual(lists.map(({ status }) => status), Array(8).fill(200), 'those without room have waited');
        assert.ok(densest(lists.map(({ body: { at } }) => at), 1000) <= 3, 'never more than the rule allows');
        await server.kill();
        await server.start();
        admin = await server.admin();
        refused(await call('Forms'), 503);
    });

    test('quota.js that fails is told as an error of type "quota"; the message waits and spends no attempt', async () => {
        await admin.post('/config', { key: 'WEBHOOK_FLOW_COMPONENT_ERROR', value: `${sink.url}/errors` });
        const call = await bursting(admin, { Broken: 'broken' });
        await call(1);
        const { body } = await sink.one(({ url, body: { flowId } }) => url === '/errors' && flowId === call.flowId, 'the error of the quota');
        assert.equal(body.type, 'quota');
        assert.match(body.err.message, /no calendar today/);
        assert.deepEqual([body.err.name, body.err.code, body.flowName, body.userId], ['QuotaError', 'QUOTA_CODE_FAILED', 'Burst broken', admin.user.id]);
        assert.deepEqual([body.componentType, body.connector, body.cause], ['test.quota.core.Broken', 'test.quota', 'quota-code-failed']);
        assert.deepEqual(at('broken'), []);
        assert.deepEqual(await admin.get(`/unprocessed-messages?flowId=${call.flowId}`), []);
        assert.deepEqual((await admin.logs(call.flowId)).filter(({ severity }) => severity === 'error'), []);
        await admin.stopFlow(call.flowId);
        await admin.delete('/config/WEBHOOK_FLOW_COMPONENT_ERROR');
    });

    test('GET, PUT and DELETE /quota: an admin\'s rules stand in for the shipped ones at once', async () => {
        const call = await answering('Hourly');
        assert.equal((await call()).status, 200);
        assert.equal((await call()).status, 202, 'a rule without queueing does not let wait');
        const shipped = (await admin.get('/quota')).find(({ name }) => name === 'test:quota');
        assert.deepEqual(shipped, { id: shipped.id, name: 'test:quota', source: QUOTA, defaultSource: QUOTA, isCustom: null });
        assert.match(shipped.id, /./);
        for (const source of [undefined, '', 'module.exports = {};', 'not JavaScript', 'module.exports = { rules: [{ window: 1 }] };']) {
            const answer = await admin.call('PUT', '/quota/test:quota', { json: { source } });
            refused(answer, 400);
        }
        const source = QUOTA.replace('limit: 1, window: 3600000', 'limit: 100, window: 3600000');
        const changed = await admin.put('/quota/test:quota', { source });
        assert.deepEqual(changed, { id: shipped.id, name: 'test:quota', source, defaultSource: QUOTA, isCustom: true });
        await arrived('Hourly', records => records.length >= 2, 'the message that waited for the next hour, now that there is room');
        const next = await answering('Hourly');
        assert.equal((await next()).status, 200);
        await server.kill();
        await server.start();
        admin = await server.admin();
        assert.deepEqual(await admin.delete('/quota/test:quota'), { acknowledged: true, deletedCount: 1 });
        assert.deepEqual((await admin.get('/quota')).find(({ name }) => name === 'test:quota'), shipped);
        assert.equal((await (await answering('Hourly'))()).status, 202, 'the counter went on, also over a SIGKILL (R11)');
        const made = await admin.put('/quota/test:unknown:core', { source: "const moment = require('moment');\nmodule.exports = { rules: [{ limit: 1, window: moment.duration(1, 'day').asMilliseconds(), resource: 'x' }] };" });
        assert.deepEqual([made.isCustom, made.defaultSource], [true, '']);
        assert.deepEqual(await admin.delete('/quota/test:unknown:core'), { acknowledged: true, deletedCount: 1 });
        const gone = await admin.call('DELETE', '/quota/test:unknown:core');
        assert.deepEqual([gone.status, gone.body], [404, { acknowledged: true, deletedCount: 0 }]);
        assert.equal((await admin.call('PUT', '/quota/nocolon', { json: { source } })).status, 400);
    });
});

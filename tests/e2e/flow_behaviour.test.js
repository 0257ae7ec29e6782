'use strict';

/** What flows do: timers, fan-out and fan-in, state, retries, dead letters, error handling, modifiers. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const receive = body => ({ code: `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n} };\n` });

const BUNDLE = {
    components: {
        Count: receive("const n = await context.stateInc('n', 1); const flow = await context.flow.stateInc('n', 10); const service = await context.service.stateInc('n', 1); await context.sendJson({ n, flow, service }, 'out');"),
        Remember: receive("const { items = [] } = context.state; items.push(context.messages.in.content.item); await context.saveState({ items }); await context.sendJson({ items: (await context.loadState()).items }, 'out');"),
        Alone: receive("const lock = await context.lock('one', { ttl: 10000, retryDelay: 20, maxRetryCount: 500 });\ntry { const now = await context.stateGet('inside') || 0; await context.stateSet('inside', now + 1); await new Promise(resolve => setImmediate(resolve)); const then = await context.stateGet('inside'); await context.stateSet('inside', then - 1); await context.sendJson({ alone: now === 0 && then === 1 }, 'out'); } finally { await lock.unlock(); }"),
        Hold: receive("const lock = await context.lock('held', { ttl: 3600000, retryDelay: 20, maxRetryCount: 3000 }); const { data } = await context.httpRequest.post(context.properties.url, {}); if (data.hang) { await new Promise(() => {}); } await lock.unlock(); await context.sendJson({}, 'out');"),
        Typed: { manifest: { inPorts: [{ name: 'in', schema: { type: 'object', properties: { amount: { type: 'number' }, when: { type: 'string', format: 'date-time' }, note: { type: 'string' } }, required: ['amount'] } }] }, ...receive("await context.sendJson(context.messages.in.content, 'out');") },
        SendThenFail: receive("await context.sendJson({ half: true }, 'out'); if (context.messages.in.content.fail) { throw new Error('after the send'); }"),
        Busy: { code: "'use strict';\nmodule.exports = { async receive(context) { await context.httpRequest.post(context.properties.url, {}); await new Promise(() => {}); }, async stop() {} };\n" },
        Begin: { manifest: { inPorts: [], trigger: true }, code: "'use strict';\nmodule.exports = { async start(context) { await context.sendJson({ started: true }, 'out'); }, async stop(context) { await context.httpRequest.post(context.properties.url, { stopped: true }); } };\n" }
    }
};

describe('What flows do', () => {

    let server;
    let sink;
    let admin;
    let failing;

    before(async () => {
        sink = await Sink.start(({ url }) => (failing && url === '/fragile' ? { status: failing, body: '{"error":"on purpose"}' } : {}));
        server = await Server.start({ name: 'behaviour' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls', 'patchbay.utils.timers', 'patchbay.utils.data', 'patchbay.utils.storage');
        const result = await admin.publish(bundleZip('test.behaviour', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
        for (const [key, value] of Object.entries({ RETRY_INIT_EXP: 100, RETRY_MAX_EXP: 200, RETRY_MAX_COUNT: 3 })) {
            await admin.post('/config', { key, value });
        }
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const post = (flow, from, mark, body, more = {}) => flow.add('patchbay.utils.http.Request', { from, input: { url: `${sink.url}/${mark}`, method: 'POST', body }, ...more });
    const at = mark => requests => requests.filter(({ url }) => url === `/${mark}`);
    const bodies = async (mark, count, timeoutMs) => (await sink.when(requests => at(mark)(requests).length >= count && at(mark)(requests), `${count} requests at /${mark}`, timeoutMs)).map(({ body }) => body);

    async function run(name, build) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const made = build(flow, hook);
        const flowId = await admin.createFlow({ name, flow: flow.descriptor });
        await admin.startFlow(flowId);
        const call = async json => {
            const answer = await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json });
            assert.equal(answer.status, 200, answer.text);
        };
        return { flowId, hook, call, made };
    }

    test('start() may send, stop() is called', async () => {
        const flow = new FlowBuilder();
        const begin = flow.add('test.behaviour.core.Begin', { properties: { url: `${sink.url}/stopped` } });
        post(flow, begin, 'started', { started: `{{{$.${begin}.out.started}}}` });
        const flowId = await admin.createFlow({ name: 'Begin', flow: flow.descriptor });
        await admin.startFlow(flowId);
        assert.deepEqual(await bodies('started', 1), [{ started: true }]);
        await admin.stopFlow(flowId);
        assert.deepEqual(await bodies('stopped', 1), [{ stopped: true }]);
    });

    test('A flow stops although messages wait for a component that has a stop()', async () => {
        const flow = await run('Busy', (builder, hook) => builder.add('test.behaviour.core.Busy', { from: hook, properties: { url: `${sink.url}/busy` } }));
        // Fifty run at once, the others wait.
        await Promise.all(Array.from({ length: 60 }, () => flow.call({})));
        await bodies('busy', 50);
        await admin.stopFlow(flow.flowId);
        assert.equal((await admin.get(`/flows/${flow.flowId}`)).stage, 'stopped');
    });

    test('OnStart starts, Timer ticks on, and nothing comes after the stop', async () => {
        const flow = new FlowBuilder();
        const timer = flow.add('patchbay.utils.timers.Timer', { properties: { interval: 100, unit: 'milliseconds' } });
        post(flow, timer, 'timer', { now: `{{{$.${timer}.out.now}}}`, elapsed: `{{{$.${timer}.out.elapsed}}}` });
        post(flow, flow.add('patchbay.utils.controls.OnStart'), 'on-start', { once: true });
        const flowId = await admin.createFlow({ name: 'Timer', flow: flow.descriptor });
        await admin.startFlow(flowId);
        const ticks = await bodies('timer', 3);
        assert.ok(ticks.every(({ elapsed }) => elapsed >= 0));
        assert.equal((await bodies('on-start', 1)).length, 1);
        await admin.stopFlow(flowId);
        const { length } = at('timer')(sink.requests);
        const other = await run('Meanwhile', (builder, hook) => post(builder, hook, 'meanwhile', { n: `{{{$.${hook}.out.data.n}}}` }));
        for (let n = 0; n < 20; n++) {
            await other.call({ n });
        }
        await bodies('meanwhile', 20);
        assert.ok(at('timer')(sink.requests).length <= length + 1, 'at most the one that was on its way');
    });

    test('Scheduler with seconds fires by its cron expression', async () => {
        const flow = new FlowBuilder();
        const scheduler = flow.add('patchbay.utils.timers.Scheduler', { properties: { scheduleType: 'cron', cron: '* * * * * *', timezone: 'Europe/Prague' } });
        post(flow, scheduler, 'cron', { scheduled: `{{{$.${scheduler}.out.scheduled}}}`, timezone: `{{{$.${scheduler}.out.timezone}}}` });
        const flowId = await admin.createFlow({ name: 'Scheduler', flow: flow.descriptor });
        await admin.startFlow(flowId);
        const fired = await bodies('cron', 2);
        assert.equal(fired[0].timezone, 'Europe/Prague');
        assert.match(fired[0].scheduled, /:\d\d\.000Z$/);
        assert.notEqual(fired[0].scheduled, fired[1].scheduled);
        await admin.stopFlow(flowId);
    });

    test('S77 Wait keeps a message, also over a SIGKILL of the server', async () => {
        const flow = await run('Wait', (builder, hook) => {
            const wait = builder.add('patchbay.utils.timers.Wait', { from: hook, input: { amount: 2, unit: 'seconds' } });
            post(builder, wait, 'waited', { n: `{{{$.${hook}.out.data.n}}}`, started: `{{{$.${wait}.out.started}}}`, ended: `{{{$.${wait}.out.ended}}}` });
        });
        await flow.call({ n: 1 });
        await admin.logged(flow.flowId, ({ componentType, portType }) => componentType === 'patchbay.utils.timers.Wait' && portType === 'in', 'the waiting message');
        await server.kill();
        await server.start();
        admin = await server.admin();
        const [{ n, started, ended }] = await bodies('waited', 1);
        assert.equal(n, 1);
        assert.ok(Date.parse(ended) - Date.parse(started) >= 2000);
    });

    test('Each fans out, Join brings all together, in order', async () => {
        const flow = await run('Each and Join', (builder, hook) => {
            const each = builder.add('patchbay.utils.controls.Each', { from: hook, input: { list: `{{{$.${hook}.out.data.list}}}` } });
            const twice = builder.add('patchbay.utils.controls.SetVariable', { from: { id: each, port: 'item' }, input: { variables: { ADD: [{ type: 'text', name: 'word', text: `<{{{$.${each}.item.item}}}>` }] } } });
            const join = builder.add('patchbay.utils.controls.Join', {
                from: twice,
                input: { count: `{{{$.${each}.item.count}}}`, correlationId: `{{{$.${each}.item.correlationId}}}`, item: `{{{$.${twice}.out.word}}}`, index: `{{{$.${each}.item.index}}}` }
            });
            post(builder, join, 'joined', { items: `{{{$.${join}.out.items}}}`, count: `{{{$.${join}.out.count}}}` });
            post(builder, { id: each, port: 'done' }, 'each-done', { count: `{{{$.${each}.done.count}}}` });
        });
        const list = Array.from({ length: 120 }, (unused, n) => `item ${n}`);
        await flow.call({ list });
        assert.deepEqual(await bodies('joined', 1), [{ items: list.map(item => `<${item}>`), count: 120 }]);
        assert.deepEqual(await bodies('each-done', 1), [{ count: 120 }]);
    });

    test('Fan-out sends a copy down every link, fan-in joins one of each link', async () => {
        const flow = await run('Fan', (builder, hook) => {
            const branch = name => builder.add('patchbay.utils.controls.SetVariable', { from: hook, input: { variables: { ADD: [{ type: 'text', name: 'branch', text: name }] } } });
            const join = builder.add('patchbay.utils.controls.Join', { from: [branch('left'), branch('right')] });
            post(builder, join, 'fan', { items: `{{{$.${join}.out.items}}}` });
        });
        await flow.call({});
        const [{ items }] = await bodies('fan', 1);
        assert.deepEqual(items.map(({ branch }) => branch).sort(), ['left', 'right']);
    });

    test('Condition and Switch choose a port', async () => {
        const flow = await run('Choices', (builder, hook) => {
            const condition = builder.add('patchbay.utils.controls.Condition', { from: hook, input: { expression: { AND: [{ OR: [{ input: `{{{$.${hook}.out.data.n}}}`, operator: '>', value: '10' }] }] } } });
            post(builder, { id: condition, port: 'true' }, 'big', { n: `{{{$.${hook}.out.data.n}}}` });
            post(builder, { id: condition, port: 'false' }, 'small', { n: `{{{$.${hook}.out.data.n}}}` });
        });
        for (const n of [9, 11, 100]) {
            await flow.call({ n });
        }
        assert.deepEqual((await bodies('big', 2)).map(({ n }) => n).sort((a, b) => a - b), [11, 100]);
        assert.deepEqual(await bodies('small', 1), [{ n: 9 }]);
    });

    test('State counts exactly, per component, flow and service, with many messages at once', async () => {
        const flow = await run('Count', (builder, hook) => {
            const count = builder.add('test.behaviour.core.Count', { from: hook });
            post(builder, count, 'counted', { n: `{{{$.${count}.out.n}}}`, flow: `{{{$.${count}.out.flow}}}`, service: `{{{$.${count}.out.service}}}` });
        });
        await Promise.all(Array.from({ length: 50 }, () => flow.call({})));
        const counted = await bodies('counted', 50);
        const sorted = key => counted.map(entry => entry[key]).sort((a, b) => a - b);
        assert.deepEqual(sorted('n'), Array.from({ length: 50 }, (unused, n) => n + 1));
        assert.deepEqual(sorted('flow'), Array.from({ length: 50 }, (unused, n) => 10 * (n + 1)));
        await admin.stopFlow(flow.flowId);
        await admin.startFlow(flow.flowId);
        await flow.call({});
        const [last] = (await bodies('counted', 51)).slice(-1);
        assert.deepEqual([last.n, last.flow, last.service], [1, 10, 51], 'component and flow state end with the run, service state does not');
    });

    test('saveState and loadState keep an object; a lock lets one in at a time', async () => {
        const flow = await run('Remember', (builder, hook) => {
            const remember = builder.add('test.behaviour.core.Remember', { from: hook, input: { item: `{{{$.${hook}.out.data.item}}}` } });
            post(builder, remember, 'remembered', { items: `{{{$.${remember}.out.items}}}` });
            const alone = builder.add('test.behaviour.core.Alone', { from: hook });
            post(builder, alone, 'alone', { alone: `{{{$.${alone}.out.alone}}}` });
        });
        for (const item of ['a', 'b', 'c']) {
            await flow.call({ item });
            await sink.when(requests => at('remembered')(requests).some(({ body }) => body.items.includes(item)), item);
        }
        assert.deepEqual(at('remembered')(sink.requests).at(-1).body.items, ['a', 'b', 'c']);
        await Promise.all(Array.from({ length: 17 }, () => flow.call({ item: 'x' })));
        assert.ok((await bodies('alone', 20)).every(({ alone }) => alone === true));
    });

    test('A lock is free again when the process of the call that took it is lost', async () => {
        let holds = 0;
        const holder = await Sink.start(() => ({ body: JSON.stringify({ hang: ++holds === 1 }) }));
        try {
            const flow = await run('Hold', (builder, hook) => post(builder, builder.add('test.behaviour.core.Hold', { from: hook, properties: { url: holder.url } }), 'held', {}));
            await flow.call({});
            await holder.when(requests => requests.length === 1, 'the call that holds the lock');
            server.killWorkers();
            await bodies('held', 1);
            assert.ok(holder.requests.length >= 2, 'made again');
        } finally {
            await holder.stop();
        }
    });

    test('A data store tells who listens, in the commit of the change: a SIGKILL after the answer loses no event', async () => {
        const { storeId } = await admin.post('/stores', { name: 'Listened' });
        const flow = new FlowBuilder();
        const added = flow.add('patchbay.utils.storage.OnItemAdded', { properties: { storeId } });
        post(flow, added, 'added', { key: `{{{$.${added}.out.key}}}` });
        const flowId = await admin.createFlow({ name: 'Listens', flow: flow.descriptor });
        await admin.startFlow(flowId);
        await admin.post(`/store/${storeId}/first`, { value: 1 });
        assert.deepEqual(await bodies('added', 1), [{ key: 'first' }]);
        await admin.post(`/store/${storeId}/second`, { value: 2 });
        await server.kill();
        await server.start();
        admin = await server.admin();
        // 'first' may come once more: its call was done, perhaps not yet committed.
        const keysSeen = requests => new Set(at('added')(requests).map(({ body }) => body.key));
        await sink.when(requests => keysSeen(requests).has('second'), 'the event of the second record');
        assert.deepEqual([...keysSeen(sink.requests)], ['first', 'second']);
        await admin.stopFlow(flowId);
    });

    test('Modifiers: the quick ones, JSONata, and JavaScript of a user', async () => {
        const flow = await run('Modifiers', (builder, hook) => {
            const id = post(builder, hook, 'modified', { a: '{{{a}}}', b: '{{{b}}}', c: '{{{c}}}', d: '{{{d}}}' });
            const transform = builder.descriptor[id].config.transform.in[hook].out;
            const names = `$.${hook}.out.data.names`;
            transform.modifiers.body = {
                a: { variable: names, functions: [{ name: 'g_first' }, { name: 'g_uppercase' }] },
                b: { variable: names, functions: [{ name: 'g_jsonata', params: [{ value: '$count($)' }] }] },
                c: { variable: names, functions: [{ name: 'g_javascript', params: [{ value: '$variable.map(name => name.length)' }] }] },
                d: { functions: [{ name: 'g_flowName' }] }
            };
        });
        await flow.call({ names: ['ada', 'grace'] });
        assert.deepEqual(await bodies('modified', 1), [{ a: 'ADA', b: 2, c: [3, 5], d: 'Modifiers' }]);
    });

    test('Input is coerced by the port\'s schema; what does not fit goes to the unprocessed messages at once', async () => {
        const flow = await run('Typed', (builder, hook) => {
            const typed = builder.add('test.behaviour.core.Typed', { from: hook, input: { amount: `{{{$.${hook}.out.data.amount}}}`, when: `{{{$.${hook}.out.data.when}}}`, note: `{{{$.${hook}.out.data.note}}}` } });
            post(builder, typed, 'typed', { amount: `{{{$.${typed}.out.amount}}}`, note: `{{{$.${typed}.out.note}}}` });
            return typed;
        });
        await flow.call({ amount: '12.5', when: '', note: { a: 1 } });
        assert.deepEqual(await bodies('typed', 1), [{ amount: 12.5, note: '{"a":1}' }]);
        await flow.call({ amount: 'many' });
        const message = await until(async () => (await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`))[0], 'the unprocessed message');
        const err = JSON.parse(message.err);
        assert.deepEqual([err.name, err.code, err.message], ['ValidationFlowError', 'GRID_ERR_VAL_PORTS', 'Validation error on ports: in']);
        assert.equal(message.componentId, flow.made);
        assert.equal(message.target, 'input-queue');
        assert.ok(Array.isArray(message.correlationId));
        assert.equal(message.messages.in[0].content.amount, 'many');
    });

    test('S72 S73 S74 S75 Failing messages are tried again, then kept; a retry by hand delivers them', async () => {
        failing = 503;
        const flow = await run('Fragile', (builder, hook) => post(builder, hook, 'fragile', { n: `{{{$.${hook}.out.data.n}}}` }));
        await flow.call({ n: 77 });
        const message = await until(async () => (await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`))[0], 'the unprocessed message');
        const tries = at('fragile')(sink.requests).length;
        assert.ok(tries >= 3 && tries <= 4, `${tries} tries`);
        assert.equal(message.componentType, 'patchbay.utils.http.Request');
        assert.equal(message.flowId, flow.flowId);
        assert.match(message.err, /503/);
        assert.deepEqual((await admin.get(`/unprocessed-messages/${message.messageId}`)).messageId, message.messageId);
        failing = 0;
        assert.deepEqual(await admin.post(`/unprocessed-messages/${message.messageId}/retry`), {});
        await sink.when(requests => at('fragile')(requests).length > tries, 'the replay');
        assert.deepEqual(at('fragile')(sink.requests).at(-1).body, { n: 77 });
        await until(async () => (await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`)).length === 0, 'the entry to go');
    });

    test('An unprocessed message of a stopped flow stays until the flow runs; it can be deleted', async () => {
        failing = 503;
        const flow = await run('Kept', (builder, hook) => post(builder, hook, 'fragile', { n: `{{{$.${hook}.out.data.n}}}` }, { errorHandling: { autoRetry: false } }));
        await flow.call({ n: 1 });
        const { messageId } = await until(async () => (await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`))[0], 'the unprocessed message');
        failing = 0;
        await admin.stopFlow(flow.flowId);
        const answer = await admin.call('POST', `/unprocessed-messages/${messageId}`);
        assert.equal(answer.status, 409, answer.text);
        assert.deepEqual(await admin.delete(`/unprocessed-messages/${messageId}`), {});
        assert.deepEqual(await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`), []);
        assert.equal((await admin.call('DELETE', `/unprocessed-messages/${messageId}`)).status, 404);
    });

    test('R7 errorHandling: the error port, and stopping the flow', async () => {
        failing = 500;
        const flow = await run('Error port', (builder, hook) => {
            const fragile = post(builder, hook, 'fragile', { n: `{{{$.${hook}.out.data.n}}}` }, { errorHandling: { maxRetries: 1, onError: 'errorPort' } });
            post(builder, { id: fragile, port: 'error' }, 'handled', { message: `{{{$.${fragile}.error.error.message}}}`, n: `{{{$.${hook}.out.data.n}}}`, url: `{{{$.${fragile}.error.input.url}}}` });
        });
        await flow.call({ n: 5 });
        const [handled] = await bodies('handled', 1);
        assert.match(handled.message, /500/);
        assert.equal(handled.n, 5);
        assert.equal(handled.url, `${sink.url}/fragile`);
        assert.deepEqual(await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`), []);

        const stopping = await run('Stop on error', (builder, hook) => post(builder, hook, 'fragile', { n: 6 }, { errorHandling: { autoRetry: false, onError: 'stopFlow' } }));
        await stopping.call({});
        await until(async () => (await admin.get(`/flows/${stopping.flowId}`)).stage === 'stopped', 'the stop of the flow');
        failing = 0;
    });

    test('R2 What a failed call sent and was not yet committed is not sent twice', async () => {
        const flow = await run('Send, then fail', (builder, hook) => {
            const half = builder.add('test.behaviour.core.SendThenFail', { from: hook, input: { fail: true }, errorHandling: { autoRetry: false } });
            post(builder, half, 'half', { half: true });
        });
        await flow.call({});
        await until(async () => (await admin.get(`/unprocessed-messages?flowId=${flow.flowId}`))[0], 'the unprocessed message');
        assert.deepEqual(at('half')(sink.requests), []);
    });

    test('Data components and storage work together in a flow', async () => {
        const { storeId } = await admin.post('/stores', { name: 'Behaviour' });
        const flow = await run('Storage', (builder, hook) => {
            const csv = builder.add('patchbay.utils.data.ParseCSV', { from: hook, input: { text: `{{{$.${hook}.out.data.csv}}}` } });
            const set = builder.add('patchbay.utils.storage.Set', { from: csv, properties: {}, input: { storeId, key: 'rows', value: `{{{$.${csv}.out.rows}}}` } });
            const get = builder.add('patchbay.utils.storage.Get', { from: set, input: { storeId, key: 'rows' } });
            post(builder, get, 'stored', { value: `{{{$.${get}.out.value}}}` });
        });
        await flow.call({ csv: 'a,b\n1,2\n3,4\n' });
        const [{ value }] = await bodies('stored', 1);
        assert.deepEqual(typeof value === 'string' ? JSON.parse(value) : value, [{ a: '1', b: '2' }, { a: '3', b: '4' }]);
        assert.equal((await admin.get(`/store/count?storeId=${storeId}`)).count, 1);
    });

    test('OnError of a flow sees the errors of its components', async () => {
        await admin.post('/config', { key: 'TICK_PERIOD', value: 500 });
        const flow = await run('On error', (builder, hook) => {
            builder.add('patchbay.utils.http.Request', { from: hook, input: { url: 'not a url' } });
            const onError = builder.add('patchbay.utils.controls.OnError');
            post(builder, onError, 'on-error', { type: `{{{$.${onError}.out.componentType}}}` });
        });
        await flow.call({});
        assert.deepEqual((await bodies('on-error', 1))[0], { type: 'patchbay.utils.http.Request' });
        await admin.delete('/config/TICK_PERIOD');
    });
});

'use strict';

/**
 * What wakes a component and whom it calls: webhooks, timeouts, ticks, signals, listeners, other components, the engine
 * (component-runtime §2.1, §7, §8.6, §8.7, §8.9), from inside a worker.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const ContextProbes = require('./context_probes');
const { until } = require('./rest_client');

const trigger = more => ({ trigger: true, inPorts: [], ...more });
const FIELDS = [{ name: 'out', options: [{ label: 'Amount', value: 'amount', schema: { type: 'number' } }, { label: 'City', value: 'address.city' }] }];

const PLUGIN = `'use strict';
module.exports = async context => {
    context.onListenerAdded(async listener => {
        if (listener.params.refuse) {
            throw new Error('refused by the plugin');
        }
        listener.params.agreed = listener.eventName;
    });
    context.http.router.register({ method: 'POST', path: '/event', options: { auth: false, handler: async req => {
        const seen = [];
        await context.triggerListeners({ eventName: 'order', payload: req.payload, filter: listener => seen.push(listener) });
        return seen;
    } } });
    context.http.router.register({ method: 'GET', path: '/mine', options: { handler: async req => ({ id: String((await context.http.auth.getUser(req)).getId()), q: req.query.q }) } });
};
`;

const PROBES = {
    Urls: {
        manifest: { webhook: true, inPorts: [{ name: 'in' }, { name: 'other' }] },
        silent: true,
        receive(context) {
            const { webhook, in: input } = context.messages;
            if (webhook) {
                const { content, correlationId } = webhook;
                return context.response({ content, correlationId, ports: Object.keys(context.messages), scope: context.scope });
            }
            // Leaves with the completion of the call, which keeps the scope for who calls the URL.
            return context.sendJson({
                correlationId: input.correlationId, bare: context.getWebhookUrl(), empty: context.getWebhookUrl({}), port: context.getWebhookUrl({ inPortName: 'other' }),
                own: context.getWebhookUrl({ correlationId: 'a b' }), unknown: context.getWebhookUrl({ inPortName: 'nowhere' })
            }, 'out');
        }
    },
    Tells: { silent: true, receive: context => post(context, context.messages.in.content) },
    TriggerUrl: { manifest: trigger({ webhook: true }), receive: context => ({ url: context.getWebhookUrl(), inPorts: Object.keys(context.messages) }) },
    Responds: {
        manifest: trigger({ webhook: true }),
        silent: true,
        async receive(context) {
            const { form } = context.messages.webhook.content.query;
            const forms = {
                none: [], body: [{ a: 1 }], text: ['text', 201], status: [{ gone: true }, 410], bytes: [Buffer.from([0, 255]), 200, { 'Content-Type': 'application/octet-stream' }],
                headers: ['<p>', 200, { 'content-type': 'text/html', 'X-Own': 'yes' }]
            };
            const value = await context.response(...forms[form]);
            if (value !== undefined) {
                throw new Error('response has a value');
            }
            await context.response({ second: 'nobody waits any more' }, 500);
        }
    },
    Answers: { manifest: trigger({ webhook: true }), silent: true, receive: context => context.response('from afar', 203, {}, context.messages.webhook.content.data.to) },
    Asks: {
        manifest: trigger({ webhook: true }),
        silent: true,
        receive: context => context.httpRequest.post(context.properties.url, { to: context.messages.webhook.correlationId })
    },
    Timers: {
        async receive(context) {
            const { timeout } = context.messages;
            if (timeout) {
                const { again } = await post(context, { ...timeout, ports: Object.keys(context.messages), id: context.id, callScope: context.scope });
                if (again) {
                    throw new Error('once more');
                }
                return undefined;
            }
            const never = await context.setTimeout({ never: true }, 1000);
            const cleared = [await context.clearTimeout(never), await context.clearTimeout(never), await context.clearTimeout('unknown')];
            const later = await context.setTimeout({ n: 2 }, 1100);
            return {
                never, cleared, later, soon: await context.setTimeout({ n: 1, at: new Date(0) }, '5'), noDelay: await failure(() => context.setTimeout({})),
                large: await failure(() => context.setTimeout({ text: 'x'.repeat(16 * 1024 * 1024) }, 1000)), correlationId: context.messages.in.correlationId
            };
        }
    },
    Ticks: {
        manifest: trigger({ tick: { period: 100 } }),
        async tick(context) {
            const { fail } = await post(context, { messages: context.messages, scope: context.scope, runs: await context.stateInc('runs', 1) });
            if (fail) {
                throw new Error('this tick fails');
            }
        }
    },
    Starts: {
        manifest: trigger(),
        start: context => post(context, { on: 'start', messages: context.messages, scope: context.scope, state: context.state }),
        stop: context => post(context, { on: 'stop', messages: context.messages, scope: context.scope, state: context.state })
    },
    Signals: {
        receive: async context => [await context.sendSignal({ n: 1, at: new Date(0) }), await context.sendSignal()],
        signal: context => post(context, { from: context.componentId, signal: context.signal, messages: context.messages })
    },
    Listens: {
        manifest: trigger(),
        silent: true,
        start: async context => post(context, { started: await context.addListener('order', { of: context.componentId }) ?? 'nothing' }),
        stop: async context => post(context, { stopped: [await context.removeListener('order') ?? 'nothing', await context.removeListener('never there') ?? 'nothing'] }),
        async receive(context) { await post(context, { ports: Object.keys(context.messages), data: context.messages.webhook.content.data }); }
    },
    ListensBadly: {
        receive: async context => [
            await failure(() => context.addListener('order', { refuse: true })), await failure(() => context.addListener()), await failure(() => context.removeListener())
        ]
    },
    Calls: {
        async receive(context) {
            const { storeId } = await context.callAppmixer({ endPoint: '/stores', method: 'POST', body: { name: 'Called' } });
            return {
                flow: (await context.callAppmixer({ endPoint: `/flows/${context.flowId}` })).name,
                listed: (await context.callAppmixer({ endPoint: '/stores', method: 'GET', qs: { limit: 1 } })).length,
                removed: await context.callAppmixer({ endPoint: `/stores/${storeId}`, method: 'DELETE' }),
                plugin: await context.callAppmixer({ endPoint: '/plugins/test/calls/mine', qs: { q: 'x y' } }),
                gone: await failure(() => context.callAppmixer({ endPoint: `/stores/${storeId}`, method: 'GET' })), none: await failure(() => context.callAppmixer({}))
            };
        }
    },
    List: {
        manifest: { outPorts: [{ name: 'out' }, { name: 'many' }, { name: 'silent' }] },
        silent: true,
        async receive(context) {
            const { content } = context.messages.in;
            if (content.fail) {
                throw new context.CancelError('the list is gone', { why: 'sold' });
            }
            const { properties, componentId, callerId, flowId, auth } = context;
            await context.sendJson({ content, properties, componentId, callerId, flowId, key: auth.apiKey }, 'out');
            await context.sendArray([1, 2], 'many');
            await context.sendJson(3, 'many');
        },
        extra: 'module.exports.toTexts = ({ content, properties }) => [content.of, properties.more];'
    },
    AsksList: {
        manifest: { auth: { service: 'test:calls' } },
        async receive(context) {
            const options = { messages: { in: { of: 'a' } }, properties: { more: 'b' } };
            const list = (port, given) => context.componentStaticCall('test.calls.core.List', port, given);
            return {
                whole: await context.componentStaticCall('test.calls.core.Keyed', 'out', options), transformed: await list('out', { ...options, transform: './List#toTexts' }),
                bare: (await list('out')).content, many: await list('many', {}), silent: await list('silent', {}),
                failed: await failure(() => list('out', { messages: { in: { fail: true } } })),
                missing: await failure(() => context.componentStaticCall('test.none.core.List', 'out', {})), none: await failure(() => context.componentStaticCall())
            };
        }
    },
    Fields: { manifest: { outPorts: FIELDS }, silent: true, receive: context => context.sendJson({ amount: 1 }, 'out') },
    Variables: {
        async receive(context) {
            const [source] = Object.keys(context.flowDescriptor[context.componentId].source.in);
            return {
                fields: await context.loadOutputSchemaProperties(source), unknown: await failure(() => context.loadOutputSchemaProperties('nowhere')),
                none: await failure(() => context.loadOutputSchemaProperties()), variables: await context.loadVariables()
            };
        }
    },
    Stops: { receive: async context => ({ stopped: await context.stopFlow() }), silent: true },
    Static: {
        manifest: { outPorts: [{ name: 'out' }] },
        silent: true,
        async receive(context) {
            const refused = {};
            const attempts = {
                state: () => context.state, assign: () => { context.state = {}; }, loadState: () => context.loadState(), saveState: () => context.saveState({}),
                stateGet: () => context.stateGet('k'), stateSet: () => context.stateSet('k', 1), stateInc: () => context.stateInc('k'), stateClear: () => context.stateClear(),
                flow: () => context.flow.stateSet('k', 1), service: () => context.service.stateSet('k', 1), setTimeout: () => context.setTimeout({}, 1),
                sendSignal: () => context.sendSignal({}), addListener: () => context.addListener('order'), stopFlow: () => context.stopFlow(),
                response: () => context.response(), store: () => context.store.set('s', 'k', 1), files: () => context.saveFileStream('x', 'x')
            };
            for (const [name, attempt] of Object.entries(attempts)) {
                refused[name] = (await failure(async () => attempt())).message ?? 'no error';
            }
            await context.staticCache.set('of the form', 1, 60000);
            const { messages, properties, profileInfo, componentId, callerId, flowId, flowInfo, flowDescriptor } = context;
            await context.sendJson({
                refused, messages, properties, profileInfo, componentId, callerId, flowId, flowInfo, type: flowDescriptor[componentId].type,
                url: context.getWebhookUrl(), cached: await context.staticCache.get('of the form'),
                port: await failure(() => context.sendJson({}, 'nowhere')), lock: typeof (await context.lock('form')).unlock
            }, 'out');
        }
    }
};
PROBES.Keyed = { ...PROBES.List, manifest: { ...PROBES.List.manifest, auth: { service: 'test:calls' } } };

const AUTH = "'use strict';\nmodule.exports = { type: 'apiKey', definition: { auth: { apiKey: { type: 'text', name: 'Key' } }, validate: async () => true } };\n";

describe('What wakes a component and whom it calls', () => {

    let probes;
    const NOTHING = '(undefined)';

    before(async () => {
        const times = url => probes.sink.requests.filter(request => request.url === url).length;
        const answer = ({ url }) => ({ body: JSON.stringify({ again: url === '/timers' && times(url) === 1, fail: url === '/ticks' && times(url) === 2 }) });
        probes = await ContextProbes.begin('test.calls', PROBES, {
            extra: { 'test/calls/plugin.js': PLUGIN, 'test/calls/auth.js': AUTH }, answer, config: { RETRY_INIT_EXP: 50, RETRY_MAX_EXP: 100 }
        });
        await until(async () => (await probes.admin.get('/plugins')).some(({ plugin, state }) => plugin === 'test/calls' && state === 'up'), 'the plugin', 60000);
    });

    after(() => probes?.end());

    test('getWebhookUrl: correlated for an input, bare for a trigger; what comes there goes on where the input was', async () => {
        const { flowId, entry, probe, call } = await probes.flow('Urls', { more: (flow, node) => flow.add(probes.type('Tells'), { from: node, properties: { url: probes.url('urls') } }) });
        await call({ n: 7 });
        const [seen] = await probes.posted('urls');
        const bare = `${probes.server.url}/flows/${flowId}/components/${probe}`;
        const correlated = `${bare}?correlationId=${seen.correlationId}&correlationInPort=in`;
        assert.deepEqual([seen.bare, seen.empty, seen.unknown], [correlated, correlated, bare]);
        assert.equal(seen.port, correlated.replace(/in$/, 'other'));
        assert.equal(seen.own, `${bare}?correlationId=a%20b&correlationInPort=in`);
        const back = await probes.caller.call('PUT', seen.bare.slice(probes.server.url.length), { json: { back: 1 }, headers: { 'X-Own': 'Yes' } });
        const { content, correlationId, ports, scope } = back.body;
        assert.deepEqual([content.method, content.data, content.headers['x-own'], content.hostname], ['PUT', { back: 1 }, 'Yes', '127.0.0.1']);
        assert.deepEqual(content.query, { correlationId: seen.correlationId, correlationInPort: 'in' });
        assert.deepEqual([correlationId, ports], [seen.correlationId, ['webhook']]);
        assert.deepEqual(scope[entry], { out: { n: 7 } });
        const other = await probes.alone('TriggerUrl');
        assert.deepEqual((await other.call()).body.seen, { url: probes.server.url + other.path, inPorts: ['webhook'] });
    });

    test('response: no arguments up to three, to the caller who waits, once; with a correlation id to another', async () => {
        const { path } = await probes.alone('Responds');
        const answers = {};
        for (const form of ['none', 'body', 'text', 'status', 'bytes', 'headers']) {
            const { status, headers, bytes } = await probes.caller.call('POST', `${path}?form=${form}`);
            answers[form] = [status, headers['content-type'].split(';')[0], bytes.toString(form === 'bytes' ? 'hex' : 'utf8'), headers['x-own'] ?? ''];
        }
        const json = 'application/json';
        assert.deepEqual(answers, {
            none: [200, json, '{}', ''], body: [200, json, '{"a":1}', ''], text: [201, json, 'text', ''], status: [410, json, '{"gone":true}', ''],
            bytes: [200, 'application/octet-stream', '00ff', ''], headers: [200, 'text/html', '<p>', 'yes']
        });
        const answering = await probes.alone('Answers');
        const asking = await probes.alone('Asks', { properties: { url: probes.server.url + answering.path } });
        const { status, text } = await asking.call({}, '?correlationId=c1');
        assert.deepEqual([status, text], [203, 'from afar']);
    });

    test('setTimeout, clearTimeout: called with the content and scope later, again after an error, never when cleared', async () => {
        const { entry, seen: call } = await probes.flow('Timers', { properties: { url: probes.url('timers') } });
        const seen = await call({ n: 7 });
        assert.deepEqual(seen.cleared, [NOTHING, NOTHING, NOTHING]);
        assert.equal(typeof seen.soon, 'string');
        assert.match(seen.noDelay.message, /needs a delay/);
        assert.equal(seen.large.name, 'ContextCancelError');
        const [first, again, last, ...more] = await probes.posted('timers', 3);
        assert.deepEqual(first.content, { n: 1, at: '1970-01-01T00:00:00.000Z' });
        assert.deepEqual([first.timeoutId, first.correlationId, first.ports], [seen.soon, seen.correlationId, ['timeout']]);
        assert.deepEqual([first.scope[entry], first.callScope[entry]], [{ out: { n: 7 } }, { out: { n: 7 } }]);
        assert.deepEqual(again, first);
        assert.deepEqual([last.content, last.timeoutId, more], [{ n: 2 }, seen.later, []]);
    });

    test('messages: a tick says when it and the last one were; one that fails is followed by the next', async () => {
        const { flowId } = await probes.alone('Ticks', { properties: { url: probes.url('ticks') } });
        const [first, second, third] = await probes.posted('ticks', 3);
        await probes.admin.stopFlow(flowId);
        const { now } = first.messages.tick.content;
        assert.match(now, /^\d{4}-.*Z$/);
        assert.deepEqual([Object.keys(first.messages), first.messages.tick.content, first.scope, first.runs], [['tick'], { now, elapsed: null, lastTick: null }, { _walkthrough: [] }, 1]);
        const next = second.messages.tick.content;
        assert.deepEqual([next.lastTick, next.elapsed, second.runs], [now, Date.parse(next.now) - Date.parse(now), 2]);
        assert.equal(third.messages.tick.content.lastTick, next.now);
        await probes.admin.logged(flowId, ({ msg }) => /this tick fails/.test(msg), 'the error of the tick');
    });

    test('messages, scope, state: empty in start and stop', async () => {
        const { flowId } = await probes.alone('Starts', { properties: { url: probes.url('starts') } });
        await probes.admin.stopFlow(flowId);
        assert.deepEqual(await probes.posted('starts', 2), ['start', 'stop'].map(on => ({ on, messages: {}, scope: {}, state: {} })));
    });

    test('sendSignal, signal: to every component of the flow that has the method', async () => {
        const { probe, made, seen } = await probes.flow('Signals', {
            properties: { url: probes.url('signals') },
            more: (flow, node) => flow.add(probes.type('Signals'), { from: node, properties: { url: probes.url('signals') } })
        });
        assert.deepEqual(await seen(), [NOTHING, NOTHING]);
        const signals = await probes.posted('signals', 4);
        assert.deepEqual(signals.map(({ from, signal, messages }) => [from, JSON.stringify(signal.content), messages]).sort(), [probe, made].flatMap(from => [
            [from, '{"n":1,"at":"1970-01-01T00:00:00.000Z"}', {}], [from, '{}', {}]
        ]).sort());
    });

    test('addListener, removeListener: the plugin of its service agrees, changes the params, and calls it like a webhook', async () => {
        const event = json => probes.caller.must('POST', '/plugins/test/calls/event', { json });
        const { flowId, probe } = await probes.alone('Listens', { properties: { url: probes.url('listens') } });
        assert.deepEqual(await event({ n: 1 }), [{ eventName: 'order', flowId, componentId: probe, params: { of: probe, agreed: 'order' } }]);
        assert.deepEqual(await probes.posted('listens', 2), [{ started: 'nothing' }, { ports: ['webhook'], data: { n: 1 } }]);
        await probes.admin.stopFlow(flowId);
        assert.deepEqual(await event({ n: 2 }), []);
        assert.deepEqual((await probes.posted('listens', 3)).slice(2), [{ stopped: ['nothing', 'nothing'] }]);
        const [refused, none, noneRemoved] = await probes.seen('ListensBadly');
        assert.match(refused.message, /refused by the plugin/);
        assert.match(none.message, /needs the name of an event/);
        assert.match(noneRemoved.message, /needs the name of an event/);
    });

    test('callAppmixer: the API and the own plugin as the owner of the flow, rejects with statusCode', async () => {
        const seen = await probes.seen('Calls');
        assert.deepEqual([seen.flow, seen.listed], ['Calls', 1]);
        assert.ok(seen.removed);
        assert.deepEqual(seen.plugin, { id: probes.admin.user.id, q: 'x y' });
        assert.deepEqual([seen.gone.statusCode, seen.gone.error.statusCode, seen.gone.isError], [404, 404, true]);
        assert.match(seen.none.message, /needs an endPoint/);
    });

    test('componentStaticCall, callerId: what another component sends to a port, with the account of the one that asks', async () => {
        const { admin } = probes;
        const { accountId } = await admin.post('/accounts', { service: 'test:calls', token: { apiKey: 'k1' } });
        const flow = await probes.flow('AsksList', { prepare: (flowId, probe) => admin.put(`/auth/component/${probe}/${accountId}`, {}) });
        const seen = await flow.seen();
        const { probe, flowId } = flow;
        assert.deepEqual(seen.whole, { content: { of: 'a' }, properties: { more: 'b' }, componentId: probe, callerId: probe, flowId, key: 'k1' });
        assert.deepEqual([seen.transformed, seen.bare, seen.many, seen.silent], [['a', 'b'], {}, [1, 2, 3], null]);
        assert.match(seen.failed.message, /the list is gone/);
        assert.match(seen.missing.message, /not installed/);
        assert.match(seen.none.message, /needs the type of a component/);
    });

    test('loadOutputSchemaProperties, loadVariables: what others in the flow offer', async () => {
        const { made, entry, seen: call } = await probes.flow('Fields', { more: (flow, node) => flow.add(probes.type('Variables'), { from: node }) });
        const seen = await call();
        assert.deepEqual(seen.fields, { out: [{ path: 'out.amount', label: 'Amount', type: 'number' }, { path: 'out.address.city', label: 'City', type: seen.fields.out[1].type }] });
        assert.match(seen.unknown.message, /has no component nowhere/);
        assert.match(seen.none.message, /needs the id of a component/);
        const [{ variables, sourceComponentId, outPort, inPort }, ...more] = seen.variables;
        assert.deepEqual([outPort, inPort, more], ['out', 'in', []]);
        assert.ok(made && entry);
        assert.deepEqual(variables.dynamic.filter(({ componentId }) => componentId === sourceComponentId).slice(0, 2).map(({ label }) => label), ['Amount', 'City']);
    });

    test('stopFlow: stops the flow of the call', async () => {
        const { flowId, call } = await probes.flow('Stops');
        await call();
        await until(async () => (await probes.admin.get(`/flows/${flowId}`)).stage === 'stopped', 'the flow to stop');
    });

    test('callerId, state and others in a static call: it collects what is sent and changes nothing of a flow', async () => {
        const { admin } = probes;
        const { flowId, probe } = await probes.flow('Urls');
        const { refused, messages, port, ...seen } = await admin.post('/component/test/calls/core/Static?outPort=out', { componentId: probe, properties: { depth: 1 } });
        assert.deepEqual(seen, {
            properties: { depth: 1 }, profileInfo: {}, componentId: probe, callerId: probe, flowId, url: `${probes.server.url}/flows/${flowId}/components/${probe}`, cached: 1,
            type: 'test.calls.core.Urls', flowInfo: { flowId, flowName: 'Urls' }, lock: 'function'
        });
        assert.deepEqual([Object.keys(messages), messages.in.content], [['in'], {}]);
        assert.match(port.message, /^Trying to send message to non existing port nowhere/);
        for (const [name, message] of Object.entries(refused)) {
            assert.match(message, /not available in a static call/, name);
        }
    });
});

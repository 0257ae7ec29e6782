'use strict';

/** System webhooks: what the server tells applications by itself (rest-api §26, S65-S68, S113-S122). */

const assert = require('node:assert/strict');
const { after, before, beforeEach, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const ERROR = 'WEBHOOK_FLOW_COMPONENT_ERROR';
const STOPPED = 'WEBHOOK_FLOW_STOPPED';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const receive = body => ({ code: `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n} };\n` });

const AUTH = `'use strict';
module.exports = {
    type: 'apiKey',
    definition: {
        auth: { key: { type: 'text', name: 'Key' } },
        accountNameFromProfileInfo: 'key',
        requestProfileInfo: context => ({ key: context.key }),
        validate: () => true
    }
};
`;

const BUNDLE = {
    components: {
        Fail: receive("throw new Error('on purpose ' + context.messages.in.content.n);"),
        Stop: receive('await context.stopFlow();'),
        SlowStop: { code: "'use strict';\nmodule.exports = { async receive(context) { await context.stopFlow(); }, async stop(context) { const { data } = await context.httpRequest.post(context.properties.url, {}); if (data.hang) { await new Promise(() => {}); } } };\n" },
        Ticker: { manifest: { inPorts: [], tick: true }, code: "'use strict';\nmodule.exports = { async tick() { throw new Error('no tick'); } };\n" },
        Starter: { manifest: { inPorts: [] }, code: "'use strict';\nmodule.exports = { async start() { throw new Error('no start'); } };\n" },
        Signed: { manifest: { auth: { service: 'test:notices' } }, ...receive("await context.sendJson({}, 'out');") }
    },
    extra: { 'test/notices/auth.js': AUTH }
};

const CONFIGURATION = { RETRY_INIT_EXP: 50, RETRY_MAX_EXP: 100, RETRY_MAX_COUNT: 2, WEBHOOK_RETRY_INTERVAL: 100, WEBHOOK_RETRY_MAX: 300 };

describe('System webhooks', () => {

    let server;
    let sink;
    let admin;
    let answer;

    before(async () => {
        sink = await Sink.start(request => answer?.(request));
        server = await Server.start({ name: 'system-webhooks' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        const result = await admin.publish(bundleZip('test.notices', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
        for (const [key, value] of Object.entries(CONFIGURATION)) {
            await set(key, value);
        }
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    beforeEach(async () => {
        answer = undefined;
        sink.requests.length = 0;
        for (const key of [ERROR, STOPPED, 'WEBHOOK_USER_CREATED', 'WEBHOOK_USER_FORGOT_PASSWORD']) {
            await admin.call('DELETE', `/config/${key}`);
        }
    });

    const set = (key, value) => admin.post('/config', { key, value });
    const deliveries = query => admin.get(`/system-webhooks/deliveries?${new URLSearchParams(query)}`);
    const at = (path, flowId) => ({ url, body }) => url.startsWith(path) && (!flowId || body.flowId === flowId);
    const arrived = (path, count, flowId) => sink.when(requests => {
        const found = requests.filter(at(path, flowId));
        return found.length >= count && found;
    }, `${count} notices at ${path}`);

    /** A running flow: a webhook, and one component of ours behind it. */
    async function running(type, { client = admin, errorHandling, properties, name = `Flow of ${type}`, ...more } = {}) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const component = flow.add(type, { from: hook, input: { n: `{{{$.${hook}.out.data.n}}}` }, errorHandling, properties });
        const flowId = await client.createFlow({ name, flow: flow.descriptor, ...more });
        return { flowId, hook, component, path: `/flows/${flowId}/components/${hook}`, url: `${server.url}/flows/${flowId}/components/${hook}` };
    }

    async function started(type, options) {
        const made = await running(type, options);
        await admin.startFlow(made.flowId);
        return made;
    }

    const call = async (flow, n) => assert.equal((await server.client().call('POST', `${flow.path}?enqueueOnly=true`, { json: { n } })).status, 202);

    test('S66 S67 S68: each failed attempt is one POST to each of two URLs, set while the flow runs', async () => {
        const flow = await started('test.notices.core.Fail', { name: 'Overdue invoices' });
        await set(ERROR, `${sink.url}/one,${sink.url}/two`);
        await call(flow, 7);
        await admin.logged(flow.flowId, () => true);
        // Two retries: three attempts.
        for (const path of ['/one', '/two']) {
            const requests = await arrived(path, 3, flow.flowId);
            for (const { method, headers, body } of requests) {
                assert.equal(method, 'POST');
                assert.match(headers['content-type'], /^application\/json/);
                assert.equal(headers['x-patchbay-event'], ERROR);
                const { err, inputMessages, ...rest } = body;
                assert.deepEqual(rest, {
                    type: 'component', flowId: flow.flowId, flowName: 'Overdue invoices', userId: admin.user.id,
                    componentId: flow.component, componentType: 'test.notices.core.Fail', accessTokenId: null,
                    connector: 'test.notices', cause: 'component-error'
                });
                assert.equal(err.message, 'on purpose 7');
                assert.equal(err.name, 'Error');
                assert.equal(typeof err.code, 'string');
                assert.match(err.stack, /on purpose 7/);
                assert.deepEqual(Object.keys(inputMessages), ['in']);
                assert.equal(inputMessages.in.length, 1);
                assert.deepEqual(inputMessages.in[0].content, { n: 7 });
                assert.equal(inputMessages.in[0].properties.flowId, flow.flowId);
                assert.equal(inputMessages.in[0].properties.destination.componentId, flow.component);
            }
        }
        await until(async () => (await admin.get('/unprocessed-messages')).some(({ flowId }) => flowId === flow.flowId), 'the dead letter');
        await until(async () => (await deliveries({ flowId: flow.flowId, state: 'pending' })).length === 0, 'all to be delivered');
        const log = await deliveries({ flowId: flow.flowId });
        assert.equal(log.length, 6, 'one request per error and URL');
        assert.equal(new Set(log.map(({ id }) => id)).size, 6);
        for (const delivery of log) {
            assert.equal(delivery.state, 'delivered');
            assert.equal(delivery.attempts, 1);
            assert.equal(delivery.status, 200);
            assert.match(delivery.finished, ISO);
        }
        await admin.stopFlow(flow.flowId);
    });

    test('S65 S66 S69: a removed connector tells of nothing until a component is called; then says what is missing', async () => {
        await admin.publish(bundleZip('test.gone', { components: { Step: receive("await context.sendJson({}, 'out');"), Poll: { manifest: { inPorts: [], tick: true }, code: "'use strict';\nmodule.exports = { async tick() {} };\n" } } }));
        const flow = await started('test.gone.core.Step');
        await set(ERROR, `${sink.url}/gone`);
        await admin.delete('/components/test.gone');
        const marker = await started('test.notices.core.Fail');
        await call(marker, 1);
        await arrived('/gone', 1, marker.flowId);
        assert.ok(!sink.requests.some(at('/gone', flow.flowId)), 'nothing before the component is called');
        await call(flow, 1);
        const [{ body }] = await arrived('/gone', 1, flow.flowId);
        assert.equal(body.cause, 'connector-not-installed');
        assert.equal(body.connector, 'test.gone');
        assert.equal(body.componentType, 'test.gone.core.Step');
        for (const field of ['message', 'code', 'name', 'stack']) {
            assert.equal(typeof body.err[field], 'string', field);
        }
        assert.match(body.err.message, /not installed/);
        await admin.stopFlow(flow.flowId);
        await admin.stopFlow(marker.flowId);
    });

    test('S66: failed ticks and starts are told too, without input', async () => {
        await set(ERROR, `${sink.url}/wakes`);
        await set('TICK_PERIOD', 1000);
        const flow = new FlowBuilder();
        const ticker = flow.add('test.notices.core.Ticker');
        const ticking = await admin.createFlow({ name: 'Ticking', flow: flow.descriptor });
        const other = new FlowBuilder();
        other.add('test.notices.core.Starter');
        const starting = await admin.createFlow({ name: 'Starting', flow: other.descriptor });
        refused(await admin.call('POST', `/flows/${starting}/coordinator`, { json: { command: 'start' } }), 400);
        const [{ body }] = await arrived('/wakes', 1, starting);
        assert.equal(body.err.message, 'no start');
        assert.equal('inputMessages' in body, false);
        await admin.startFlow(ticking);
        const [tick] = await arrived('/wakes', 1, ticking);
        assert.equal(tick.body.err.message, 'no tick');
        assert.equal(tick.body.componentId, ticker);
        await admin.stopFlow(ticking);
    });

    test('S120: a receiver that answers 500 twice gets it in the end, also when the server is killed between the tries', async () => {
        let refusals = 2;
        answer = ({ url }) => (url === '/fragile' && refusals-- > 0 ? { status: 500 } : {});
        // Long enough that the kill comes between two tries.
        await set('WEBHOOK_RETRY_INTERVAL', 2000);
        await set('WEBHOOK_RETRY_MAX', 2000);
        await set(STOPPED, `${sink.url}/fragile`);
        const flow = await started('test.notices.core.Stop');
        await call(flow, 1);
        await arrived('/fragile', 1, flow.flowId);
        await until(async () => (await deliveries({ flowId: flow.flowId }))[0]?.attempts === 1, 'the first attempt to be noted');
        await server.kill();
        await server.start();
        await arrived('/fragile', 3, flow.flowId);
        const delivery = await until(async () => (await deliveries({ flowId: flow.flowId, state: 'delivered' }))[0], 'the delivery');
        assert.equal(delivery.attempts, 3, 'attempts before the kill count');
        const [first, ...others] = sink.requests.filter(at('/fragile', flow.flowId));
        for (const other of others) {
            assert.equal(other.text, first.text);
            assert.equal(other.headers['x-patchbay-delivery'], delivery.id);
        }
        await set('WEBHOOK_RETRY_INTERVAL', CONFIGURATION.WEBHOOK_RETRY_INTERVAL);
        await set('WEBHOOK_RETRY_MAX', CONFIGURATION.WEBHOOK_RETRY_MAX);
    });

    test('A receiver that never answers well is given up after WEBHOOK_RETRY_COUNT; it can be sent again', async () => {
        let status = 302;
        answer = ({ url }) => (url.startsWith('/never') ? { status, headers: { location: `${sink.url}/elsewhere` } } : {});
        await set('WEBHOOK_RETRY_COUNT', 2);
        await set(STOPPED, `${sink.url}/never`);
        const flow = await started('test.notices.core.Stop');
        await call(flow, 1);
        const given = await until(async () => (await deliveries({ flowId: flow.flowId, state: 'failed' }))[0], 'it to be given up');
        assert.equal(given.attempts, 3);
        assert.equal(given.status, 302);
        assert.match(given.lastError, /redirects are not followed/);
        assert.equal(given.nextAttempt, null);
        assert.ok(!sink.requests.some(({ url }) => url === '/elsewhere'));
        status = 204;
        assert.equal((await admin.post(`/system-webhooks/deliveries/${given.id}/retry`)).state, 'pending');
        await until(async () => (await deliveries({ flowId: flow.flowId, state: 'delivered' }))[0], 'the delivery');
        await admin.call('DELETE', '/config/WEBHOOK_RETRY_COUNT');
    });

    test('What can never work is given up at once: no URL, an address of the link', async () => {
        await set(STOPPED, 'nonsense://x, http://169.254.169.254/latest');
        const flow = await started('test.notices.core.Stop');
        await call(flow, 1);
        const failed = await until(async () => {
            const found = await deliveries({ flowId: flow.flowId, state: 'failed' });
            return found.length === 2 && found;
        }, 'both to be given up');
        assert.deepEqual(failed.map(({ attempts }) => attempts), [1, 1]);
        assert.match(failed.find(({ url }) => url.startsWith('nonsense')).lastError, /no http or https URL/);
        assert.match(failed.find(({ url }) => url.startsWith('http:')).lastError, /may not be reached/);
    });

    test('OUTBOUND_PRIVATE_ADDRESSES=false keeps calls out of own networks', async () => {
        await set('OUTBOUND_PRIVATE_ADDRESSES', false);
        await set(STOPPED, sink.url.replace('127.0.0.1', 'localhost'));
        const flow = await started('test.notices.core.Stop');
        await call(flow, 1);
        const failed = await until(async () => (await deliveries({ flowId: flow.flowId, state: 'failed' }))[0], 'it to be given up');
        assert.match(failed.lastError, /OUTBOUND_PRIVATE_ADDRESSES/);
        assert.equal(sink.requests.length, 0);
        await admin.delete('/config/OUTBOUND_PRIVATE_ADDRESSES');
    });

    test('S67 S114: a webhook of an own flow receives errors, and its own errors are not told to it', async () => {
        const receiver = await started('test.notices.core.Fail', { name: 'Receiver' });
        const other = await started('test.notices.core.Fail', { name: 'Other receiver' });
        const failing = await started('test.notices.core.Fail', { name: 'Failing' });
        await set(ERROR, `${receiver.url},${other.url},${sink.url}/watch`);
        await call(failing, 1);
        // Three attempts, each told to two flows that fail three times at each: eighteen errors of receivers, told to the sink only.
        await arrived('/watch', 3, failing.flowId);
        await arrived('/watch', 9, receiver.flowId);
        await arrived('/watch', 9, other.flowId);
        const log = await deliveries({ event: ERROR, limit: 1000 });
        for (const flow of [receiver, other]) {
            const told = log.filter(({ flowId }) => flowId === flow.flowId);
            assert.equal(told.length, 9);
            assert.ok(told.every(({ url }) => url === `${sink.url}/watch`), 'no errors of receivers to receivers');
            const taken = log.filter(({ url }) => url === flow.url);
            assert.deepEqual(taken.map(({ flowId, attempts, status }) => ({ flowId, attempts, status })), Array(3).fill({ flowId: failing.flowId, attempts: 1, status: 202 }));
            const inputs = (await admin.logs(flow.flowId)).filter(({ type, portType, componentType }) => type === 'data' && portType === 'out' && componentType === 'patchbay.utils.http.Webhook');
            assert.equal(inputs.length, 3);
            assert.ok(inputs.every(({ msg }) => msg.includes(failing.flowId)));
        }
        for (const { flowId } of [receiver, other, failing]) {
            await admin.stopFlow(flowId);
        }
    });

    describe('S113-S118: a flow that the system stops is told with its reason', () => {

        async function told(flow) {
            const [{ body }] = await arrived('/stopped', 1, flow.flowId);
            assert.equal(body.stage, 'stopped');
            assert.equal(body.userId, admin.user.id);
            assert.equal(body.email, admin.user.email);
            assert.equal(body.type, 'automation');
            assert.equal(body.designerUrl, `${server.url}/backoffice/designer/${flow.flowId}`);
            assert.match(body.created, ISO);
            assert.ok(Array.isArray(body.breakingChanges) && Array.isArray(body.affectedComponents));
            assert.equal((await admin.get(`/flows/${flow.flowId}`)).stage, 'stopped', 'told after it has stopped');
            return body;
        }

        beforeEach(() => set(STOPPED, `${sink.url}/stopped`));

        test('context.stopFlow', async () => {
            const flow = await started('test.notices.core.Stop', { customFields: { category: 'x' } });
            await call(flow, 1);
            const body = await told(flow);
            assert.equal(body.reason, 'component');
            assert.equal(body.componentId, flow.component);
            assert.equal(body.componentType, 'test.notices.core.Stop');
            assert.equal(body.connector, 'test.notices');
            assert.deepEqual(body.customFields, { category: 'x' });
        });

        test('errorHandling.onError stopFlow', async () => {
            const flow = await started('test.notices.core.Fail', { errorHandling: { onError: 'stopFlow', autoRetry: false } });
            await call(flow, 3);
            const body = await told(flow);
            assert.equal(body.reason, 'componentError');
            assert.equal(body.err.message, 'on purpose 3');
            assert.equal(body.actionRequired[0].kind, 'review');
            assert.equal(body.actionRequired[0].componentId, flow.component);
        });

        test('the account is removed', async () => {
            const account = await admin.post('/accounts', { service: 'test:notices', token: { key: 'k1' } });
            const flow = await running('test.notices.core.Signed');
            await admin.must('PUT', `/auth/component/${flow.component}/${account.accountId}`);
            await admin.startFlow(flow.flowId);
            await admin.delete(`/accounts/${account.accountId}`);
            const body = await told(flow);
            assert.equal(body.reason, 'accountRemoved');
            const [action] = body.actionRequired;
            assert.equal(body.actionRequired.length, 1);
            assert.equal(action.kind, 'reconnect-account');
            assert.equal(action.componentId, flow.component);
            assert.equal(action.service, 'test:notices');
        });

        test('its owner is removed', async () => {
            const user = await person(admin, { scope: ['user', 'admin'] });
            await user.signIn(user.email, user.password);
            const flow = await started('test.notices.core.Fail', { client: user });
            const { ticket } = await admin.delete(`/users/${user.id}`);
            const [{ body }] = await arrived('/stopped', 1, flow.flowId);
            assert.equal(body.reason, 'userRemoved');
            assert.equal(body.userId, user.id);
            assert.equal(body.email, user.email);
            await until(async () => (await admin.get(`/users/${user.id}/delete-status/${ticket}`)).status === 'completed', 'the removal');
        });

        test('the server is killed while the flow stops: told once, when it has stopped', async () => {
            let hang = true;
            answer = ({ url }) => (url === '/stopping' ? { body: JSON.stringify({ hang }) } : {});
            const flow = await started('test.notices.core.SlowStop', { properties: { url: `${sink.url}/stopping` } });
            await call(flow, 1);
            await sink.one(({ url }) => url === '/stopping');
            const [held] = await deliveries({ flowId: flow.flowId });
            assert.equal(held.state, 'pending');
            assert.equal(held.nextAttempt, null, 'held until the flow has stopped');
            await server.kill();
            hang = false;
            await server.start();
            const body = await told(flow);
            assert.equal(body.reason, 'component');
            assert.equal((await deliveries({ flowId: flow.flowId })).length, 1);
        });

        test('S121: a stop by a person is told to nobody', async () => {
            const flow = await started('test.notices.core.Fail');
            await admin.stopFlow(flow.flowId);
            assert.deepEqual(await deliveries({ flowId: flow.flowId }), []);
        });
    });

    test('A new user is told, without password or token', async () => {
        await set('WEBHOOK_USER_CREATED', `${sink.url}/created`);
        const user = await person(admin);
        const { body } = await sink.one(({ url }) => url === '/created');
        assert.deepEqual(Object.keys(body).sort(), ['created', 'email', 'metadata', 'scope', 'userId', 'username']);
        assert.equal(body.userId, user.id);
        assert.equal(body.email, user.email);
        assert.deepEqual(body.scope, ['user']);
        assert.match(body.created, ISO);
    });

    test('A forgotten password: the code arrives, works once, and is shown and kept nowhere', async () => {
        const user = await person(admin);
        await set('WEBHOOK_USER_FORGOT_PASSWORD', `${sink.url}/forgot`);
        assert.deepEqual(await server.client().post('/user/forgot-password', { email: 'nobody@example.test' }), {});
        assert.deepEqual(await server.client().post('/user/forgot-password', { email: user.email }), {});
        const { body } = await sink.one(({ url }) => url === '/forgot');
        assert.deepEqual(Object.keys(body).sort(), ['code', 'created', 'email', 'link', 'userId']);
        assert.equal(body.userId, user.id);
        assert.ok(body.link.endsWith(`/reset-password?code=${body.code}`));
        const delivery = await until(async () => (await deliveries({ event: 'WEBHOOK_USER_FORGOT_PASSWORD', state: 'delivered' }))[0], 'the delivery');
        const seen = await admin.call('GET', `/system-webhooks/deliveries/${delivery.id}`);
        assert.equal(seen.body.payload, null);
        assert.ok(!seen.text.includes(body.code));
        refused(await admin.call('POST', `/system-webhooks/deliveries/${delivery.id}/retry`), 409, /erased/);
        assert.ok(!server.output.includes(body.code));
        await server.client().post('/user/forgot-password/reset', { code: body.code, password: 'another fine one' });
        await server.client().signIn(user.email, 'another fine one');
        refused(await server.client().call('POST', '/user/forgot-password/reset', { json: { code: body.code, password: 'yet another one' } }), 400);
    });

    test('S119: a test event of each key has the real shape and is marked', async () => {
        for (const key of [ERROR, STOPPED, 'WEBHOOK_USER_CREATED', 'WEBHOOK_USER_FORGOT_PASSWORD']) {
            refused(await admin.call('POST', '/system-webhooks/test', { json: { key } }), 409, /names no URL/);
            await set(key, `${sink.url}/test/${key}`);
            const { deliveries: [sent] } = await admin.post('/system-webhooks/test', { key });
            const { body, headers } = await sink.one(({ url }) => url === `/test/${key}`);
            assert.equal(body.test, true);
            assert.equal(headers['x-patchbay-delivery'], sent.id);
            await until(async () => (await admin.get(`/system-webhooks/deliveries/${sent.id}`)).state === 'delivered', 'the test event');
        }
        refused(await admin.call('POST', '/system-webhooks/test', { json: { key: 'JWTSecret' } }), 400, /"key" must be one of/);
    });

    test('The log is paged and filtered, and only admins see it', async () => {
        await set(ERROR, `${sink.url}/list`);
        await admin.post('/system-webhooks/test', { key: ERROR });
        await admin.post('/system-webhooks/test', { key: ERROR });
        await until(async () => (await deliveries({ url: `${sink.url}/list`, state: 'delivered' })).length === 2, 'both deliveries');
        const all = await deliveries({ url: `${sink.url}/list` });
        assert.equal(all.length, 2);
        assert.deepEqual(await deliveries({ url: `${sink.url}/list`, offset: 1, limit: 1 }), [all[1]]);
        assert.deepEqual(await admin.get(`/system-webhooks/deliveries/count?url=${encodeURIComponent(`${sink.url}/list`)}`), { count: 2 });
        refused(await admin.call('GET', '/system-webhooks/deliveries?state=lost'), 400, /"state"/);
        refused(await admin.call('GET', '/system-webhooks/deliveries/none'), 404);
        const user = await person(admin);
        for (const [method, path] of [['GET', '/system-webhooks/deliveries'], ['GET', '/system-webhooks/deliveries/count'], ['GET', `/system-webhooks/deliveries/${all[0].id}`], ['POST', `/system-webhooks/deliveries/${all[0].id}/retry`], ['POST', '/system-webhooks/test']]) {
            refused(await user.call(method, path), 403);
            refused(await server.client().call(method, path), 401);
        }
    });
});

'use strict';

/** Connectors with a plugin: routes, listeners, documents, jobs, and their life with the connector's (R16, component-runtime §7.5, §9). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const { Story } = require('./connector_story');
const { until } = require('./rest_client');

const SHOP = version => `'use strict';
module.exports = async context => {
    // Never given back: whoever comes after can only be up when it went with the one before.
    await context.lock('of-this-life', { ttl: 600000, maxRetryCount: 0 });
    const { router } = context.http;
    const orders = context.db.collection('orders');
    const route = (method, path, auth, handler) => router.register({ method, path, options: { ...(auth === undefined ? {} : { auth }), handler } });
    context.onListenerAdded(async listener => {
        if (listener.params.refuse) {
            throw new Error('not this shop');
        }
        listener.params = { agreed: true };
    });
    route('GET', '/version', false, () => ({ version: '${version}', color: context.config.color }));
    route('GET', 'mine', undefined, async req => ({ email: (await context.http.auth.getUser(req)).getEmail(), token: req.headers.authorization }));
    route('GET', '/maybe', { strategies: ['jwt-strategy', 'public'] }, async req => {
        const user = await context.http.auth.getUser(req);
        return { isPublic: user.getId().equals(context.constants.PUBLIC_USER_ID) };
    });
    route('POST', '/orders', false, async (req, h) => {
        await orders.insertOne({ ...req.payload, at: new Date() });
        await context.triggerListeners({ eventName: 'order', payload: req.payload, filter: ({ params }) => params.agreed });
        return h.response({ kept: true }).code(201);
    });
    route('GET', '/orders', false, async () => (await orders.find({ at: { $lt: new Date(Date.now() + 1000) } }).toArray()).map(({ n }) => n));
    route('GET', '/jobs', false, async () => ({ runs: (await context.service.stateGet('runs')) ?? 0 }));
    route('GET', '/stream', false, (req, h) => {
        const { PassThrough } = require('node:stream');
        const stream = new PassThrough();
        for (const piece of ['one ', 'two ', 'three']) {
            stream.write(piece);
        }
        stream.end();
        return h.response(stream).type('text/plain');
    });
    route('POST', '/end', false, () => process.exit(3));
    await context.scheduleJob('count', '* * * * * *', async () => {
        const lock = await context.job.lock('count');
        await context.service.stateInc('runs', 1);
        lock.unlock();
    });
};
`;

const LISTEN = `'use strict';
module.exports = {
    start: context => context.addListener('order', context.properties),
    stop: context => context.removeListener('order'),
    async receive(context) {
        await context.sendJson({ text: String(context.messages.webhook.content.data.n), version: 'listened' }, 'out');
    }
};
`;

const ASK = `'use strict';
module.exports = {
    async receive(context) {
        const { version } = await context.callAppmixer({ endPoint: '/plugins/story/shop/version', method: 'GET' });
        await context.sendJson({ ...context.messages.in.content, version }, 'out');
    }
};
`;

const out = [{ name: 'out', options: ['text', 'version'].map(value => ({ label: value, value })) }];
const shop = (version, plugin = SHOP(version)) => ({
    name: 'story.shop', version, extra: { 'story/shop/plugin.js': plugin },
    components: {
        Listen: { manifest: { inPorts: [], outPorts: out, webhook: true, properties: { schema: { type: 'object' } } }, code: LISTEN },
        Ask: { manifest: { inPorts: [{ name: 'in' }], outPorts: out }, code: ASK }
    }
});

describe('Plugins', () => {

    let story;
    let admin;
    const plugin = async (state, version) => {
        let found;
        await until(async () => {
            found = (await admin.get('/plugins')).find(one => one.plugin === 'story/shop' && one.version === version);
            return found?.state === state;
        }, `plugin story/shop ${version} ${state}`, 60000);
        return found;
    };
    const call = (method, path, options, client = story.caller) => client.call(method, `/plugins/story/shop${path}`, options);

    before(async () => {
        story = await Story.begin('plugins');
        await story.offer(shop('1.0.0'), shop('1.1.0'), shop('1.2.0', 'module.exports = async () => { throw new Error("no stock"); };\n'));
        admin = story.admin;
        await story.install('1.0.0', 'story.shop');
    });

    after(() => story?.end());

    test('R16 A plugin is up after the install; its routes and jobs are told to admins only', async () => {
        const { routes, jobs } = await plugin('up', '1.0.0');
        assert.ok(routes.some(({ method, path, auth }) => method === 'GET' && path === '/mine' && auth === 'user'), JSON.stringify(routes));
        assert.deepEqual(jobs.map(({ name }) => name), ['count']);
        const user = await person(admin);
        assert.equal((await user.call('GET', '/plugins')).status, 403);
        assert.equal((await story.caller.call('GET', '/plugins')).status, 401);
    });

    test('Each route has its own door: open, optional, signed in only', async () => {
        const user = await person(admin);
        assert.equal((await call('GET', '/version')).body.version, '1.0.0');
        assert.equal((await call('GET', '/mine')).status, 401);
        const mine = await call('GET', '/mine', undefined, user);
        assert.equal(mine.status, 200, mine.text);
        assert.ok(mine.body.email.includes('@'));
        assert.equal(mine.body.token, undefined, 'a plugin never sees the token');
        assert.equal((await call('GET', '/maybe')).body.isPublic, true);
        assert.equal((await call('GET', '/maybe', undefined, user)).body.isPublic, false);
        assert.equal((await call('GET', '/nothing')).status, 404);
        assert.equal((await call('GET', '/stream')).text, 'one two three');
        assert.equal((await story.caller.call('GET', '/plugins/story/none/x')).status, 404);
    });

    test('Jobs run by their schedule, with state of the service', async () => {
        await until(async () => (await call('GET', '/jobs')).body.runs >= 2, 'two runs of the job', 30000);
    });

    test('A component listens while its flow runs, and reaches its plugin', async () => {
        const flow = new FlowBuilder();
        const listen = flow.add('story.shop.core.Listen');
        const ask = flow.add('story.shop.core.Ask', { from: listen, input: { text: `{{{$.${listen}.out.text}}}` } });
        flow.add('patchbay.utils.http.Request', {
            from: ask, input: { url: `${story.sink.url}/shop`, method: 'POST', body: { n: `{{{$.${ask}.out.text}}}`, version: `{{{$.${ask}.out.version}}}` } }
        });
        const flowId = await admin.createFlow({ name: 'shop', flow: flow.descriptor });
        await admin.startFlow(flowId);
        assert.equal((await call('POST', '/orders', { json: { n: 7 } })).status, 201);
        assert.deepEqual((await story.arrived('shop', 1)).map(({ n, version }) => [String(n), version]), [['7', '1.0.0']]);
        await admin.stopFlow(flowId);
        await call('POST', '/orders', { json: { n: 8 } });
        assert.deepEqual((await call('GET', '/orders')).body, [7, 8]);
        assert.equal(story.at('shop').length, 1);
    });

    test('A listener that the plugin refuses fails the start of its flow, with the reason', async () => {
        const flow = new FlowBuilder();
        flow.add('story.shop.core.Listen', { properties: { refuse: true } });
        const flowId = await admin.createFlow({ name: 'refused', flow: flow.descriptor });
        const answer = await admin.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } });
        assert.match(answer.text, /not this shop/);
        assert.equal(await story.stage(flowId), 'stopped');
    });

    test('A plugin whose process ends comes back by itself, with its documents', async () => {
        assert.ok((await call('POST', '/end')).status >= 500);
        await until(async () => (await call('GET', '/version')).status === 200, 'the plugin to be back', 60000);
        assert.deepEqual((await call('GET', '/orders')).body, [7, 8]);
    });

    test('New settings of its service reach it', async () => {
        await admin.put('/service-config/story:shop', { color: 'blue' });
        await until(async () => (await call('GET', '/version')).body.color === 'blue', 'the new setting', 60000);
    });

    test('S97 An update replaces it; one that does not load says so and leaves the rest alone; a removal takes it away', async () => {
        await story.update({ version: '1.1.0' }, 'story.shop');
        await plugin('up', '1.1.0');
        assert.equal((await call('GET', '/version')).body.version, '1.1.0');
        await story.update({ version: '1.2.0' }, 'story.shop');
        assert.match((await plugin('failed', '1.2.0')).error, /no stock/);
        assert.equal((await call('GET', '/version')).status, 503);
        const { status, problems } = await admin.get('/health');
        assert.equal(status, 'degraded');
        assert.match(problems.find(({ code }) => code === 'PLUGIN_FAILED').message, /story\/shop of story\.shop 1\.2\.0/);
        await story.rollback({}, 'story.shop');
        await plugin('up', '1.1.0');
        assert.deepEqual((await call('GET', '/orders')).body, [7, 8]);
        await story.done('DELETE', '/connectors/story.shop?confirm=true');
        await until(async () => (await call('GET', '/version')).status === 404, 'the plugin to be gone', 60000);
    });
});

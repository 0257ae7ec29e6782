'use strict';

// The members of a plugin's context, apart from routes (routes_test.js) and documents (documents_test.js).

const assert = require('node:assert');
const http = require('node:http');
const { once } = require('node:events');
const { test, beforeEach, afterEach } = require('node:test');

const { FakePluginEngine } = require('./fake_plugin_engine');

let engine;
let up;

beforeEach(async () => {
    engine = await FakePluginEngine.started();
    up = await engine.plugin('acme/probe', { config: { colour: 'blue' } });
});

afterEach(() => engine.stop());

async function run(scenario, members) {
    const { status, json, body } = await engine.request('acme/probe', 'POST', '/run', { body: { scenario, ...members } });
    assert.strictEqual(status, 200, body);
    return json.result;
}

const service = (call, ...args) => run('service', { call, args });
const asked = op => engine.asked.filter(one => one.op === op).map(one => one.a);

test('State of the service', async () => {
    assert.strictEqual(await service('stateGet', 'a.b:c'), null);
    await service('stateSet', 'a.b:c', { n: 1 });
    assert.deepStrictEqual(await service('stateGet', 'a.b:c'), { n: 1 });
    assert.deepStrictEqual(await service('loadState'), [{ key: 'a.b:c', value: { n: 1 } }]);
    assert.deepStrictEqual([await service('stateInc', 'count'), await service('stateInc', 'count', 4), await service('stateInc', 'count', 1, true)], [1, 5, 5]);
    assert.deepStrictEqual([await service('stateAddToSet', 's', 'x'), await service('stateAddToSet', 's', 'x'), await service('stateRemoveFromSet', 's', 'x')], [['x'], ['x'], []]);
    await service('stateUnset', 's');
    assert.strictEqual(await service('stateGet', 's'), null);
    await service('stateClear');
    assert.deepStrictEqual(await service('loadState'), []);
    assert.deepStrictEqual(asked('stateInc')[2], { key: 'count', by: 1, returnOld: true });
    assert.ok(engine.asked.filter(one => one.op.startsWith('state')).every(one => one.id === up.id && one.a.scope === undefined));
});

test('Locks', async () => {
    await run('lock');
    assert.deepStrictEqual(asked('lockAcquire')[0], { name: 'rows', ttl: 5000, retryDelay: 200, maxRetryCount: 0 });
    assert.deepStrictEqual(asked('lockExtend')[0], { name: 'rows', token: 1, ms: 1000 });
    assert.deepStrictEqual(asked('lockRelease')[0], { name: 'rows', token: 1 });
    engine.locks.set('busy', 9);
    assert.strictEqual(await run('busyLock'), 'locked');
});

test('A lock of a job is tried once, for its revision', async () => {
    assert.strictEqual(await run('jobLock'), 'locked');
    assert.deepStrictEqual(asked('lockAcquire')[0], { name: 'job:rev-1:nightly', ttl: 1000, retryDelay: 0, maxRetryCount: 0 });
});

test('A component is triggered as by its webhook', async () => {
    engine.overrides.trigger = () => ({ status: 201, headers: { 'x-a': '1', 'content-length': '9', connection: 'close' }, body: { ok: true } });
    const result = await run('trigger', { args: ['f1', 'c1', { a: 1 }, { enqueueOnly: 'true', correlationId: 'k' }, { method: 'PUT', hostname: 'h', headers: { 'x-b': 2 } }] });
    assert.deepStrictEqual(result, { status: 201, statusCode: 201, headers: { 'x-a': '1' }, body: { ok: true } });
    await run('trigger', { args: ['f1', 'c1', ['an', 'array']] });
    assert.deepStrictEqual(asked('trigger'), [
        { flowId: 'f1', componentId: 'c1', data: { a: 1 }, query: { enqueueOnly: 'true', correlationId: 'k' }, method: 'PUT', hostname: 'h', headers: { 'x-b': '2' } },
        { flowId: 'f1', componentId: 'c1', data: ['an', 'array'], query: {}, method: 'POST', hostname: '', headers: {} }
    ]);
});

test('A component that is gone rejects with 404', async () => {
    engine.overrides.trigger = () => {
        throw Object.assign(new Error('Flow not found'), { statusCode: 404 });
    };
    assert.deepStrictEqual(await run('triggerFailing', { args: ['f1', 'c1'] }), { statusCode: 404, message: 'Flow not found' });
});

test('Listeners of an event are triggered, those that are gone passed over', async () => {
    engine.listeners_ = ['a', 'b', 'c', 'd'].map((componentId, index) => ({ eventName: 'e', flowId: 'f', componentId, params: { team: index < 3 ? 'x' : 'y' } }));
    engine.overrides.trigger = ({ componentId }) => {
        if (componentId === 'a') {
            throw Object.assign(new Error('gone'), { statusCode: 404 });
        }
        return { status: 202, headers: {}, body: {} };
    };
    await run('listeners', { eventName: 'e', payload: { n: 1 }, only: 'x' });
    assert.deepStrictEqual(asked('trigger').map(a => a.componentId), ['a', 'b', 'c']);
    assert.deepStrictEqual(asked('trigger')[1], { flowId: 'f', componentId: 'b', data: { n: 1 }, query: { enqueueOnly: 'true' }, method: 'POST', hostname: '', headers: {} });
});

test('Another error of a listener is thrown when all were called', async () => {
    engine.listeners_ = ['a', 'b'].map(componentId => ({ eventName: 'e', flowId: 'f', componentId, params: {} }));
    engine.overrides.trigger = ({ componentId }) => {
        if (componentId === 'a') {
            throw new Error('engine is busy');
        }
    };
    const { status } = await engine.request('acme/probe', 'POST', '/run', { body: { scenario: 'listeners', eventName: 'e' } });
    assert.strictEqual(status, 500);
    assert.strictEqual(asked('trigger').length, 2);
});

test('A plugin may change the params of a listener, or refuse it', async () => {
    const listener = { eventName: 'e', params: { a: 1 }, flowId: 'f', componentId: 'c' };
    const done = await engine.outcome(engine.call('listenerAdded', { plugin: 'acme/probe', listener }));
    assert.deepStrictEqual([done.t, done.sends, done.value], ['done', [], { params: { a: 1, checked: true } }]);
    const fail = await engine.outcome(engine.call('listenerAdded', { plugin: 'acme/probe', listener: { ...listener, params: { refuse: true } } }));
    assert.deepStrictEqual([fail.t, fail.kind, fail.err.message], ['fail', 'error', 'not you']);
});

test('Requests go out as from components', async () => {
    const server = http.createServer((req, res) => res.end(JSON.stringify({ agent: req.headers['user-agent'] })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    assert.deepStrictEqual(await run('get', { url: `http://127.0.0.1:${server.address().port}/` }), { data: { agent: 'Patchbay' }, status: 200 });
    server.closeAllConnections();
    server.close();
});

test('Small members', async () => {
    assert.deepStrictEqual(await run('map'), { results: [2, 4, 6, 8, 10], most: 2 });
    const error = JSON.parse(await run('errorText'));
    assert.deepStrictEqual([error.message, error.code, error.request], ['bad', 'E1', undefined]);
    assert.deepStrictEqual(await run('members'), {
        own: { members: 'allowed' }, gridInstanceId: 'node-1', url: 'http://127.0.0.1:8420', config: { colour: 'blue' },
        publicId: '000000000000000000000000', cancel: 'ContextCancelError', bare: '/plugins/acme/probe'
    });
    assert.strictEqual(await run('ambient'), 'function');
});

test('What a plugin logs goes under its own call', async () => {
    const first = await engine.log(/The probe is up/);
    assert.deepStrictEqual(first, { t: 'log', id: up.id, level: 'info', message: 'The probe is up.', data: { config: { colour: 'blue' } } });
    await run('log');
    assert.deepStrictEqual([(await engine.log(/text only/)).level, (await engine.log(/with data/)).data, (await engine.log(/an object/)).data],
        ['info', { a: 1 }, { step: 'an object', b: 2 }]);
});

test('A value that is too large is refused before it is sent', async () => {
    const { status } = await engine.request('acme/probe', 'POST', '/run', { body: { scenario: 'large', length: 17 * 1024 * 1024 } });
    assert.strictEqual(status, 500);
    await engine.log(/larger than 16777216 bytes/);
    assert.strictEqual(asked('stateSet').length, 0);
});

test('A schedule that is not valid is named', async () => {
    const { status } = await engine.request('acme/probe', 'POST', '/run', { body: { scenario: 'schedule', pattern: '61 * * * * *' } });
    assert.strictEqual(status, 500);
    await engine.log(/The schedule "61 \* \* \* \* \*" of the job bad is not valid/);
});

test('Routes may be registered at any time', async () => {
    assert.strictEqual((await engine.request('acme/probe', 'GET', '/new')).status, 404);
    await run('register', { path: 'new' });
    const again = await engine.next(frame => frame.op === 'pluginUp');
    assert.deepStrictEqual(again.a.routes.map(route => route.path).sort(), ['/new', '/run']);
    assert.deepStrictEqual((await engine.request('acme/probe', 'GET', '/new')).json, { late: true });
});

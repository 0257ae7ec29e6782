'use strict';

// The life of plugins and of the process: loading, jobs, late registrations, hostile frames.

const assert = require('node:assert');
const { test, beforeEach, afterEach } = require('node:test');

const { FakePluginEngine } = require('./fake_plugin_engine');

let engine;

beforeEach(async () => {
    engine = await FakePluginEngine.started();
});

afterEach(() => engine.stop());

test('A plugin that does not load fails alone', async () => {
    const { fail } = await engine.plugin('acme/broken');
    assert.deepStrictEqual([fail.kind, fail.err.message], ['load', 'no database']);
    assert.match(fail.err.stack, /acme\/broken\/plugin\.js/);
    assert.deepStrictEqual((await engine.plugin('acme/silent')).fail.err.message, 'acme/silent/plugin.js does not export a function');
    assert.match((await engine.plugin('acme/missing')).fail.err.message, /acme\/missing\/plugin.js does not exist/);
    assert.match((await engine.plugin('acme/outside', { dir: '../../..' })).fail.err.message, /leaves the connector's folder/);
    assert.strictEqual((await engine.plugin('acme/shop')).fail, undefined);
    assert.strictEqual((await engine.request('acme/shop', 'GET', '/open')).status, 200);
});

test('A plugin that did not load is tried again, its jobs are gone', async () => {
    await engine.plugin('acme/broken');
    assert.strictEqual((await engine.plugin('acme/broken', { config: { why: 'second' } })).fail.err.message, 'second');
    await engine.plugin('acme/jobs');
    await engine.log(/The job failing failed/);
    assert.ok(!engine.logs.some(log => /did not load/.test(log.message)));
});

test('A plugin runs once', async () => {
    await engine.plugin('acme/shop');
    assert.match((await engine.plugin('acme/shop')).fail.err.message, /runs already/);
    assert.strictEqual((await engine.request('acme/shop', 'GET', '/open')).status, 200);
});

test('A plugin is stopped and started anew', async () => {
    const { id } = await engine.plugin('acme/probe', { config: { n: 1 } });
    engine.send({ t: 'cancel', id });
    await assert.rejects(engine.request('acme/probe', 'POST', '/run'), /does not run here/);
    await engine.plugin('acme/probe', { config: { n: 2 } });
    const { json } = await engine.request('acme/probe', 'POST', '/run', { body: { scenario: 'members' } });
    assert.deepStrictEqual(json.result.config, { n: 2 });
});

test('What is registered late is told again', async () => {
    const up = await engine.plugin('acme/late');
    assert.deepStrictEqual([up.routes, up.jobs], [[{ method: 'GET', path: '/now', auth: 'user' }], []]);
    const again = await engine.next(frame => frame.op === 'pluginUp');
    assert.deepStrictEqual([again.a.routes.length, again.a.jobs], [2, [{ name: 'later', cron: '0 0 0 1 1 *' }]]);
    assert.strictEqual((await engine.request('acme/late', 'GET', '/later')).body, 'later');
});

test('Jobs run by their schedule; one that fails comes again, one that still runs is not started twice', async () => {
    const { id, jobs } = await engine.plugin('acme/jobs');
    assert.deepStrictEqual(jobs, [{ name: 'failing', cron: '* * * * * *' }, { name: 'slow', cron: '*/1 * * * * *' }, { name: 'rare', cron: '0 0 0 1 1 *' }]);
    for (let run = 0; run < 2; ++run) {
        const log = await engine.log(/The job failing failed: this run/);
        assert.deepStrictEqual([log.id, log.level], [id, 'error']);
    }
    const left = await engine.log(/The job slow still runs; this run is left out/);
    assert.strictEqual(left.level, 'debug');
    engine.send({ t: 'cancel', id });
    engine.send({ t: 'ping', n: 1 });
    await engine.next(frame => frame.t === 'pong');
    const seen = engine.logs.length;
    await new Promise(resolve => setTimeout(resolve, 1100));
    assert.strictEqual(engine.logs.length, seen);
});

test('A ping is answered', async () => {
    engine.send({ t: 'ping', n: 7 });
    const { n, heap, rss } = await engine.next(frame => frame.t === 'pong');
    assert.ok(n === 7 && heap > 0 && rss > heap);
});

test('A call of another kind, or without its members, fails alone', async () => {
    assert.match((await engine.outcome(engine.call('receive', {}))).err.message, /knows no method "receive"/);
    assert.match((await engine.outcome(engine.call('request', {}))).err.message, /does not run here/);
    await engine.plugin('acme/shop');
    assert.strictEqual((await engine.outcome(engine.call('request', { plugin: 'acme/shop' }))).t, 'done');
    assert.strictEqual((await engine.outcome(engine.call('request', { plugin: 'acme/shop', method: 7, path: {}, headers: 'x', body: 5 }))).t, 'fail');
    assert.deepStrictEqual((await engine.outcome(engine.call('listenerAdded', { plugin: 'acme/shop' }))).value, { params: {} });
    assert.strictEqual((await engine.outcome(engine.call('plugin', {}))).kind, 'load');
});

test('Answers and cancels of nothing are ignored', async () => {
    engine.send({ t: 'reply', id: 99, q: 1, ok: {} });
    engine.send({ t: 'cancel', id: 99 });
    await engine.plugin('acme/shop');
    engine.send({ t: 'reply', id: 1, q: 99, ok: {} });
    assert.strictEqual((await engine.request('acme/shop', 'GET', '/open')).status, 200);
});

for (const [what, text] of Object.entries({
    'no JSON': '{"t":\n', 'no object': '7\n', 'an unknown kind': '{"t":"flow","key":"k"}\n', 'a call without an id': '{"t":"call","m":"plugin"}\n',
    'a frame without an end': 'x'.repeat(33 * 1024 * 1024), 'another protocol': '{"t":"hello","protocol":9}\n'
})) {
    test(`A frame that is ${what} ends the process`, async () => {
        engine.raw(text);
        assert.strictEqual((await engine.exited).code, 1);
        assert.match(engine.stderr, /Plugin host ends: /);
    });
}

test('Two calls with one id end the process', async () => {
    engine.call('plugin', { plugin: 'acme/shop', dir: 'acme/shop' });
    engine.send({ t: 'call', id: 1, m: 'plugin', plugin: 'acme/probe', dir: 'acme/probe' });
    assert.strictEqual((await engine.exited).code, 1);
});

test('A call before hello ends the process', async () => {
    const fresh = new FakePluginEngine();
    fresh.call('plugin', { plugin: 'acme/shop', dir: 'acme/shop' });
    assert.strictEqual((await fresh.exited).code, 1);
});

test('The process ends when the engine does', async () => {
    await engine.plugin('acme/jobs');
    assert.deepStrictEqual(await engine.stop(), { code: 0, signal: null });
});

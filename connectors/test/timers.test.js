'use strict';

const assert = require('node:assert/strict');
const { after, test, mock } = require('node:test');
const { Node } = require('./stub_context');

const { root, remove } = require('./installed_bundle')('utils', ['timers']);
after(remove);

const node = (name, properties) => new Node(root, `patchbay.utils.timers.${name}`, { properties });

/** Sets the clock for one test. */
function clock(t, text) {
    mock.timers.enable({ apis: ['Date'], now: Date.parse(text) });
    t.after(() => mock.timers.reset());
    return at => mock.timers.setTime(Date.parse(at));
}

const delays = ({ timers }) => [...timers.values()].map(({ ms }) => ms);
const scheduled = trigger => trigger.on('out').map(message => message.scheduled);

test('Scheduler comes at the times of a cron expression in its time zone', async t => {
    const setClock = clock(t, '2026-03-27T20:00:00Z');
    const scheduler = node('Scheduler', { cron: '30 9 * * *', timezone: 'Europe/Prague' });
    await scheduler.start();
    assert.equal(scheduler.sent.length, 0);
    // Summer time begins on the 29th: 9:30 is 8:30 UTC before and 7:30 after.
    for (const at of ['2026-03-28T08:30:00.000Z', '2026-03-29T07:30:00.000Z', '2026-03-30T07:30:00.000Z']) {
        assert.deepEqual(delays(scheduler), [Date.parse(at) - Date.now()]);
        setClock(at);
        await scheduler.fireTimers();
        assert.equal(scheduled(scheduler).at(-1), at);
    }
    assert.equal(scheduler.on('out')[0].next, '2026-03-29T07:30:00.000Z');
    assert.equal(scheduler.on('out')[0].timezone, 'Europe/Prague');
});

test('Scheduler comes at intervals, without drifting when it is late', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const scheduler = node('Scheduler', { every: 2, unit: 'hours' });
    await scheduler.start();
    setClock('2026-01-01T02:00:03Z');
    await scheduler.fireTimers();
    assert.equal(scheduled(scheduler)[0], '2026-01-01T02:00:00.000Z');
    assert.equal(scheduler.on('out')[0].next, '2026-01-01T04:00:00.000Z');
});

test('Scheduler makes up once for the times it has missed', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const scheduler = node('Scheduler', { every: 10 });
    await scheduler.start();
    setClock('2026-01-01T01:05:00Z');
    await scheduler.fireTimers();
    assert.equal(scheduler.sent.length, 1);
    assert.equal(scheduler.on('out')[0].next, '2026-01-01T01:10:00.000Z');
});

test('Scheduler reaches times beyond the longest timer in steps', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const scheduler = node('Scheduler', { every: 30, unit: 'days' });
    await scheduler.start();
    const [step] = delays(scheduler);
    assert.ok(step < 31 * 86400000);
    setClock(new Date(Date.now() + step).toISOString());
    await scheduler.fireTimers();
    assert.equal(scheduler.sent.length, 0);
    assert.equal(delays(scheduler)[0], 30 * 86400000 - step);
    setClock('2026-01-31T00:00:00Z');
    await scheduler.fireTimers();
    assert.equal(scheduler.sent.length, 1);
});

test('Scheduler can come at the start as well', async () => {
    const scheduler = node('Scheduler', { every: 1, unit: 'days', immediate: true });
    await scheduler.start();
    assert.equal(scheduler.sent.length, 1);
});

test('Scheduler keeps one chain when it is started or delivered twice', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const scheduler = node('Scheduler', { every: 1 });
    await scheduler.start();
    setClock('2026-01-01T00:00:10Z');
    await scheduler.start();
    const first = [...scheduler.timers][0];
    setClock('2026-01-01T00:01:10Z');
    await scheduler.fireTimers();
    scheduler.timers.set(...first);
    await scheduler.fireTimers();
    assert.equal(scheduler.sent.length, 1);
    assert.equal(scheduler.timers.size, 1);
});

test('Scheduler goes on when its timer goes off before its state is kept', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const scheduler = node('Scheduler', { every: 1 });
    await scheduler.start();
    scheduler.state.clear();
    setClock('2026-01-01T00:01:00Z');
    await scheduler.fireTimers();
    assert.equal(scheduler.sent.length, 1);
    assert.equal(scheduler.timers.size, 1);
});

test('Scheduler refuses to start with what it does not understand', async () => {
    for (const [properties, message] of [
        [{ cron: '61 * * * *' }, /^cron: /], [{ cron: '' }, /^cron: .*5 fields/], [{ cron: '* * *' }, /5 fields/], [{}, /^cron: /],
        [{ cron: '0 0 31 2 *' }, /^cron: /], [{ cron: '0 9 * * *', timezone: 'Middle/Earth' }, /^timezone: "Middle\/Earth"/]
    ]) {
        await assert.rejects(async () => node('Scheduler', { scheduleType: 'cron', ...properties }).start(), { name: 'ContextCancelError', message });
    }
    assert.throws(() => node('Scheduler', { every: 0 }), /Validation/);
});

test('ListTimeZones fills the form', async () => {
    const options = await node('ListTimeZones').staticCall('out', { transform: 'toSelectArray' });
    assert.deepEqual(options[0], { label: 'UTC', value: 'UTC' });
    assert.ok(options.some(({ value }) => value === 'Europe/Prague'));
});

test('Timer comes at its interval and says how much time has passed', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const timer = node('Timer', { interval: 2, unit: 'seconds' });
    await timer.start();
    assert.deepEqual(delays(timer), [2000]);
    setClock('2026-01-01T00:00:02.500Z');
    await timer.fireTimers();
    assert.deepEqual(timer.on('out'), [{ now: '2026-01-01T00:00:02.500Z', lastTick: '2026-01-01T00:00:00.000Z', elapsed: 2500 }]);
    assert.deepEqual(delays(timer), [1500]);
    setClock('2026-01-01T00:00:04Z');
    await timer.fireTimers();
    assert.equal(timer.on('out')[1].elapsed, 1500);
});

test('Timer refuses an interval it cannot keep', async () => {
    await assert.rejects(async () => node('Timer', { interval: 1, unit: 'milliseconds' }).start(), { name: 'ContextCancelError', message: /^interval: / });
    assert.throws(() => node('Timer', {}), /Validation/);
});

test('Wait lets a message wait', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const wait = node('Wait');
    await wait.receive({ amount: '1.5', unit: 'minutes' });
    assert.equal(wait.sent.length, 0);
    assert.deepEqual(delays(wait), [90000]);
    setClock('2026-01-01T00:01:30Z');
    await wait.fireTimers();
    assert.deepEqual(wait.on('out'), [{ started: '2026-01-01T00:00:00.000Z', ended: '2026-01-01T00:01:30.000Z' }]);
});

test('Wait waits until a date, in steps if it is far', async t => {
    const setClock = clock(t, '2026-01-01T00:00:00Z');
    const wait = node('Wait');
    await wait.receive({ until: '2026-03-01T00:00:00Z' });
    setClock('2026-01-21T00:00:00Z');
    await wait.fireTimers();
    setClock('2026-02-10T00:00:00Z');
    await wait.fireTimers();
    assert.equal(wait.sent.length, 0);
    setClock('2026-03-01T00:00:00Z');
    await wait.fireTimers();
    assert.equal(wait.on('out')[0].started, '2026-01-01T00:00:00.000Z');
    assert.equal(wait.timers.size, 0);
});

test('Wait does not wait for the past, nor for ever', async () => {
    const wait = node('Wait');
    await wait.receive({ until: '2020-01-01T00:00:00Z' });
    await wait.receive({ amount: 0 });
    assert.equal(wait.sent.length, 2);
    assert.equal(wait.timers.size, 0);
    await assert.rejects(wait.receive({ until: '3020-01-01T00:00:00Z' }), /ten years/);
    await assert.rejects(wait.receive({}), { name: 'ContextCancelError', message: /^amount: / });
    await assert.rejects(wait.receive({ until: 'tomorrow' }), { code: 'GRID_ERR_VAL_PORTS' });
});

'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Node } = require('./stub_context');

const ROOT = path.join(__dirname, '..');
const node = (name, options) => new Node(ROOT, `patchbay.utils.controls.${name}`, options);

test('OnStart sends the start time', async () => {
    const start = node('OnStart');
    await start.start();
    assert.ok(Date.parse(start.on('out')[0].started));
});

const port = async (name, content) => (await node(name).receive(content))[0].port;
const condition = row => port('Condition', { expression: { AND: [{ OR: [row] }] } });

for (const [row, expected] of [
    [{ input: '10', operator: '>', value: 9 }, 'true'],
    [{ input: '10', operator: '>', value: '9' }, 'true'],
    [{ input: 'b', operator: '>', value: 'a' }, 'true'],
    [{ input: '2026-03-01T10:00:00+02:00', operator: '<', value: '2026-03-01T09:00:00Z' }, 'true'],
    [{ input: '1.0', operator: '=', value: 1 }, 'true'],
    [{ input: 'a', value: 'a' }, 'true'],
    [{ input: true, operator: '=', value: 'true' }, 'true'],
    [{ input: { a: [1] }, operator: '=', value: '{"a":[1]}' }, 'true'],
    [{ input: 'a', operator: '!=', value: 'a' }, 'false'],
    [{ input: 5, operator: '<=', value: '4' }, 'false'],
    [{ input: 5, operator: '>=', value: 5 }, 'true'],
    [{ operator: 'empty' }, 'true'],
    [{ input: 0, operator: 'empty' }, 'false'],
    [{ input: [], operator: 'notEmpty' }, 'false'],
    [{ input: 'hello', operator: 'contains', value: 'ell' }, 'true'],
    [{ input: [1, 2], operator: 'contains', value: '2' }, 'true'],
    [{ input: 'hello', operator: 'notContains', value: 'ell' }, 'false'],
    [{ input: 'hello', operator: 'startsWith', value: 'he' }, 'true'],
    [{ input: 'hello', operator: 'endsWith', value: 'he' }, 'false'],
    [{ input: '5', operator: 'range', rangeMin: '1', rangeMax: '10' }, 'true'],
    [{ input: '50', operator: 'range', rangeMin: '1', rangeMax: '10' }, 'false'],
    [{ input: '50', operator: 'range', rangeMin: '1' }, 'true'],
    [{ input: 'ab12', operator: 'regex', regex: '^[a-z]+\\d+$' }, 'true']
]) {
    test(`Condition: ${JSON.stringify(row)} is ${expected}`, async () => assert.equal(await condition(row), expected));
}

test('Condition joins rows with AND and OR', async () => {
    const yes = { input: 1, value: 1 };
    const no = { input: 1, value: 2 };
    assert.equal(await port('Condition', { expression: { AND: [{ OR: [no, yes] }, { OR: [yes] }] } }), 'true');
    assert.equal(await port('Condition', { expression: { AND: [{ OR: [no, yes] }, { OR: [no] }] } }), 'false');
    assert.equal(await port('Condition', { expression: { AND: [yes, no] } }), 'false');
    assert.equal(await port('Condition', { expression: { OR: [{ AND: [yes, no] }, { AND: [yes] }] } }), 'true');
});

test('Condition refuses what it cannot judge', async () => {
    await assert.rejects(condition({ input: 1, operator: 'constructor' }), { name: 'ContextCancelError', message: /operator/ });
    await assert.rejects(condition({ input: 1, operator: 'regex', regex: '(' }), { name: 'ContextCancelError' });
    await assert.rejects(port('Condition', { expression: {} }), { name: 'ContextCancelError', message: /at least one/ });
});

test('Switch takes the first case that equals', async () => {
    assert.equal(await port('Switch', { input: 'b', case1: 'a', case2: 'b', case3: 'b' }), 'case2');
    assert.equal(await port('Switch', { input: 3, case8: '3' }), 'case8');
    assert.equal(await port('Switch', { input: 'x', case1: 'a' }), 'otherwise');
    assert.equal(await port('Switch', { case1: '' }), 'otherwise');
});

test('Each sends every item, then done, all with one correlation id', async () => {
    const each = node('Each');
    await each.receive({ list: '[{"a":1},"b"]' }, { id: 'call-1' });
    assert.deepEqual(each.on('item'), [
        { index: 0, count: 2, item: { a: 1 }, correlationId: 'call-1' },
        { index: 1, count: 2, item: 'b', correlationId: 'call-1' }
    ]);
    assert.deepEqual(each.on('done'), [{ count: 2, correlationId: 'call-1' }]);
});

test('Each goes on near where it was interrupted', async () => {
    const each = node('Each');
    const list = Array.from({ length: 200 }, (_, n) => n);
    each.beforeSend = ({ index }) => {
        if (index === 130) {
            throw new Error('interrupted');
        }
    };
    await assert.rejects(each.receive({ list }, { id: 'call-1' }), /interrupted/);
    each.beforeSend = undefined;
    const before = each.sent.length;
    await each.receive({ list }, { id: 'call-1' });
    assert.equal(each.sent[before].payload.index, 100);
    assert.deepEqual([...new Set(each.on('item').map(({ index }) => index))], list);
    assert.equal(each.on('done').length, 1);
    assert.equal(each.state.size, 0);
});

test('Each of an empty list is done at once; what is no list is refused', async () => {
    const each = node('Each');
    await each.receive({ list: [] });
    assert.deepEqual(each.sent.map(({ port }) => port), ['done']);
    await assert.rejects(node('Each').receive({ list: '{"a":1}' }), { name: 'ContextCancelError' });
    await assert.rejects(node('Each').receive({ list: 'a,b' }), { name: 'ContextCancelError' });
});

test('Join collects what Each sent, in the order of the list', async () => {
    const join = node('Join');
    for (const index of [2, 0, 1]) {
        assert.equal(join.on('out').length, 0);
        await join.receive({ index, count: 3, item: `item ${index}`, correlationId: 'group-1' });
    }
    assert.deepEqual(join.on('out'), [{ items: ['item 0', 'item 1', 'item 2'], count: 3, correlationId: 'group-1' }]);
});

test('Join keeps correlation ids apart and cleans up', async () => {
    const join = node('Join');
    for (const correlationId of ['a', 'b', 'a', 'b']) {
        await join.receive({ count: 2, item: correlationId, correlationId });
    }
    assert.deepEqual(join.on('out').map(({ items }) => items), [['a', 'a'], ['b', 'b']]);
    assert.equal(join.timers.size, 0);
    assert.deepEqual([...join.flowState.keys()].filter(key => !key.includes(':done:')), []);
    assert.equal(join.locks.size, 0);
});

test('Join makes batch after batch with one correlation id', async () => {
    const join = node('Join');
    for (let n = 0; n < 6; n++) {
        await join.receive({ count: 2, item: n, correlationId: 'batch' });
    }
    assert.deepEqual(join.on('out').map(({ items }) => items), [[0, 1], [2, 3], [4, 5]]);
});

test('Join counts a repeated delivery once', async () => {
    const join = node('Join');
    await join.receive({ count: 2, item: 1, correlationId: 'g' }, { id: 'm1' });
    await join.receive({ count: 2, item: 1, correlationId: 'g' }, { id: 'm1' });
    assert.equal(join.on('out').length, 0);
    await join.receive({ count: 2, item: 2, correlationId: 'g' }, { id: 'm2' });
    await join.receive({ count: 2, item: 2, correlationId: 'g' }, { id: 'm2' });
    assert.deepEqual(join.on('out').map(({ items }) => items), [[1, 2]]);
    assert.equal(join.timers.size, 0);
});

test('Join repeats the list rather than losing it when its send fails', async () => {
    const join = node('Join');
    await join.receive({ count: 2, item: 1, correlationId: 'g' }, { id: 'm1' });
    join.beforeSend = () => { throw new Error('lost'); };
    await assert.rejects(join.receive({ count: 2, item: 2, correlationId: 'g' }, { id: 'm2' }), /lost/);
    join.beforeSend = undefined;
    await join.receive({ count: 2, item: 2, correlationId: 'g' }, { id: 'm2' });
    assert.deepEqual(join.on('out').map(({ items }) => items), [[1, 2]]);
});

const linked = () => node('Join', { flowDescriptor: { 'node-1': { source: { in: { left: ['out'], right: ['out', 'other'] } } } } });
const through = (sourceId, sourceOut = 'out') => ({ walkthrough: [{ targetId: 'node-1', links: [{ sourceId, sourceOut, targetIn: 'in' }] }] });

test('Join waits for one message of each link', async () => {
    const join = linked();
    await join.receive({ item: 'l1' }, through('left'));
    await join.receive({ item: 'l2' }, through('left'));
    await join.receive({ item: 'r1' }, through('right'));
    assert.equal(join.on('out').length, 0);
    await join.receive({ item: 'o1' }, through('right', 'other'));
    assert.deepEqual(join.on('out').map(({ items }) => items), [['l1', 'r1', 'o1']]);
    await join.receive({ item: 'o2' }, through('right', 'other'));
    await join.receive({ item: 'r2' }, through('right'));
    assert.deepEqual(join.on('out')[1].items, ['l2', 'r2', 'o2']);
});

test('Join counts links where the engine does not tell them apart', async () => {
    const join = linked();
    for (const item of [1, 2, 3]) {
        await join.receive({ item });
    }
    assert.deepEqual(join.on('out').map(({ items }) => items), [[1, 2, 3]]);
});

test('Join sends what has arrived when its time is over', async () => {
    const join = node('Join');
    await join.receive({ count: 3, item: 'a', correlationId: 'g', timeout: 60 });
    assert.equal([...join.timers.values()][0].ms, 60000);
    await join.fireTimers();
    assert.deepEqual(join.on('timeout'), [{ items: ['a'], count: 1, correlationId: 'g', expected: 3 }]);
    assert.equal(join.on('out').length, 0);
    assert.equal(join.flowState.size, 0);
});

test('Join ignores the timer of an earlier round', async () => {
    const join = node('Join');
    await join.receive({ count: 2, item: 1, correlationId: 'g' });
    const [[staleId, stale]] = [...join.timers];
    await join.receive({ count: 2, item: 2, correlationId: 'g' });
    await join.receive({ count: 2, item: 3, correlationId: 'g' });
    join.timers.set(staleId, stale);
    join.timers.delete([...join.timers.keys()].find(id => id !== staleId));
    await join.fireTimers();
    assert.equal(join.on('timeout').length, 0);
});

test('Join collects the whole message when no item is named', async () => {
    const join = node('Join');
    await join.receive({ count: 1 }, { originalContent: { name: 'x' } });
    assert.deepEqual(join.on('out')[0].items, [{ name: 'x' }]);
});

const set = async ADD => (await node('SetVariable').receive({ variables: { ADD } }))[0].payload;

test('SetVariable makes typed variables', async () => {
    assert.deepEqual(await set([
        { type: 'text', name: 'a', text: 'x' }, { type: 'number', name: 'b', number: '1.5' },
        { type: 'boolean', name: 'c', boolean: false }, { type: 'json', name: 'd', json: '[1,{"e":2}]' },
        { name: 'e', value: 7 }, { type: 'json', name: 'f', value: { g: 1 } }, { type: 'boolean', name: 'h', value: 'True' }
    ]), { a: 'x', b: 1.5, c: false, d: [1, { e: 2 }], e: '7', f: { g: 1 }, h: true });
});

test('SetVariable names the variable that is wrong', async () => {
    for (const [row, message] of [
        [{ type: 'number', name: 'n', value: 'ten' }, /"n" is not a number/],
        [{ type: 'number', name: 'n', value: '' }, /"n" is not a number/],
        [{ type: 'json', name: 'j', value: '{' }, /"j" is not valid JSON/],
        [{ type: 'boolean', name: 'b', value: 'maybe' }, /"b" is not true or false/],
        [{ type: 'toString', name: 't', value: 'x' }, /type "toString"/],
        [{ type: 'text', value: 'x' }, /needs a name/]
    ]) {
        await assert.rejects(set([row]), { name: 'ContextCancelError', message });
    }
});

test('SetVariable tells the form which variables it makes', async () => {
    const options = await node('SetVariable').staticCall('out', {
        properties: { listVariables: true },
        input: { variables: { ADD: [{ name: 'a', type: 'number' }, { name: 'b', type: 'json' }, {}] } }
    });
    assert.deepEqual(options, [{ label: 'a', value: 'a', schema: { type: 'number' } }, { label: 'b', value: 'b' }]);
});

test('StopFlow stops the flow', async () => {
    const stop = node('StopFlow');
    await stop.receive({});
    assert.equal(stop.stops, 1);
});

const hit = (_id, gridTimestamp, componentId = 'other') => ({ _id, gridTimestamp, componentId, componentType: 'a.b.c.D', severity: 'error', msg: `failed ${_id}`, correlationId: 'c' });

test('OnError sends each new error once, its own never', async () => {
    let hits = [];
    const requests = [];
    const onError = node('OnError', {
        flowDescriptor: { 'node-1': {}, other: { label: 'Other step' } },
        callAppmixer: async request => (requests.push(request), { hits })
    });
    await onError.start();
    await onError.tick();
    hits = [hit('1', '2030-01-01T00:00:00.000Z'), hit('2', '2030-01-01T00:00:01.000Z', 'node-1'), hit('3', '2030-01-01T00:00:02.000Z')];
    await onError.tick();
    hits = [hit('3', '2030-01-01T00:00:02.000Z'), hit('4', '2030-01-01T00:00:02.000Z')];
    await onError.tick();
    assert.deepEqual(onError.on('out').map(({ msg }) => msg), ['failed 1', 'failed 3', 'failed 4']);
    assert.equal(onError.on('out')[0].componentLabel, 'Other step');
    const { endPoint, method, qs } = requests.at(-1);
    assert.deepEqual([endPoint, method, qs.flowId, qs.size], ['/logs', 'GET', 'flow-1', 100]);
    assert.equal(qs.query, 'severity:error AND gridTimestamp:["2030-01-01T00:00:02.000Z" TO *]');
});

test('OnError lets an overlapping tick pass and frees its lock after a failure', async () => {
    const onError = node('OnError', { callAppmixer: async () => { throw new Error('down'); } });
    await onError.start();
    await assert.rejects(onError.tick(), /down/);
    assert.equal(onError.locks.size, 0);
    onError.locks.add('on-error:flow-1:node-1');
    await onError.tick();
});

test('OnError gets past more errors of one instant than it asks for at once', async () => {
    const all = [1, 2, 3, 4, 5].map(n => hit(String(n), '2030-01-01T00:00:00.000Z'));
    const onError = node('OnError', {
        properties: { limit: 2 },
        callAppmixer: async ({ qs }) => ({ hits: all.slice(qs.from, qs.from + qs.size) })
    });
    await onError.start();
    await onError.tick();
    await onError.tick();
    await onError.tick();
    assert.equal(onError.on('out').length, 5);
});

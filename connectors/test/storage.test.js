'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { test } = require('node:test');
const { Node } = require('./stub_context');

const node = (name, properties) => new Node(path.join(__dirname, '..'), `patchbay.utils.storage.${name}`, { properties });

/** One component on the data stores of another. */
async function run(stores, name, input) {
    const component = node(name);
    component.stores = stores;
    return (await component.receive(input))[0];
}

async function filled(...keys) {
    const { stores } = node('Set');
    for (const key of keys) {
        await run(stores, 'Set', { storeId: 's', key, value: { is: key } });
    }
    return stores;
}

test('Set stores a value, Get finds it', async () => {
    const stores = await filled('a');
    const { port, payload } = await run(stores, 'Get', { storeId: 's', key: 'a' });
    assert.equal(port, 'out');
    assert.deepEqual([payload.storeId, payload.key, payload.value], ['s', 'a', { is: 'a' }]);
    assert.ok(Date.parse(payload.createdAt) <= Date.parse(payload.updatedAt));
});

test('Set replaces a value and keeps null, false and 0', async () => {
    const stores = await filled('a');
    for (const value of [0, false, null]) {
        await run(stores, 'Set', { storeId: 's', key: 'a', value });
        assert.equal((await run(stores, 'Get', { storeId: 's', key: 'a' })).payload.value, value);
    }
});

test('Get says when there is no such key', async () => {
    assert.deepEqual(await run(await filled(), 'Get', { storeId: 's', key: 'x' }), { port: 'notFound', payload: { storeId: 's', key: 'x' } });
});

test('Remove and Clear remove', async () => {
    const stores = await filled('a', 'b', 'c');
    await run(stores, 'Remove', { storeId: 's', key: 'a' });
    assert.equal((await run(stores, 'Find', { storeId: 's' })).payload.count, 2);
    await run(stores, 'Clear', { storeId: 's' });
    assert.deepEqual((await run(stores, 'Find', { storeId: 's' })).payload, { items: [], count: 0 });
});

test('Find matches patterns', async () => {
    const stores = await filled('order:1', 'order:12', 'user.1', 'userx1');
    const find = async input => (await run(stores, 'Find', { storeId: 's', ...input })).payload.items.map(({ key }) => key);
    assert.deepEqual(await find({}), ['order:1', 'order:12', 'user.1', 'userx1']);
    assert.deepEqual(await find({ pattern: 'order:*' }), ['order:1', 'order:12']);
    assert.deepEqual(await find({ pattern: 'order:?' }), ['order:1']);
    assert.deepEqual(await find({ pattern: 'user.*' }), ['user.1']);
    assert.deepEqual(await find({ pattern: '*1*' }), ['order:1', 'order:12', 'user.1', 'userx1']);
    assert.deepEqual(await find({ pattern: '*1', limit: 1, offset: 1 }), ['user.1']);
    assert.deepEqual(await find({ pattern: 'order' }), []);
});

test('Find goes through more records than one page holds', async () => {
    const { stores } = node('Set');
    for (let n = 0; n < 1200; n++) {
        await stores.api.set('s', `k${n}`, n);
    }
    assert.deepEqual((await run(stores, 'Find', { storeId: 's', pattern: 'k119?', limit: 20 })).payload.count, 10);
});

test('OnItemAdded listens from start to stop and sends what was added', async () => {
    const trigger = node('OnItemAdded', { storeId: 's' });
    await trigger.start();
    assert.deepEqual(trigger.stores.webhooks, [{ storeId: 's', events: ['insert'] }]);
    const currentValue = { key: 'a', storeId: 's', value: 1, createdAt: 'x', updatedAt: 'y' };
    await trigger.webhook({ method: 'POST', data: { type: 'insert', currentValue } });
    await trigger.webhook({ method: 'POST', data: { type: 'delete', oldValue: currentValue } });
    await trigger.webhook({ method: 'GET' });
    assert.deepEqual(trigger.on('out'), [currentValue]);
    await trigger.stop();
    assert.deepEqual(trigger.stores.webhooks, []);
});

test('ListStores fills the form', async () => {
    const list = node('ListStores');
    list.stores.add('id-1', 'Customers');
    assert.deepEqual(await list.staticCall('out', { transform: 'toSelectArray' }), [{ label: 'Customers', value: 'id-1' }]);
});

test('A store and a key are needed', async () => {
    const stores = await filled();
    await assert.rejects(run(stores, 'Set', { key: 'a', value: 1 }), { code: 'GRID_ERR_VAL_PORTS' });
    await assert.rejects(run(stores, 'Get', { storeId: 's' }), { code: 'GRID_ERR_VAL_PORTS' });
    assert.throws(() => node('OnItemAdded', {}), /Validation/);
});

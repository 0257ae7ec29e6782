'use strict';

// Collections, models, views of the engine's data, and the query builder.

const assert = require('node:assert');
const { test, beforeEach, afterEach } = require('node:test');

const { FakePluginEngine } = require('./fake_plugin_engine');

let engine;

beforeEach(async () => {
    engine = await FakePluginEngine.started();
    await engine.plugin('acme/store');
});

afterEach(() => engine.stop());

async function run(scenario, members, options) {
    const { status, json, body } = await engine.request('acme/store', 'POST', '/run', { body: { scenario, ...members }, ...options });
    assert.strictEqual(status, 200, `${body} ${JSON.stringify(engine.logs)}`);
    return json.result;
}

const call = (name, ...args) => run('call', { call: name, args });
const find = (query, options) => run('find', { query, options });
const names = rows => rows.map(row => row.name);
const reads = () => engine.asked.filter(one => one.op === 'documentsRead').map(one => one.a);

async function fill() {
    await call('insertMany', [{ name: 'abel', n: 1, tags: ['x'] }, { name: 'berta', n: 2, tags: ['x', 'y'] }, { name: 'carl', n: 3 }]);
}

test('Documents are inserted and found', async () => {
    const one = await call('insertOne', { name: 'abel' });
    assert.match(one.insertedId, /^[0-9a-f]{24}$/);
    const many = await call('insertMany', [{ name: 'b' }, { name: 'c' }]);
    assert.strictEqual(many.insertedCount, 2);
    assert.deepStrictEqual(names(await find({})), ['abel', 'b', 'c']);
    assert.deepStrictEqual(engine.documents('rows')[0], { _id: { $oid: one.insertedId }, name: 'abel' });
    assert.strictEqual((await call('findOne', { name: 'c' })).name, 'c');
    assert.strictEqual(await call('findOne', { name: 'z' }), null);
});

test('Queries of the field', async () => {
    await fill();
    const cases = [
        [{ n: { $lt: 3 } }, ['abel', 'berta']], [{ name: { $in: ['carl', 'x'] } }, ['carl']], [{ name: { $nin: ['carl'] } }, ['abel', 'berta']],
        [{ $or: [{ n: 1 }, { n: 3 }] }, ['abel', 'carl']], [{ $and: [{ n: { $gt: 1 } }, {}] }, ['berta', 'carl']], [{ tags: 'y' }, ['berta']],
        [{ name: { $regex: '^B', $options: 'i' } }, ['berta']], [{ tags: null }, ['carl']], [{ missing: { $lt: 5 } }, []],
        [{ $expr: { $gt: [{ $subtract: ['$n', 1] }, 1] } }, ['carl']], [{ $expr: { $gt: ['$name', 5] } }, ['abel', 'berta', 'carl']]
    ];
    for (const [query, expected] of cases) {
        assert.deepStrictEqual(names(await find(query)), expected, JSON.stringify(query));
    }
    assert.deepStrictEqual(names(await run('regexp')), ['abel']);
});

test('Options of find', async () => {
    await fill();
    assert.deepStrictEqual(await find({}, { sort: { n: -1 }, skip: 1, limit: 1, projection: { _id: 0, n: 1 } }), [{ n: 2 }]);
});

test('Cursors', async () => {
    await fill();
    assert.deepStrictEqual(await run('cursor'), { seen: [{ n: 2 }, { n: 1 }], first: true, after: null });
    assert.deepStrictEqual(await run('iterate'), [1, 2, 3]);
});

test('Updates say what they did', async () => {
    await fill();
    assert.deepStrictEqual(await call('updateOne', { name: 'abel' }, { $set: { n: 1 } }), { acknowledged: true, matchedCount: 1, modifiedCount: 0, upsertedCount: 0, upsertedId: null });
    assert.strictEqual((await call('updateMany', { n: { $gt: 1 } }, { $inc: { n: 10 }, $unset: { tags: '' } })).modifiedCount, 2);
    assert.deepStrictEqual((await find({ n: { $gt: 10 } }, { projection: { _id: 0 } })), [{ name: 'berta', n: 12 }, { name: 'carl', n: 13 }]);
    assert.strictEqual((await call('updateOne', {}, { $set: { first: true } })).modifiedCount, 1);
    assert.strictEqual((await call('replaceOne', { name: 'carl' }, { name: 'charles' })).modifiedCount, 1);
    assert.deepStrictEqual(Object.keys(await call('findOne', { name: 'charles' })), ['_id', 'name']);
});

test('An upsert begins with what its filter asks for', async () => {
    const { upsertedId, upsertedCount } = await call('updateOne', { key: 'k', 'deep.er': 1, n: { $gt: 5 } }, { $set: { a: 1 }, $setOnInsert: { fresh: true } }, { upsert: true });
    assert.strictEqual(upsertedCount, 1);
    assert.deepStrictEqual(await find({}, { projection: { _id: 0 } }), [{ key: 'k', deep: { er: 1 }, fresh: true, a: 1 }]);
    assert.deepStrictEqual(await call('updateOne', { key: 'k' }, { $set: { a: 2 }, $setOnInsert: { fresh: false } }, { upsert: true }),
        { acknowledged: true, matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null });
    assert.deepStrictEqual(await find({ key: 'k' }), [{ _id: upsertedId, key: 'k', deep: { er: 1 }, fresh: true, a: 2 }]);
});

test('Deletes say how many', async () => {
    await fill();
    assert.strictEqual((await call('deleteOne', { n: { $gt: 0 } })).deletedCount, 1);
    assert.strictEqual((await call('deleteMany', { n: { $gt: 0 } })).deletedCount, 2);
    assert.deepStrictEqual(await find({}), []);
});

test('What is undefined in a query means null', async () => {
    await fill();
    assert.strictEqual(await run('undefinedMeansNull'), 0);
});

test('bulkWrite runs in order and writes once', async () => {
    await fill();
    const result = await call('bulkWrite', [
        { updateOne: { filter: { name: 'abel' }, update: { $set: { n: 5 } }, upsert: true } },
        { updateOne: { filter: { name: 'new' }, update: { $set: { n: 6 } }, upsert: true } },
        { updateMany: { filter: { n: { $gte: 5 } }, update: { $inc: { n: 1 } } } },
        { insertOne: { document: { name: 'ins' } } },
        { deleteOne: { filter: { name: 'carl' } } },
        { deleteMany: { filter: { name: 'nobody' } } },
        { replaceOne: { filter: { name: 'berta' }, replacement: { name: 'B' } } }
    ]);
    const { ok, insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount } = result;
    assert.deepStrictEqual([ok, insertedCount, matchedCount, modifiedCount, deletedCount, upsertedCount], [1, 1, 4, 4, 1, 1]);
    assert.deepStrictEqual(Object.keys(result.upsertedIds), ['1']);
    const found = await find({}, { projection: { _id: 0, tags: 0 } });
    assert.deepStrictEqual(found, [{ name: 'abel', n: 6 }, { name: 'B' }, { name: 'new', n: 7 }, { name: 'ins' }]);
    assert.strictEqual(engine.asked.filter(one => one.op === 'documentsWrite').length, 2);
});

test('Counting, distinct values, aggregation, dropping', async () => {
    await fill();
    assert.deepStrictEqual([await call('countDocuments', { n: { $gt: 1 } }), await call('estimatedDocumentCount')], [2, 3]);
    assert.deepStrictEqual((await call('distinct', 'tags')).sort(), ['x', 'y']);
    assert.deepStrictEqual(await run('aggregate', { pipeline: [{ $match: { n: { $gt: 1 } } }, { $group: { _id: null, sum: { $sum: '$n' } } }] }), [{ _id: null, sum: 5 }]);
    const joined = await run('aggregate', { pipeline: [{ $lookup: { from: 'rows', localField: 'n', foreignField: 'n', as: 'same' } }, { $project: { _id: 0, size: { $size: '$same' } } }] });
    assert.deepStrictEqual(joined, [{ size: 1 }, { size: 1 }, { size: 1 }]);
    assert.deepStrictEqual((await run('out')).map(row => [row.n, row.copied]), [[2, true], [3, true]]);
    await call('createIndex', { n: 1 });
    assert.strictEqual(await call('drop'), true);
    assert.deepStrictEqual(await find({}), []);
});

test('Dates, ids and bytes survive', async () => {
    assert.deepStrictEqual(await run('dates'), { isDate: true, count: 1, keys: ['_id', 'name', 'at', 'bytes'], hasEquals: 'function' });
    const [document] = engine.documents('rows');
    assert.deepStrictEqual([document.at, document.bytes], [{ $date: '1970-01-01T00:00:01Z' }, { $binary: { base64: 'YWJj', subType: '00' } }]);
});

test('Documents of a user are found by the user', async () => {
    for (const id of ['5f0000000000000000000001', 'u-1']) {
        assert.deepStrictEqual(await run('byUser', {}, { user: { id } }), [{ userId: id, n: 1 }]);
    }
});

test('Writes to one collection do not overtake each other', async () => {
    assert.strictEqual(await run('parallel'), 20);
});

test('A collection is read page by page', async () => {
    assert.deepStrictEqual(await run('many', { count: 1201 }), { matchedCount: 601, modifiedCount: 601, count: 601 });
    assert.ok(reads().every(a => a.limit <= 500));
    assert.strictEqual(reads().length, 6);
});

test('A document is read by its id without the rest', async () => {
    await run('many', { count: 600 });
    await call('insertOne', { _id: 'known', n: -1 });
    engine.asked.length = 0;
    assert.strictEqual((await call('findOne', { _id: 'known' })).n, -1);
    assert.deepStrictEqual(reads().map(a => a.limit), [1]);
});

test('What cannot be kept is refused, and nothing is written', async () => {
    const refused = (name, ...args) => run('refused', { call: name, args });
    await call('insertOne', { _id: 'a' });
    assert.match(await refused('insertOne', { _id: 'a' }), /E11000 duplicate key/);
    assert.match(await refused('insertMany', [{ _id: 'b' }, { _id: 'b' }]), /E11000/);
    assert.match(await refused('insertOne', { deep: [{ $where: 1 }] }), /cannot hold the key \$where/);
    assert.match(await refused('updateOne', {}, { a: 1 }), /needs operators/);
    assert.match(await refused('updateOne', {}, { $unknown: { a: 1 } }), /Unknown update operator/);
    assert.match(await refused('updateOne', { _id: 'a' }, { $set: { _id: 'z' } }), /immutable field '_id'/);
    assert.match(await refused('deleteMany', { $where: '1' }), /scriptEnabled/);
    assert.match(await refused('insertOne', 'text'), /must be an object/);
    assert.match(await run('circular'), /circular/);
    assert.deepStrictEqual(engine.documents('rows'), [{ _id: 'a' }]);
});

test('Keys of the prototype are keys like any other', async () => {
    const body = Buffer.from('{"scenario":"call","call":"insertOne","args":[{"constructor":1,"toString":"x","hasOwnProperty":2}]}');
    const headers = { 'content-type': 'application/json' };
    assert.strictEqual((await engine.request('acme/store', 'POST', '/run', { body, headers })).status, 200);
    assert.deepStrictEqual((await find({ toString: 'x' }, { projection: { _id: 0 } }))[0].hasOwnProperty, 2);
});

test('Models', async () => {
    assert.deepStrictEqual(await run('model'), {
        sets: ['<Paint>', 'pending', 'string', true, null], isTask: true, owner: null, due: true, status: 'done',
        json: ['taskId', 'title', 'status', 'due', 'mtime', 'extra'], whole: ['taskId', 'title', 'status', 'due', 'secret', 'mtime', 'extra']
    });
    const [[id, document]] = engine.collections.get('tasks');
    assert.deepStrictEqual([document._id, document.taskId], [id, id]);
});

test('Statics of models', async () => {
    assert.deepStrictEqual(await run('modelStatics'), { pending: [['b', null]], one: 'a', missing: [null, null, null], all: 3, gone: 1, rest: 1, count: 1 });
});

test('A model of a document that a collection has made', async () => {
    assert.deepStrictEqual(await run('kept'), { count: 1, title: 'changed' });
});

test('A route answers with a model, its protected properties only when it is whole', async () => {
    const { json } = await engine.request('acme/store', 'POST', '/tasks', { body: { title: 'T', secret: 's' } });
    assert.deepStrictEqual([json.title, json.secret], ['T', 's']);
    const shown = (await engine.request('acme/store', 'GET', `/tasks/${json.taskId}`)).json;
    assert.deepStrictEqual(shown, { taskId: json.taskId, title: 'T', mtime: json.mtime });
});

test('Views of the engine are read, by their fields', async () => {
    engine.core.flows = [{ flowId: 'f1', stage: 'running' }, { flowId: 'f2', stage: 'stopped' }];
    engine.core.accounts = [{ _id: '5f0000000000000000000001', accountId: '5f0000000000000000000001', profileInfo: { a: 1 } }];
    engine.state.set('subflows:x', 1);
    assert.deepStrictEqual(await run('core', { view: 'flows', query: { flowId: 'f1', stage: 'running' } }), [{ flowId: 'f1', stage: 'running' }]);
    assert.deepStrictEqual(engine.asked.at(-1).a, { view: 'flows', equal: { flowId: 'f1', stage: 'running' }, limit: 500 });
    assert.deepStrictEqual(await run('core', { view: 'accounts', query: { _id: { $in: ['5f0000000000000000000001'] } } }), engine.core.accounts);
    assert.deepStrictEqual(await run('core', { view: 'serviceState', query: { key: { $regex: '^subflows:' } } }), [{ key: 'subflows:x', value: 1 }]);
    assert.deepStrictEqual([await run('coreCount', { view: 'flows' }), await run('coreCount', { view: 'peopleTaskTasks' })], [2, 0]);
    assert.match(await run('coreWrite', { view: 'flows' }), /updateOne is not possible: flows is the engine's/);
    assert.ok(!engine.asked.some(one => one.a.view === 'peopleTaskTasks'));
});

test('The list query of the API becomes a query', async () => {
    assert.deepStrictEqual(await run('builder', { options: {} }), { selector: { title: { $regex: 'a' } }, limit: 100, offset: 0, sort: {}, projection: {} });
    assert.deepStrictEqual(await run('builder', {
        options: { 'filter[]': ['status:!done', 'title:~b(', 'n:1', 'odd'], filter: 'url:a:b', sort: ['a:-1', 'b:1'], projection: '-x,y', limit: '5', offset: '10' }
    }), {
        selector: { url: { $in: ['a:b'] }, status: { $nin: ['done'] }, title: { $regex: 'b\\(', $options: 'i' }, n: { $in: ['1', 1] }, $and: [{ title: { $regex: 'a' } }] },
        limit: 5, offset: 10, sort: { a: -1, b: 1 }, projection: { y: 1 }
    });
    assert.strictEqual((await engine.request('acme/store', 'POST', '/run', { body: { scenario: 'builder', options: { limit: 'x' } } })).status, 400);
});

'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, beforeEach, describe, test } = require('node:test');
const { Node } = require('./stub_context');
const installedBundle = require('./installed_bundle');
const { missing, startServer } = require('./postgres_server');

describe('patchbay.postgres', { skip: missing }, () => {

    let root;
    let remove;
    let server;
    let auth;
    let definition;

    const node = (name, properties) => new Node(root, `patchbay.postgres.core.${name}`, { properties, auth });
    const query = async (sql, params, more) => (await node('Query').receive({ sql, params, ...more }))[0].payload;
    const insert = async (table, values) => (await node('InsertRow', { table }).receive({ values }))[0].payload;

    before(async () => {
        ({ root, remove } = installedBundle('postgres', ['.']));
        server = await startServer('sec ret"');
        auth = server.auth;
        ({ definition } = require(path.join(root, 'patchbay/postgres/auth.js')));
    });

    after(() => {
        server?.stop();
        remove?.();
    });

    beforeEach(async () => {
        await query('DROP TABLE IF EXISTS orders');
        await query('DROP SCHEMA IF EXISTS "Odd.Name" CASCADE');
        await query(`CREATE TABLE orders (id bigserial PRIMARY KEY, name text NOT NULL, amount integer CHECK (amount >= 0), big bigint,
            price numeric(10, 2), done boolean DEFAULT false, tags text[], data jsonb, made timestamptz DEFAULT now())`);
    });

    test('auth: validate connects, and names the account', async () => {
        assert.equal(await definition.validate(auth), true);
        assert.equal(definition.requestProfileInfo(auth).name, `tester@127.0.0.1:${auth.port}/postgres`);
        assert.equal(definition.accountNameFromProfileInfo, 'name');
    });

    test('auth: validate refuses what does not work', async () => {
        const validate = more => definition.validate({ ...auth, ...more });
        await assert.rejects(validate({ password: 'wrong' }), { code: '28P01' });
        await assert.rejects(validate({ database: 'nowhere' }), { code: '3D000' });
        await assert.rejects(validate({ port: '1' }), { code: 'ECONNREFUSED' });
        await assert.rejects(validate({ ssl: 'on' }), /SSL/);
        await assert.rejects(validate({ ssl: 'maybe' }), /^Error: ssl: /);
        await assert.rejects(validate({ port: 'x' }), /^Error: port: /);
        await assert.rejects(validate({ host: '' }), /^Error: host: /);
    });

    test('Query gives rows, their number and the columns', async () => {
        assert.deepEqual(await query('SELECT 1 AS a, $1::text AS b', { ADD: [{ value: "x'; --" }] }), { rows: [{ a: 1, b: "x'; --" }], rowCount: 1, fields: ['a', 'b'] });
        assert.deepEqual(await query("INSERT INTO orders (name) VALUES ('a'), ('b')"), { rows: [], rowCount: 2, fields: [] });
        assert.deepEqual((await query('SELECT name FROM orders WHERE id = ANY($1) ORDER BY id', '[[1, 2]]')).rows, [{ name: 'a' }, { name: 'b' }]);
    });

    test('Query takes several statements and gives the last result', async () => {
        assert.deepEqual((await query('SELECT 1 AS a; SELECT 2 AS b')).rows, [{ b: 2 }]);
    });

    test('Query leaves nothing of its session to the next one', async () => {
        await query('BEGIN; SET search_path TO nowhere');
        assert.deepEqual((await query('SHOW search_path')).rows, [{ search_path: '"$user", public' }]);
        assert.deepEqual((await query('SELECT count(*)::int AS n FROM orders')).rows, [{ n: 0 }]);
    });

    test('Query marks what is wrong for good, so that it is not tried for long', async () => {
        for (const [sql, code] of [['SELEC 1', '42601'], ['SELECT * FROM nowhere', '42P01'], ["SELECT 'x'::int", '22P02'], ['SELECT 1/0', '22012'], ["INSERT INTO orders (name, amount) VALUES ('a', -1)", '23514']]) {
            await assert.rejects(query(sql), { code, statusCode: 422 });
        }
        await assert.rejects(query('SELECT $1::int', '{"a"'), { name: 'ContextCancelError', message: /^params: / });
    });

    test('Query gives up after its timeout, to be tried again', async () => {
        await assert.rejects(query('SELECT pg_sleep(60)', [], { timeout: 0.05 }), err => err.code === '57014' && err.statusCode === undefined);
        assert.equal((await query('SELECT 1 AS a')).rowCount, 1);
    });

    test('Query goes on after the server has closed its connections', async () => {
        await query('SELECT 1');
        const other = new (require(require.resolve('pg', { paths: [path.join(root, 'patchbay/postgres')] })).Client)({ ...auth, port: Number(auth.port), ssl: false });
        await other.connect();
        await other.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'patchbay'");
        await other.end();
        // The pool may still hold the closed connection once; the engine's retry gets a new one.
        const attempts = [await query('SELECT 1 AS a').catch(() => null), await query('SELECT 1 AS a').catch(() => null)];
        assert.equal(attempts[1].rowCount, 1);
    });

    test('InsertRow inserts values of every kind and gives the stored row', async () => {
        const row = await insert('orders', { ADD: [
            { column: 'name', value: 'Žluť "x"' }, { column: 'amount', value: '5' }, { column: 'big', value: '9007199254740993' }, { column: 'price', value: 1.5 },
            { column: 'tags', value: ['a', 'b,c'] }, { column: 'data', value: [{ a: 1 }] }, {}
        ] });
        const { made, ...rest } = row;
        assert.deepEqual(rest, { id: '1', name: 'Žluť "x"', amount: 5, big: '9007199254740993', price: '1.50', done: false, tags: ['a', 'b,c'], data: [{ a: 1 }] });
        assert.ok(Date.parse(made));
    });

    test('InsertRow takes objects, JSON text, and tables and columns with odd names', async () => {
        assert.deepEqual((await insert('orders', { name: 'a', data: { b: 1 } })).data, { b: 1 });
        assert.equal((await insert('orders', '{"name":"b"}')).name, 'b');
        await query('CREATE SCHEMA "sales"; CREATE TABLE sales."My ""Table" ("a b" text, n int DEFAULT 7)');
        assert.deepEqual(await insert('sales.My "Table', { 'a b': 'x' }), { 'a b': 'x', n: 7 });
        assert.deepEqual(await insert('sales.My "Table', {}), { 'a b': null, n: 7 });
        await query('DROP SCHEMA sales CASCADE');
    });

    test('InsertRow refuses what the table does not take', async () => {
        await assert.rejects(insert('orders', { name: null }), { code: '23502', statusCode: 422 });
        await assert.rejects(insert('orders', { 'name") VALUES (\'x\'); DROP TABLE orders; --': 1 }), { code: '42703', statusCode: 422 });
        await assert.rejects(insert('orders', '[1]'), { name: 'ContextCancelError', message: /^values: / });
        assert.equal((await query('SELECT * FROM orders')).rowCount, 0);
    });

    const names = trigger => trigger.on('out').map(({ name }) => name);

    test('NewRow sends only what is inserted after its first look', async () => {
        await insert('orders', { name: 'old' });
        const trigger = node('NewRow', { table: 'orders', column: 'id' });
        await trigger.tick();
        await insert('orders', { name: 'a' });
        await insert('orders', { name: 'b' });
        await trigger.tick();
        await trigger.tick();
        assert.deepEqual(names(trigger), ['a', 'b']);
        assert.deepEqual(Object.keys(trigger.on('out')[0]), ['id', 'name', 'amount', 'big', 'price', 'done', 'tags', 'data', 'made']);
    });

    test('NewRow starts with an empty table, or with the rows that are there', async () => {
        const empty = node('NewRow', { table: 'orders', column: 'id' });
        await empty.tick();
        await insert('orders', { name: 'a' });
        await empty.tick();
        assert.deepEqual(names(empty), ['a']);
        const existing = node('NewRow', { table: 'orders', column: 'id', existing: true });
        await existing.tick();
        assert.deepEqual(names(existing), ['a']);
    });

    test('NewRow skips no row of many that share a time stamp, down to the microsecond', async () => {
        const trigger = node('NewRow', { table: 'orders', column: 'made' });
        await trigger.tick();
        await query("INSERT INTO orders (name, made) SELECT 'n' || i, timestamptz '2030-01-01 00:00:00.123456+00' + (i / 150) * interval '1 microsecond' FROM generate_series(1, 450) i");
        await trigger.tick();
        assert.equal(new Set(names(trigger)).size, 450);
        await trigger.tick();
        assert.equal(trigger.sent.length, 450);
    });

    test('NewRow repeats no more than a page of rows after a failure, and loses none', async () => {
        const trigger = node('NewRow', { table: 'orders', column: 'id' });
        await trigger.tick();
        await query("INSERT INTO orders (name) SELECT 'n' || i FROM generate_series(1, 250) i");
        trigger.beforeSend = ({ name }) => {
            if (name === 'n150') {
                throw new Error('lost');
            }
        };
        await assert.rejects(trigger.tick(), /lost/);
        trigger.beforeSend = undefined;
        await trigger.tick();
        assert.equal(new Set(names(trigger)).size, 250);
        assert.equal(trigger.sent.length, 250 + 49);
        assert.equal(trigger.locks.size, 0);
    });

    test('Forms list tables, columns and output variables', async () => {
        await query('CREATE SCHEMA "Odd.Name"; CREATE TABLE "Odd.Name".t (a int)');
        const tables = await node('ListTables').staticCall('out', { transform: 'toSelectArray' });
        assert.deepEqual(tables, [{ label: 'orders', value: 'orders' }, { label: '"Odd.Name".t', value: '"Odd.Name".t' }]);
        assert.deepEqual(await insert(tables[1].value, { a: 1 }), { a: 1 });
        const columns = transform => node('ListColumns').staticCall('out', { input: { table: 'orders' }, transform });
        assert.deepEqual((await columns('toSelectArray'))[0], { label: 'id (bigint)', value: 'id' });
        assert.deepEqual((await columns('toOutputVariables')).slice(1, 4), [
            { label: 'name', value: 'name', schema: { type: 'string' } }, { label: 'amount', value: 'amount', schema: { type: 'integer' } }, { label: 'big', value: 'big', schema: { type: 'string' } }
        ]);
        assert.deepEqual(await node('ListColumns').staticCall('out', { transform: 'toSelectArray' }), []);
    });
});

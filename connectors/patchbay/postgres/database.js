'use strict';

const crypto = require('crypto');
const { Client, Pool } = require('pg');

const CONNECT_TIMEOUT_MS = 10000;
const QUERY_TIMEOUT_MS = 60000;
const IDLE_MS = 30000;
const MAX_CONNECTIONS = 5;
const MAX_POOLS = 50;

/** One pool of connections per account, the one used last at the end. */
const pools = new Map();

const SSL = {
    off: false, false: false, '': false,
    on: true, true: true,
    'no-verify': { rejectUnauthorized: false }
};

/** Settings of a connection from the fields of the account. Throws for what cannot be one. */
function connectionSettings(auth) {

    const { host, database, user, password, port, ssl = 'off' } = auth;
    for (const [name, value] of Object.entries({ host, database, user })) {
        if (!value) {
            throw new Error(`${name}: is missing. Connect the account again.`);
        }
    }
    const number = Number(port || 5432);
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
        throw new Error(`port: "${port}" is not a port number.`);
    }
    if (!Object.hasOwn(SSL, String(ssl))) {
        throw new Error(`ssl: "${ssl}" must be off, on or no-verify.`);
    }
    return {
        // A leading slash would name a socket of the machine this runs on.
        host: String(host).replace(/^\/+/, ''),
        port: number,
        database: String(database),
        user: String(user),
        password: String(password ?? ''),
        ssl: SSL[String(ssl)],
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
        application_name: 'patchbay'
    };
}

/** Runs `work` with a connection of its own, which is closed afterwards. */
async function withClient(auth, work) {

    const client = new Client({ ...connectionSettings(auth), query_timeout: CONNECT_TIMEOUT_MS });
    // A connection that breaks while idle says so here, and must not end the process.
    client.on('error', () => {});
    try {
        await client.connect();
        return await work(client);
    } finally {
        await client.end().catch(() => {});
    }
}

function poolOf(auth) {

    const settings = connectionSettings(auth);
    const key = crypto.createHash('sha256').update(JSON.stringify(settings)).digest('hex');
    let pool = pools.get(key);
    if (!pool) {
        pool = new Pool({ ...settings, max: MAX_CONNECTIONS, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true });
        pool.on('error', () => {});
    }
    pools.delete(key);
    pools.set(key, pool);
    if (pools.size > MAX_POOLS) {
        const [[oldest, unused]] = pools;
        pools.delete(oldest);
        unused.end().catch(() => {});
    }
    return pool;
}

/** Timeout a pooled connection has been told, so as to tell it only once. */
const timeouts = new WeakMap();

/** Statements that leave nothing behind in their session; after any other it is closed. */
const LEAVES_NO_TRACE = /^\s*(select|insert|update|delete|merge|with|values|table)\b[^;]*;?\s*$/i;

/**
 * Runs one statement on a pooled connection: resolves with pg's result. What the server says no
 * to for good (wrong SQL, bad value, broken constraint, missing right) is thrown with the
 * status 422, so that it is not tried again for long.
 */
async function query(auth, text, values = [], timeoutMs = QUERY_TIMEOUT_MS) {

    const client = await poolOf(auth).connect();
    let closed = !LEAVES_NO_TRACE.test(text);
    try {
        if (timeouts.get(client) !== timeoutMs) {
            await client.query(`SET statement_timeout = ${Math.ceil(timeoutMs)}`);
            timeouts.set(client, timeoutMs);
        }
        return await client.query({ text, values });
    } catch (err) {
        // Only the server's own answers leave the connection usable.
        closed = closed || !err.severity;
        throw classified(err);
    } finally {
        client.release(closed);
    }
}

/** SQLSTATE classes: feature not supported, data, constraint, transaction state, syntax and rights. */
const FOR_GOOD = new Set(['0A', '22', '23', '25', '42', '3D', '3F', '44']);

function classified(err) {

    if (FOR_GOOD.has(String(err.code).slice(0, 2)) && err.severity) {
        const detail = [err.detail, err.hint].filter(Boolean).join(' ');
        return Object.assign(new Error(`${err.message}${detail ? `. ${detail}` : ''}`), { code: err.code, statusCode: 422, status: 422 });
    }
    return err;
}

/**
 * "orders" or "sales.orders" as [schema, table]. A part that holds a dot is written in double
 * quotes, as in SQL.
 */
function tableName(name) {

    const parts = /^("(?:[^"]|"")+"|[^.]+)\.(.+)$/.exec(name);
    return parts ? parts.slice(1).map(unquoted) : ['public', unquoted(name)];
}

function unquoted(part) {

    const inside = /^"((?:[^"]|"")+)"$/.exec(part)?.[1];
    return inside === undefined ? part : inside.replaceAll('""', '"');
}

/** A name as it is written in SQL. */
function quoted(name) {

    if (name.includes('\0')) {
        throw new Error('A name must not hold a zero character.');
    }
    return `"${name.replaceAll('"', '""')}"`;
}

/** The reverse of tableName, as short as it can be. */
function tableLabel(schema, table) {

    const parts = schema === 'public' && !table.includes('.') ? [table] : [schema, table];
    return parts.map(part => (/[."]/.test(part) ? quoted(part) : part)).join('.');
}

function quotedTable(name) {

    return tableName(name).map(quoted).join('.');
}

/** Names and types of a table's columns, in their order. Empty if there is no such table. */
async function columnsOf(auth, name) {

    const { rows } = await query(auth, `SELECT column_name AS name, data_type AS type FROM information_schema.columns
        WHERE table_schema = $1 AND table_name = $2 ORDER BY ordinal_position`, tableName(name));
    return rows;
}

module.exports = { columnsOf, query, quoted, quotedTable, tableLabel, withClient };

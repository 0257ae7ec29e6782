'use strict';

const { query, quoted, quotedTable } = require('../../database');

const ROWS_PER_QUERY = 100;
const QUERIES_PER_TICK = 20;
const POSITION = 'patchbay_position';

module.exports = {

    async tick(context) {

        let lock;
        try {
            lock = await context.lock(`new-row:${context.flowId}:${context.componentId}`, { maxRetryCount: 0, ttl: 300000 });
        } catch (err) {
            if (err.name === 'LockError') {
                // The last look is not finished yet.
                return;
            }
            throw err;
        }
        try {
            await look(context);
        } finally {
            await lock.unlock();
        }
    }
};

async function look(context) {

    const { table, column, existing } = context.properties;
    const source = `${table}/${column}`;
    let state = await context.loadState();
    if (state.source !== source) {
        state = { source, position: existing ? null : await lastPosition(context, table, column) };
        await context.saveState(state);
    }
    for (let n = 0; n < QUERIES_PER_TICK; n++) {
        const rows = await rowsAfter(context, table, column, state.position);
        for (const { [POSITION]: position, ...row } of rows) {
            await context.sendJson(row, 'out');
        }
        if (rows.length) {
            state = { source, position: rows.at(-1)[POSITION] };
            await context.saveState(state);
        }
        if (rows.length < ROWS_PER_QUERY) {
            return;
        }
    }
}

/** The greatest value as text, which is exact for every type; null while there is no row. */
async function lastPosition(context, table, column) {

    const { rows } = await query(context.auth, `SELECT max(${quoted(column)})::text AS position FROM ${quotedTable(table)}`);
    return rows[0].position;
}

/** The next rows. Those that share the last value come along, lest the rest of them be skipped. */
async function rowsAfter(context, table, column, position) {

    const name = `t.${quoted(column)}`;
    const { rows } = await query(context.auth, `SELECT t.*, ${name}::text AS ${POSITION} FROM ${quotedTable(table)} t
        WHERE ${position === null ? `${name} IS NOT NULL` : `${name} > $1`}
        ORDER BY ${name} FETCH FIRST ${ROWS_PER_QUERY} ROWS WITH TIES`, position === null ? [] : [position]);
    return rows;
}

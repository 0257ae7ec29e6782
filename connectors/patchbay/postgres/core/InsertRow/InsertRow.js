'use strict';

const { columnsOf, query, quoted, quotedTable } = require('../../database');

module.exports = {

    async receive(context) {

        const { table } = context.properties;
        const values = readValues(context, context.messages.in.content.values);
        const names = Object.keys(values);
        const json = await jsonColumns(context, table, values);
        const parameters = names.map(name => (json.has(name) ? JSON.stringify(values[name]) : values[name]));
        const { rows } = await query(context.auth, insertStatement(table, names), parameters);
        await context.sendJson(rows[0], 'out');
    }
};

function insertStatement(table, names) {

    if (!names.length) {
        return `INSERT INTO ${quotedTable(table)} DEFAULT VALUES RETURNING *`;
    }
    const columns = names.map(quoted).join(', ');
    const places = names.map((name, n) => `$${n + 1}`).join(', ');
    return `INSERT INTO ${quotedTable(table)} (${columns}) VALUES (${places}) RETURNING *`;
}

/** Values by column from the rows of the form, an object, or the JSON text of one. */
function readValues(context, value) {

    let values = value;
    if (typeof value === 'string') {
        try {
            values = JSON.parse(value);
        } catch (err) {
            throw new context.CancelError(`values: not valid JSON (${err.message}).`);
        }
    }
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
        throw new context.CancelError('values: must be rows of column and value, or an object.');
    }
    if (Array.isArray(values.ADD)) {
        values = Object.fromEntries(values.ADD.filter(row => row?.column).map(row => [row.column, row.value ?? null]));
    }
    return values;
}

/** Columns of a JSON type among those that get a list: the driver would write it as an SQL array. */
async function jsonColumns(context, table, values) {

    if (!Object.values(values).some(Array.isArray)) {
        return new Set();
    }
    const columns = await columnsOf(context.auth, table);
    return new Set(columns.filter(({ name, type }) => Array.isArray(values[name]) && /^jsonb?$/.test(type)).map(({ name }) => name));
}

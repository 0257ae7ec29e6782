'use strict';

const { Readable } = require('stream');
const { stringify } = require('csv-stringify');
const { stringify: stringifySync } = require('csv-stringify/sync');
const unescapeDelimiter = require('../delimiter');

module.exports = {

    async receive(context) {

        const { delimiter = ',', header = true, escapeFormulas = false, output = 'text', filename } = context.messages.in.content;
        const rows = readRows(context, context.messages.in.content.rows);
        const columns = readColumns(context.messages.in.content.columns, rows);
        const options = {
            delimiter: unescapeDelimiter(delimiter),
            header: header && columns !== undefined,
            columns,
            escape_formulas: escapeFormulas,
            cast: { boolean: String, object: value => JSON.stringify(value), date: value => value.toISOString() }
        };
        if (output === 'file') {
            const stream = Readable.from(rows).pipe(stringify(options));
            const file = await context.saveFileStream(filename || 'data.csv', stream);
            return context.sendJson({ fileId: file.fileId, filename: file.filename, count: rows.length }, 'out');
        }
        await context.sendJson({ text: stringifySync(rows, options), count: rows.length }, 'out');
    }
};

function readRows(context, value) {

    let rows = value;
    if (typeof value === 'string') {
        try {
            rows = JSON.parse(value);
        } catch (err) {
            throw new context.CancelError(`rows: neither a list nor the JSON text of one (${err.message}).`);
        }
    }
    if (!Array.isArray(rows)) {
        throw new context.CancelError('rows: must be a list.');
    }
    const bad = rows.findIndex(row => typeof row !== 'object' || row === null);
    if (bad >= 0) {
        throw new context.CancelError(`rows: item ${bad} is neither an object nor a list.`);
    }
    return rows;
}

/** Names of the columns; undefined when rows are lists and no names were given. */
function readColumns(value, rows) {

    let names = value;
    if (typeof value === 'string') {
        names = value.split(',').map(name => name.trim()).filter(Boolean);
    }
    if (!names?.length) {
        names = rows.length && !Array.isArray(rows[0]) ? Object.keys(rows[0]) : undefined;
    }
    // The key is what the row has; a name with dots must not be taken for a path.
    return names?.map(name => ({ key: String(name), header: String(name) }));
}

'use strict';

const { Readable } = require('stream');
const { parse } = require('csv-parse');
const unescapeDelimiter = require('../delimiter');

// Rows that are longer than this are no CSV but a file of another kind.
const MAX_RECORD_BYTES = 1024 * 1024;

module.exports = {

    async receive(context) {

        const { text, fileId, delimiter = ',', header = true, limit } = context.messages.in.content;
        if (!fileId && text === undefined) {
            throw new context.CancelError('text: give CSV text, or choose a file.');
        }
        const input = fileId ? await context.getFileReadStream(fileId) : Readable.from([Buffer.from(text)]);
        let columns = [];
        const parser = input.pipe(parse({
            bom: true,
            delimiter: unescapeDelimiter(delimiter),
            columns: header && (names => { columns = names; return names; }),
            skip_empty_lines: true,
            relax_column_count: !header,
            max_record_size: MAX_RECORD_BYTES,
            to: limit
        }));
        input.on('error', err => parser.destroy(err));
        const rows = await readRows(context, parser);
        await context.sendJson({ rows, count: rows.length, columns }, 'out');
    }
};

async function readRows(context, parser) {

    const rows = [];
    try {
        for await (const row of parser) {
            rows.push(row);
        }
    } catch (err) {
        if (String(err.code).startsWith('CSV_')) {
            throw new context.CancelError(`The CSV cannot be read: ${err.message}`);
        }
        throw err;
    }
    return rows;
}

'use strict';

const { query } = require('../../database');

module.exports = {

    async receive(context) {

        const { sql, params, timeout } = context.messages.in.content;
        const result = await query(context.auth, sql, readParams(context, params), timeout && timeout * 1000);
        // Several statements in one text give several results; the last one counts.
        const { rows, rowCount, fields } = Array.isArray(result) ? result.at(-1) : result;
        await context.sendJson({ rows, rowCount: rowCount ?? rows.length, fields: fields.map(({ name }) => name) }, 'out');
    }
};

/** Parameters from the rows of the form, a list, or the JSON text of one. */
function readParams(context, value) {

    let params = value ?? [];
    if (typeof params === 'string' && params.trim()) {
        try {
            params = JSON.parse(params);
        } catch (err) {
            throw new context.CancelError(`params: not valid JSON (${err.message}).`);
        }
    }
    params = params.ADD ? params.ADD.map(row => row?.value ?? null) : params || [];
    if (!Array.isArray(params)) {
        throw new context.CancelError('params: must be a list of values.');
    }
    return params;
}

'use strict';

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Turns the headers field into an object of names and values. Accepts the rows of the form
 * ({ ADD: [{ name, value }] }), a plain object, or the JSON text of either.
 */
module.exports = function readHeaders(context, field) {

    let value = field;
    if (typeof value === 'string' && value.trim()) {
        try {
            value = JSON.parse(value);
        } catch (err) {
            throw new context.CancelError('headers: not valid JSON. Use rows of name and value, or a JSON object.');
        }
    }
    if (value === undefined || value === null || value === '') {
        return {};
    }
    if (typeof value !== 'object' || Array.isArray(value)) {
        throw new context.CancelError('headers: must be rows of name and value, or an object.');
    }
    const rows = Array.isArray(value.ADD)
        ? value.ADD.map(row => [row?.name, row?.value])
        : Object.entries(value);
    return Object.fromEntries(rows.filter(([name]) => name).map(([name, text]) => header(context, name, text)));
};

function header(context, name, value) {

    const key = String(name).trim();
    const text = String(value ?? '');
    if (!NAME.test(key)) {
        throw new context.CancelError(`headers: "${key.slice(0, 100)}" is not a valid header name.`);
    }
    if (BAD_VALUE.test(text)) {
        throw new context.CancelError(`headers: the value of "${key}" holds a line break or another character that is not allowed.`);
    }
    return [key, text];
}

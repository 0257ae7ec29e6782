'use strict';

const READERS = {
    text: value => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')),
    number: readNumber,
    boolean: readBoolean,
    json: readJson
};
const OTHER_NAMES = { textarea: 'text', string: 'text', toggle: 'boolean', 'date-time': 'text' };

module.exports = {

    async receive(context) {

        const rows = context.messages.in?.content?.variables?.ADD ?? [];
        if (context.properties.listVariables) {
            return context.sendJson(rows.filter(row => row?.name).map(outputVariable), 'out');
        }
        const variables = {};
        for (const row of rows) {
            const name = String(row?.name ?? '').trim();
            if (!name || name === '__proto__') {
                throw new context.CancelError('variables: every row needs a name.');
            }
            variables[name] = read(context, name, row);
        }
        await context.sendJson(variables, 'out');
    }
};

function typeOf(row) {

    const type = row.type || 'text';
    return OTHER_NAMES[type] ?? type;
}

function read(context, name, row) {

    const type = typeOf(row);
    if (!Object.hasOwn(READERS, type)) {
        throw new context.CancelError(`variables: the type "${row.type}" of "${name}" is not known. Use text, number, boolean or json.`);
    }
    try {
        return READERS[type](row[row.type] ?? row[type] ?? row.value);
    } catch (err) {
        throw new context.CancelError(`variables: the value of "${name}" is not ${err.message}.`);
    }
}

function readNumber(value) {

    const number = typeof value === 'string' && !value.trim() ? NaN : Number(value ?? NaN);
    if (!Number.isFinite(number)) {
        throw new Error('a number');
    }
    return number;
}

function readBoolean(value) {

    if (typeof value !== 'string') {
        return Boolean(value);
    }
    const text = value.trim().toLowerCase();
    if (!['true', 'false', 'yes', 'no', '1', '0', ''].includes(text)) {
        throw new Error('true or false');
    }
    return ['true', 'yes', '1'].includes(text);
}

function readJson(value) {

    if (typeof value !== 'string') {
        return value ?? null;
    }
    try {
        return JSON.parse(value);
    } catch (err) {
        throw new Error(`valid JSON (${err.message})`);
    }
}

function outputVariable(row) {

    const type = { text: 'string', number: 'number', boolean: 'boolean' }[typeOf(row)];
    return { label: row.name, value: row.name, ...(type ? { schema: { type } } : {}) };
}

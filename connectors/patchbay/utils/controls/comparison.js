'use strict';

const { isDeepStrictEqual } = require('util');

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

function asNumber(value) {
    if (typeof value === 'number') {
        return value;
    }
    return typeof value === 'string' && NUMBER.test(value) ? Number(value) : NaN;
}

function asTime(value) {
    return typeof value === 'string' && DATE.test(value.trim()) ? Date.parse(value.trim()) : NaN;
}

function asText(value) {
    if (value === undefined || value === null) {
        return '';
    }
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function asObject(value) {
    if (typeof value !== 'string') {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch (err) {
        return value;
    }
}

/** Less than 0, 0, or more than 0: as numbers if both are, else as dates if both are, else as text. */
function compare(a, b) {
    for (const convert of [asNumber, asTime]) {
        const [x, y] = [convert(a), convert(b)];
        if (!Number.isNaN(x) && !Number.isNaN(y)) {
            return x < y ? -1 : Number(x > y);
        }
    }
    const [x, y] = [asText(a), asText(b)];
    return x < y ? -1 : Number(x > y);
}

/** Equal as numbers, dates or text; objects and lists by their content, JSON text included. */
function equal(a, b) {
    if ((typeof a === 'object' && a !== null) || (typeof b === 'object' && b !== null)) {
        return isDeepStrictEqual(asObject(a), asObject(b));
    }
    return compare(a, b) === 0;
}

function empty(value) {
    if (value === undefined || value === null) {
        return true;
    }
    if (typeof value === 'object') {
        return Object.keys(value).length === 0;
    }
    return typeof value === 'string' && value.trim() === '';
}

function contains(value, part) {
    return Array.isArray(value) ? value.some(item => equal(item, part)) : asText(value).includes(asText(part));
}

module.exports = { asText, compare, contains, empty, equal };

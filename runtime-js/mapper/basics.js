'use strict';

// Small pure functions that modifiers find in `options.helpers`. The text of this file is also
// loaded into the sandbox, so it stands alone: no require, nothing of Node.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

// A number, or the number a whole text spells; anything else unchanged.
function tryParseFloat(value) {
    if (typeof value !== 'string') return value;
    const text = value.trim();
    return NUMBER.test(text) ? Number(text) : value;
}

function tryParseFloats(values) {
    return Array.isArray(values) ? values.map(tryParseFloat) : values;
}

// The value a JSON text spells; anything else unchanged.
function tryParseJSON(value) {
    if (typeof value !== 'string') return value;
    try {
        return JSON.parse(value);
    } catch (err) {
        return value;
    }
}

function isIterable(value) {
    return value !== null && value !== undefined && typeof value[Symbol.iterator] === 'function';
}

// A finite number or undefined.
function asNumber(value) {
    const number = tryParseFloat(value);
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function asNumbers(values) {
    return values.map(asNumber).filter(function (number) {
        return number !== undefined;
    });
}

// The text of a scalar, or undefined when there is none.
function asText(value) {
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

// The text a value has inside another text: JSON for objects, nothing for null and undefined.
function textOf(value) {
    if (value === null || value === undefined || typeof value === 'function') return '';
    if (typeof value !== 'object') return String(value);
    const text = JSON.stringify(value);
    return text === undefined ? '' : text;
}

// A switch set by hand or by text: 'false', '0' and the empty text are off.
function isOn(value) {
    return typeof value === 'string' ? value !== '' && value !== 'false' && value !== '0' : Boolean(value);
}

// A moment, or undefined when the value is no date. A text of digits counts milliseconds since 1970.
function dateOf(moment, value) {
    const text = typeof value === 'string' ? value.trim() : value;
    if (typeof text === 'string' && text === '') return undefined;
    if (typeof text !== 'string' && typeof text !== 'number') return undefined;
    const date = moment(typeof text === 'string' && /^-?\d{9,}$/.test(text) ? Number(text) : text);
    return date.isValid() ? date : undefined;
}

// All at once when one of the values is still to come (g_jsonata inside a block).
function settled(values, then) {
    const late = values.some(function (value) {
        return value && typeof value.then === 'function';
    });
    return late ? Promise.all(values).then(then) : then(values);
}

module.exports = {
    tryParseFloat, tryParseFloats, tryParseJSON, isIterable, asNumber, asNumbers, asText, textOf, isOn, dateOf, settled
};

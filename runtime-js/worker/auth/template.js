'use strict';

// Fills `{{name}}` and `{{a.b}}` (also with three braces) from a context, without HTML escaping. Missing values are empty.

const kPlaceholder = /\{\{\{?\s*([\w$@.[\]-]+)\s*\}?\}\}/g;

function lookUp(context, path) {
    let value = context;
    for (const key of path.split(/[.[\]]+/).filter(Boolean)) {
        if (value === null || value === undefined) {
            return '';
        }
        value = value[key];
    }
    return value === null || value === undefined ? '' : value;
}

function fillText(text, context) {
    return text.replace(kPlaceholder, (_, path) => {
        const value = lookUp(context, path);
        return typeof value === 'object' ? JSON.stringify(value) : String(value);
    });
}

// Every string leaf of a request description; everything else stays.
function fill(value, context) {
    if (typeof value === 'string') {
        return fillText(value, context);
    }
    if (Array.isArray(value)) {
        return value.map(item => fill(item, context));
    }
    if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, context)]));
    }
    return value;
}

module.exports = { fill, fillText, lookUp };

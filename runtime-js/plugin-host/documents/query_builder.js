'use strict';

// db.queryBuilder: the list query of the REST API (`filter`, `sort`, `projection`, `limit`, `offset`) as a query of a collection.
//
// Errors: a limit or offset that is no number is a bad request.

const { kHttpErrors } = require('../context/http_errors');

const kDefaultLimit = 100;

// options: the query of a request. Answers {selector, limit, offset, sort, projection}.
function createBase(options = {}) {
    const selector = {};
    for (const filter of texts(options, 'filter')) {
        addFilter(selector, filter);
    }
    return {
        selector,
        limit: count(options.limit, 'limit', kDefaultLimit),
        offset: count(options.offset, 'offset', 0),
        sort: Object.fromEntries(texts(options, 'sort').map(sortPair)),
        projection: projection(options.projection)
    };
}

// One more condition; a field may have several.
function addSelector(selector, field, condition) {
    if (Object.hasOwn(selector, field)) {
        (selector.$and ??= []).push({ [field]: condition });
    } else {
        selector[field] = condition;
    }
    return selector;
}

// `path:value`, `path:!value`, `path:~value`.
function addFilter(selector, filter) {
    const colon = filter.indexOf(':');
    if (colon < 1) {
        return;
    }
    const [path, rest] = [filter.slice(0, colon), filter.slice(colon + 1)];
    if (path.startsWith('$')) {
        return;
    }
    switch (rest[0]) {
    case '!': return void addSelector(selector, path, { $nin: spellings(rest.slice(1)) });
    case '~': return void addSelector(selector, path, { $regex: pattern(rest.slice(1)), $options: 'i' });
    default: return void addSelector(selector, path, { $in: spellings(rest) });
    }
}

// A text may also stand for the number, truth value or null it spells.
function spellings(text) {
    try {
        const value = JSON.parse(text);
        return value === null || typeof value === 'number' || typeof value === 'boolean' ? [text, value] : [text];
    } catch {
        return [text];
    }
}

function pattern(text) {
    try {
        return new RegExp(text).source;
    } catch {
        return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    }
}

function sortPair(text) {
    const [field, direction] = text.split(/[:;]/);
    return [field, direction === '-1' ? -1 : 1];
}

function projection(text) {
    const names = typeof text === 'string' ? text.split(',').map(name => name.trim()).filter(Boolean) : [];
    const excluded = names.filter(name => name.startsWith('-')).map(name => name.slice(1));
    const included = names.filter(name => !name.startsWith('-') && !excluded.includes(name));
    return Object.fromEntries(included.length > 0 ? included.map(name => [name, 1]) : excluded.map(name => [name, 0]));
}

function count(value, name, otherwise) {
    if (value === undefined || value === null || value === '') {
        return otherwise;
    }
    const number = Number(value);
    if (!Number.isInteger(number) || number < 0) {
        throw kHttpErrors.badRequest(`"${name}" must be a number`);
    }
    return number;
}

// A member that may be given once, repeated, or with brackets.
function texts(options, name) {
    return [options[name] ?? [], options[`${name}[]`] ?? []].flat().filter(text => typeof text === 'string' && text !== '');
}

module.exports = { queryBuilder: { createBase, addSelector } };

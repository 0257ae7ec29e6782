'use strict';

// utils.processItem: sorts the items of a poll into those seen now and those never seen before.

const { lazy } = require('./members');

// known: a Set of ids of earlier polls, or nothing at the first poll.
function processItem(known, actual, fresh, idOf, item) {
    const id = idOf(item);
    if (known && !known.has(id)) {
        fresh.push(item);
    }
    if (Array.isArray(actual)) {
        actual.push(id);
    } else {
        actual.add(id);
    }
}

module.exports = proto => lazy(proto, 'utils', () => ({ processItem }));

'use strict';

// Values that may still be to come. Almost every modifier answers at once; only g_jsonata does not.
// These keep the usual case free of promises and the order strict: a step starts when the one before
// it has ended.

function isPromise(value) {
    return value !== null && typeof value === 'object' && typeof value.then === 'function';
}

function then(value, next) {
    return isPromise(value) ? value.then(next) : next(value);
}

function mapInOrder(items, each) {
    const results = [];
    const from = start => {
        for (let index = start; index < items.length; index += 1) {
            const result = each(items[index], index);
            if (isPromise(result)) {
                return result.then(value => {
                    results.push(value);
                    return from(index + 1);
                });
            }
            results.push(result);
        }
        return results;
    };
    return from(0);
}

module.exports = { isPromise, then, mapInOrder };

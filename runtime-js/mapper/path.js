'use strict';

// Paths as lodash reads them (`a.b[0].c`), followed through own members only: a variable can name
// data, never a function of the language.

const _ = require('lodash');

function member(value, key) {
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'string') {
        return key === 'length' || Object.hasOwn(Object(value), key) ? value[key] : undefined;
    }
    return typeof value === 'object' && Object.hasOwn(value, key) ? value[key] : undefined;
}

function follow(value, keys) {
    let at = value;
    for (const key of keys) {
        at = member(at, key);
        if (at === undefined) return undefined;
    }
    return at;
}

// `@value.name`, `@../value`, `@index`: locals of the block, one level up per `../`.
function fromLocals(variable, locals) {
    let rest = variable.slice(1);
    let level = locals;
    while (rest.startsWith('../')) {
        level = level && level.parent;
        rest = rest.slice(3);
    }
    return level ? follow(level, _.toPath(rest)) : undefined;
}

function variableOf(variable, { root, locals }) {
    if (typeof variable !== 'string' || variable === '') return undefined;
    return variable.startsWith('@') ? fromLocals(variable, locals) : follow(root, _.toPath(variable));
}

module.exports = { variableOf, follow };

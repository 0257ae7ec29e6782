'use strict';

// A chain of functions over a value. Each gets the result of the one before, its parameters, and
// `{ hash, helpers }`. A function that throws gives back its first argument; one that does not exist
// lets the value pass. Both leave a warning.

const { then, mapInOrder, isPromise } = require('./maybe.js');
const { isObject } = require('./registry.js');

function describe(err) {
    if (err === null || typeof err !== 'object') return String(err);
    return `${err.name || err.code || 'Error'}: ${err.message}`;
}

// Evaluates parameters, which are templates with modifiers of their own.
class Parameters {
    constructor(scope, resolve, place) {
        this.scope = scope;
        this.resolve = resolve;
        this.place = place;
    }

    value(parameter, isBlock, name) {
        const own = isObject(parameter) ? parameter : { value: parameter };
        const scope = this.scope.inner(own.modifiers);
        const place = `${this.place}/${name}`;
        if (!isBlock) return this.resolve(own.value, scope, place);
        return locals => this.resolve(own.value, scope.withLocals(locals), place);
    }

    positional(params, definition) {
        const given = Array.isArray(params) ? params : [];
        const wanted = definition.positional;
        const count = definition.open ? Math.max(given.length, wanted.length) : wanted.length;
        const indexes = Array.from({ length: count }, (unused, index) => index);
        return mapInOrder(indexes, index => {
            if (index >= given.length) return undefined;
            const isBlock = index < wanted.length && wanted[index].isBlock;
            return this.value(given[index], isBlock, `p${index}`);
        });
    }

    named(hashParams, definition) {
        const entries = isObject(hashParams) ? Object.entries(hashParams) : [];
        const values = mapInOrder(entries, ([key, parameter]) =>
            this.value(parameter, definition.blockHashes.has(key), `h.${key}`));
        return then(values, found => Object.fromEntries(entries.map(([key], index) => [key, found[index]])));
    }
}

function invoke(definition, value, args, hash, evaluation) {
    if (definition.native) {
        return definition.native(value, ...args, { hash, helpers: evaluation.toolbox.helpers });
    }
    if (definition.text === undefined) throw new Error('it has no helperFn');
    return evaluation.toolbox.sandbox.callFunction(definition.text, [value, ...args], hash);
}

function failSafe(definition, value, args, hash, evaluation, place) {
    const fail = err => {
        evaluation.warn(`${definition.name} at ${place} failed, its input is passed on: ${describe(err)}`);
        return value;
    };
    evaluation.generated.enter(place);
    try {
        const result = invoke(definition, value, args, hash, evaluation);
        return isPromise(result) ? Promise.resolve(result).catch(fail) : result;
    } catch (err) {
        return fail(err);
    }
}

function applyFunction(fn, value, { evaluation, scope, resolve, place }) {
    const name = isObject(fn) ? fn.name : fn;
    const definition = typeof name === 'string' ? evaluation.registry.get(name) : undefined;
    if (!definition) {
        evaluation.warn(`unknown modifier ${JSON.stringify(name)} at ${place}: the value is passed on`);
        return value;
    }
    const parameters = new Parameters(scope, resolve, place);
    return then(parameters.positional(fn.params, definition), args =>
        then(parameters.named(fn.hashParams, definition), hash =>
            failSafe(definition, value, args, hash, evaluation, place)));
}

function applyChain(functions, start, step) {
    let index = 0;
    const next = value => {
        if (index >= functions.length) return value;
        const place = `${step.place}/${index}`;
        const fn = functions[index++];
        return then(applyFunction(fn, value, { ...step, place }), next);
    };
    return next(start);
}

module.exports = { applyChain };

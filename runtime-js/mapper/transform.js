'use strict';

// Evaluates a transform: the lambda is walked leaf by leaf, a placeholder `{{{id}}}` that is the whole
// text gives its value with its type, one inside other text gives its text form (flow-format.md §3).

const { Generated, use } = require('./generated.js');
const { Toolbox } = require('./toolbox.js');
const { isObject } = require('./registry.js');
const { applyChain } = require('./chain.js');
const { legacyEntry } = require('./legacy.js');
const { variableOf } = require('./path.js');
const { then, mapInOrder, isPromise } = require('./maybe.js');
const { textOf } = require('./basics.js');

const PLACEHOLDER = /\{\{\{([^{}]+)\}\}\}/g;
const WARNINGS = 50;
const WARNING_CHARS = 500;

class TransformError extends Error {
    constructor(message) {
        super(message);
        this.name = 'TransformError';
    }
}

// Where a placeholder finds its entry: the map of its field (or parameter) first, then those around it.
class Scope {
    constructor({ maps, root, locals }) {
        this.maps = maps;
        this.root = root;
        this.locals = locals;
    }

    inner(modifiers) {
        return isObject(modifiers) ? new Scope({ ...this, maps: [modifiers, ...this.maps] }) : this;
    }

    withLocals(locals) {
        const level = isObject(locals) ? { ...locals } : {};
        return new Scope({ ...this, locals: { ...level, parent: this.locals } });
    }

    entry(id) {
        for (const map of this.maps) {
            if (Object.hasOwn(map, id) && isObject(map[id])) return map[id];
        }
        return undefined;
    }
}

// One evaluation: what its modifiers may use, and the warnings it gathers.
class Evaluation {
    constructor({ registry, room, env = {} }) {
        this.registry = registry;
        this.toolbox = new Toolbox(room, isObject(env) ? env : {});
        this.generated = new Generated(isObject(env) ? env : {});
        this.warnings = [];
    }

    warn(text) {
        if (this.warnings.length < WARNINGS) this.warnings.push(text.slice(0, WARNING_CHARS));
    }

    resolve(node, scope, place) {
        if (typeof node === 'string') return this.resolveText(node, scope, place);
        if (Array.isArray(node)) {
            return mapInOrder(node, (item, index) => this.resolve(item, scope, `${place}.${index}`));
        }
        if (node === null || typeof node !== 'object') return node;
        const keys = Object.keys(node);
        const values = mapInOrder(keys, key => this.resolve(node[key], scope, `${place}.${key}`));
        return then(values, found => Object.fromEntries(keys.map((key, index) => [key, found[index]])));
    }

    resolveText(text, scope, place) {
        const found = [...text.matchAll(PLACEHOLDER)];
        if (found.length === 0) return text;
        if (found.length === 1 && found[0][0] === text) return this.placeholder(found[0][1], scope, place);
        const values = mapInOrder(found, match => this.placeholder(match[1], scope, place));
        return then(values, results => {
            let index = 0;
            return text.replace(PLACEHOLDER, () => textOf(results[index++]));
        });
    }

    placeholder(written, scope, place) {
        const id = written.trim();
        const entry = scope.entry(id) || legacyEntry(id);
        if (!entry) {
            this.warn(`the placeholder "${id}" at ${place} has no modifier entry`);
            return undefined;
        }
        const start = entry.variable === undefined ? entry.start : variableOf(entry.variable, scope);
        const functions = Array.isArray(entry.functions) ? entry.functions : [];
        return applyChain(functions, start, {
            evaluation: this,
            scope,
            resolve: (node, inner, at) => this.resolve(node, inner, at),
            place: `${place}/${id}`
        });
    }
}

// Fields in the order of the lambda; nested placeholders use the map of their top-level field.
function fieldsOf(evaluation, { lambda, modifiers }, root) {
    const maps = isObject(modifiers) ? modifiers : {};
    const all = Object.values(maps).filter(isObject);
    if (!isObject(lambda)) return evaluation.resolve(lambda, new Scope({ maps: all, root }), '');
    const keys = Object.keys(lambda);
    const values = mapInOrder(keys, key => {
        const own = Object.hasOwn(maps, key) && isObject(maps[key]) ? [maps[key]] : [];
        return evaluation.resolve(lambda[key], new Scope({ maps: [...own, ...all], root }), key);
    });
    return then(values, found => Object.fromEntries(keys.map((key, index) => [key, found[index]])));
}

// json2ext: the result lies over the incoming content; fields without a value leave it alone.
function extended(content, result) {
    if (!isObject(content) || !isObject(result)) return result;
    const present = Object.entries(result).filter(([, value]) => value !== undefined);
    return Object.fromEntries([...Object.entries(content), ...present]);
}

function checked(transform) {
    if (!isObject(transform)) throw new TransformError('Malformed transformation: it must be an object');
    const type = transform.type === undefined || transform.type === null ? 'json2new' : transform.type;
    if (type !== 'json2new' && type !== 'json2ext') {
        throw new TransformError('Malformed transformation: "type" must be json2new or json2ext');
    }
    return { type, lambda: transform.lambda === undefined ? {} : transform.lambda, modifiers: transform.modifiers };
}

function evaluated(evaluation, { transform, content, scope }) {
    const { type, lambda, modifiers } = checked(transform);
    const root = { ...(isObject(content) ? content : {}), $: isObject(scope) ? scope : {} };
    const result = fieldsOf(evaluation, { lambda, modifiers }, root);
    return type === 'json2ext' ? then(result, value => extended(content, value)) : result;
}

// Runs `work(evaluation)` with generated values pinned and gives `{value, warnings}`, at once or as a
// promise. One evaluation runs at a time in a process.
function evaluate(options, work) {
    const evaluation = new Evaluation(options);
    const end = () => {
        use(null);
        evaluation.toolbox.dispose();
    };
    const done = value => ({ value, warnings: evaluation.warnings });
    use(evaluation.generated);
    try {
        const value = work(evaluation);
        if (isPromise(value)) return Promise.resolve(value).then(done).finally(end);
        end();
        return done(value);
    } catch (err) {
        end();
        throw err;
    }
}

function mapMessage(frame, { registry, room }) {
    return evaluate({ registry, room, env: frame.env }, evaluation => evaluated(evaluation, frame));
}

// POST /modifiers/test: the text of a function and its arguments.
function testFunction({ helperFn, arguments: args = [], env }, { registry, room }) {
    if (typeof helperFn !== 'string') throw new TypeError('"helperFn" must be the text of a function');
    if (!Array.isArray(args)) throw new TypeError('"arguments" must be an array');
    return evaluate({ registry, room, env }, ({ toolbox }) => toolbox.sandbox.callFunction(helperFn, args, {}));
}

module.exports = { mapMessage, testFunction };

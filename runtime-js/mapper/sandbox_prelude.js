(function (host, basicsText) {
    'use strict';

    // Runs inside QuickJS before any text of a user: pins time and chance, offers the field's pure
    // libraries (loaded on first use) and gives back the two functions the mapper calls.

    const parse = JSON.parse;
    const stringify = JSON.stringify;
    const compile = Function;
    const evaluate = eval;
    const RealDate = Date;

    Math.random = host.random;
    globalThis.Date = new Proxy(RealDate, {
        construct(target, args, newTarget) {
            return Reflect.construct(target, args.length === 0 ? [host.now()] : args, newTarget);
        },
        apply() {
            return new RealDate(host.now()).toString();
        },
        get(target, key) {
            return key === 'now' ? host.now : Reflect.get(target, key);
        }
    });
    RealDate.prototype.constructor = globalThis.Date;

    function moduleOf(text) {
        const module = { exports: {} };
        compile('module', 'exports', text).call(globalThis, module, module.exports);
        return module.exports;
    }

    const loaded = {};
    function library(name) {
        if (!(name in loaded)) {
            loaded[name] = undefined; // a library that looks for itself while it loads finds nothing
            loaded[name] = moduleOf(host.library(name));
            if (name === 'moment') loaded[name].suppressDeprecationWarnings = true;
        }
        return loaded[name];
    }

    function digestOf(start) {
        const parts = [];
        const self = {
            update(text) {
                parts.push(String(text));
                return self;
            },
            digest(encoding) {
                return start(parts.join(''), encoding || 'hex');
            }
        };
        return self;
    }

    const basics = moduleOf(basicsText);
    const helpers = Object.assign({}, basics, {
        asDate: value => basics.dateOf(library('moment'), value),
        base64: text => host.base64(String(text)),
        uuid: { v4: host.uuid },
        crypto: {
            randomUUID: host.uuid,
            createHash: name => digestOf((text, encoding) => host.digest(String(name), text, encoding)),
            createHmac: (name, key) => digestOf((text, encoding) => host.hmac(String(name), String(key), text, encoding))
        },
        isDeepStrictEqual: (a, b) => library('lodash').isEqual(a, b),
        context: parse(host.context()),
        runJavascript
    });
    for (const name of ['lodash', 'moment', 'jsonata', 'jsonpath', 'jsonpathPlus']) {
        Object.defineProperty(helpers, name, { enumerable: true, configurable: true, get: () => library(name) });
    }
    for (const [name, source] of [['lodash', 'lodash'], ['_', 'lodash'], ['moment', 'moment']]) {
        Object.defineProperty(globalThis, name, { configurable: true, get: () => library(source) });
    }

    function compiled(...parts) {
        try {
            return compile(...parts);
        } catch (err) {
            if (err instanceof SyntaxError) return undefined;
            throw err;
        }
    }

    // An expression, a function, a script with `return`, or a script whose last value counts.
    function runJavascript(code, value) {
        if (typeof code !== 'string') throw new TypeError('the code must be text');
        const $variable = value === undefined ? undefined : parse(stringify(value));
        const expression = compiled('$variable', 'return (' + code + '\n)');
        if (expression) {
            const result = expression($variable);
            return typeof result === 'function' ? result($variable) : result;
        }
        if (/\breturn\b/.test(code)) return compile('$variable', code)($variable);
        globalThis.$variable = $variable;
        return evaluate(code);
    }

    // {v} = a value, {b} = a block of the mapper, {} = undefined.
    function argumentOf(packed) {
        if (!('b' in packed)) return packed.v;
        return function (locals) {
            const text = host.block(packed.b, stringify(locals) || '{}');
            return text === undefined ? undefined : parse(text);
        };
    }

    const work = {
        function({ text, args, hash }) {
            const fn = compile('return (' + text + '\n)')();
            if (typeof fn !== 'function') throw new TypeError('helperFn is not the text of a function');
            const named = {};
            for (const key of Object.keys(hash)) named[key] = argumentOf(hash[key]);
            return fn(...args.map(argumentOf), { hash: named, helpers });
        },
        javascript({ code, value }) {
            return runJavascript(code, value.v);
        },
        jsonPath({ path, json }) {
            return library('jsonpathPlus').JSONPath({ path, json, wrap: true });
        }
    };

    let pending;

    return {
        // The result as JSON text, undefined, or true while a promise is open.
        run(kind, text) {
            const result = work[kind](parse(text));
            if (result === null || typeof result !== 'object' || typeof result.then !== 'function') {
                return stringify(result);
            }
            const state = { open: true };
            pending = state;
            result.then(
                value => Object.assign(state, { open: false, value }),
                err => Object.assign(state, { open: false, failed: true, err })
            );
            return true;
        },
        collect() {
            if (pending.open) throw new Error('the promise did not settle');
            if (pending.failed) throw pending.err;
            return stringify(pending.value);
        }
    };
})

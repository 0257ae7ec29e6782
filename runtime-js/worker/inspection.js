'use strict';

// The probation load of a revision: every component, auth.js and quota.js once, each failure on its own.

const { CodeWords } = require('./code_words');
const { readAuth, fieldsOf } = require('./auth/definition');
const { plainRules } = require('./quota');

const kMethods = ['receive', 'start', 'stop', 'tick', 'signal', 'test'];
const kMaxError = 2000;

function errorText(err) {
    return String(err && err.message ? err.message : err).slice(0, kMaxError);
}

function each(entries, inspect, failed) {
    const out = {};
    for (const [name, dir] of Object.entries(entries || {})) {
        try {
            out[name] = inspect(dir);
        } catch (err) {
            out[name] = failed(errorText(err));
        }
    }
    return out;
}

function inspectComponent(loader, words, dir) {
    const component = loader.component(dir);
    return { ok: true, methods: kMethods.filter(name => component.method(name)), usesScope: words.usesScope(dir) };
}

function inspectAuth(loader, dir) {
    const auth = readAuth(loader, dir, {});
    return { type: auth.type, fields: fieldsOf(auth) };
}

function runInspect(call) {
    const { loader } = call.runtime;
    const { components, auth, quota } = call.frame.data || {};
    const words = new CodeWords(loader.root, Object.values(components || {}));
    return {
        components: each(components, dir => inspectComponent(loader, words, dir), error => ({ ok: false, error })),
        auth: each(auth, dir => inspectAuth(loader, dir), error => ({ type: null, error })),
        quota: each(quota, dir => ({ rules: plainRules(loader, dir) }), error => ({ error })),
        usesState: words.usesState,
        usesDescriptor: words.usesDescriptor
    };
}

module.exports = { runInspect };

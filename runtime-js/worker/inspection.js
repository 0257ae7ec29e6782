'use strict';

// The probation load of a revision: every component, auth.js and quota.js once, each failure on its own.

const fs = require('node:fs');
const path = require('node:path');

const { readAuth, fieldsOf } = require('./auth/definition');
const { plainRules } = require('./quota');

const kMethods = ['receive', 'start', 'stop', 'tick', 'signal', 'test'];
const kMaxError = 2000;
const kCodeFile = /\.[cm]?js$/;
const kMaxCodeBytes = 8 * 1024 * 1024;

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

function inspectComponent(loader, dir) {
    const component = loader.component(dir);
    return { ok: true, methods: kMethods.filter(name => component.method(name)) };
}

function inspectAuth(loader, dir) {
    const auth = readAuth(loader, dir, {});
    return { type: auth.type, fields: fieldsOf(auth) };
}

// The revision's own code files, without what npm installed.
function* codeFiles(folder) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules') {
            yield* codeFiles(full);
        } else if (entry.isFile() && kCodeFile.test(entry.name)) {
            yield full;
        }
    }
}

function mentions(root) {
    let usesScope = false;
    let usesState = false;
    let usesDescriptor = false;
    for (const file of codeFiles(root)) {
        const text = fs.statSync(file).size <= kMaxCodeBytes ? fs.readFileSync(file, 'utf8') : 'scope state flowDescriptor';
        usesScope ||= /\bscope\b|\boriginalContent\b/.test(text);
        usesState ||= /\bstate\b/.test(text);
        usesDescriptor ||= /\bflowDescriptor\b/.test(text);
        if (usesScope && usesState && usesDescriptor) {
            break;
        }
    }
    return { usesScope, usesState, usesDescriptor };
}

function runInspect(call) {
    const { loader } = call.runtime;
    const { components, auth, quota } = call.frame.data || {};
    return {
        components: each(components, dir => inspectComponent(loader, dir), error => ({ ok: false, error })),
        auth: each(auth, dir => inspectAuth(loader, dir), error => ({ type: null, error })),
        quota: each(quota, dir => ({ rules: plainRules(loader, dir) }), error => ({ error })),
        ...mentions(loader.root)
    };
}

module.exports = { runInspect };

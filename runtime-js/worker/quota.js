'use strict';

// Rules of a quota.js, and calls of method `quota`, which run its code:
//
//   rules      → { rules }: numbers and words only, see plainRules
//   nextWindow → { start }: what getStartOfNextWindow of rule number `rule` answers, ms
// `source` of the call is text in place of the file quota.js in the folder `dir`; what it requires is found as if it were that file.

const Module = require('node:module');

const kTexts = 32;
const texts = new Map();  // file and text → what it exports

function compile(file, source) {
    const key = `${file}\n${source}`;
    let exported = texts.get(key);
    if (exported === undefined) {
        const made = new Module(file, module);
        made.filename = file;
        made.paths = Module._nodeModulePaths(require('node:path').dirname(file));
        made._compile(source, file);
        exported = made.exports;
        if (texts.size >= kTexts) {
            texts.delete(texts.keys().next().value);
        }
        texts.set(key, exported);
    }
    return exported;
}

function rulesOf(loader, dir, source) {
    const file = `${dir}/quota.js`;
    const exported = typeof source === 'string' ? compile(loader.resolve(file), source) : loader.require(dir, 'quota.js');
    if (!exported || !Array.isArray(exported.rules)) {
        throw new Error(`${file} exports no array rules`);
    }
    return exported.rules;
}

// Numbers and words only; a rule with a window of its own says so.
function plainRule(rule) {
    const out = JSON.parse(JSON.stringify(rule));
    if (rule && rule.throttling && typeof rule.throttling.getStartOfNextWindow === 'function') {
        out.throttling = { ...out.throttling, getStartOfNextWindow: true };
    }
    return out;
}

function plainRules(loader, dir, source) {
    return rulesOf(loader, dir, source).map(plainRule);
}

function nextWindow(loader, { dir, source, rule }) {
    const throttling = rulesOf(loader, dir, source)[rule]?.throttling;
    const start = Number(throttling.getStartOfNextWindow());
    if (!Number.isFinite(start)) {
        throw new Error(`getStartOfNextWindow of rule ${rule} in ${dir}/quota.js answered no time in milliseconds`);
    }
    return { start: Math.ceil(start) };
}

function runQuota(call) {
    const { loader } = call.runtime;
    const { op, dir, source } = call.frame;
    switch (op) {
    case 'rules': return { rules: plainRules(loader, dir, source) };
    case 'nextWindow': return nextWindow(loader, call.frame);
    default: throw new Error(`Unknown quota operation ${JSON.stringify(op)}; one of rules, nextWindow`);
    }
}

module.exports = { plainRules, runQuota };

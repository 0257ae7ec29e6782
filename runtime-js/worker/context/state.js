'use strict';

// State of the component, of the flow (`context.flow`) and of the service (`context.service`).

const { kCall, methods, lazy } = require('./members');
const { forbidInStatic } = require('./static_mode');

function keyText(key) {
    if (key === undefined || key === null) {
        throw new TypeError('A state key is missing');
    }
    return String(key);
}

async function stateGet(call, scope, key) {
    const { found, value } = await call.ask('stateGet', { scope, key: keyText(key) });
    return found ? value : undefined;
}

async function stateSet(call, scope, key, value) {
    await call.tell('stateSet', { scope, key: keyText(key), value: value === undefined ? null : value });
}

async function stateUnset(call, scope, key) {
    await call.tell('stateUnset', { scope, key: keyText(key) });
}

async function stateClear(call, scope) {
    await call.tell('stateClear', { scope });
}

async function stateInc(call, scope, key, by = 1, returnOld = false) {
    const number = Number(by);
    if (!Number.isFinite(number)) {
        throw new TypeError('stateInc needs a number');
    }
    const { value } = await call.tell('stateInc', { scope, key: keyText(key), by: number, returnOld: Boolean(returnOld) });
    return value;
}

async function stateAddToSet(call, scope, key, value) {
    return (await call.tell('stateAddToSet', { scope, key: keyText(key), value })).value;
}

async function stateRemoveFromSet(call, scope, key, value) {
    return (await call.tell('stateRemoveFromSet', { scope, key: keyText(key), value })).value;
}

async function loadState(call, scope) {
    return await call.ask('stateLoad', { scope }) ?? {};
}

async function saveState(call, state) {
    if (state === null || typeof state !== 'object' || Array.isArray(state)) {
        throw new TypeError('saveState needs an object');
    }
    await call.tell('stateSave', { state });
}

const kCalls = { stateGet, stateSet, stateUnset, stateClear, stateInc, stateAddToSet, stateRemoveFromSet, loadState };

// The service's whole state is a list of pairs in the field.
async function loadServiceState(call) {
    return Object.entries(await loadState(call, 'service')).map(([key, value]) => ({ key, value }));
}

function scoped(call, scope) {
    const out = {};
    for (const [name, fn] of Object.entries(kCalls)) {
        out[name] = fn.bind(undefined, call, scope);
    }
    return out;
}

module.exports = proto => {
    const own = {};
    for (const [name, fn] of Object.entries(kCalls)) {
        own[name] = (call, ...args) => {
            forbidInStatic(call, name);
            return fn(call, 'component', ...args);
        };
    }
    own.saveState = (call, state) => {
        forbidInStatic(call, 'saveState');
        return saveState(call, state);
    };
    methods(proto, own);
    Object.defineProperty(proto, 'state', {
        configurable: true,
        get() {
            forbidInStatic(this[kCall], 'state');
            return this[kStateValue] ?? (this[kStateValue] = this[kCall].frame.state ?? {});
        },
        set(value) {
            forbidInStatic(this[kCall], 'state');
            this[kStateValue] = value;
            saveState(this[kCall], value);
        }
    });
    lazy(proto, 'flow', call => scoped(call, 'flow'));
    lazy(proto, 'service', call => Object.assign(scoped(call, 'service'), { loadState: () => loadServiceState(call) }));
};

const kStateValue = Symbol('state');

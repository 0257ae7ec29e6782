'use strict';

// How members get onto the prototype of `context`: as getters, so that a call pays only for what its component uses, and
// so that a method works detached (`receive({ sendJson })`). A component may overwrite any of them for its call.

const kCall = Symbol('call');

function shadow(target, name, value) {
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
    return value;
}

// A method: fn(call, ...arguments).
function method(proto, name, fn) {
    Object.defineProperty(proto, name, {
        configurable: true,
        get() {
            return fn.bind(undefined, this[kCall]);
        },
        set(value) {
            shadow(this, name, value);
        }
    });
}

function methods(proto, table) {
    for (const [name, fn] of Object.entries(table)) {
        method(proto, name, fn);
    }
}

// A value made at first use and kept for the call: make(call, context).
function lazy(proto, name, make) {
    Object.defineProperty(proto, name, {
        configurable: true,
        get() {
            return shadow(this, name, make(this[kCall], this));
        },
        set(value) {
            shadow(this, name, value);
        }
    });
}

module.exports = { kCall, shadow, method, methods, lazy };

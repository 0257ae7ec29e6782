'use strict';

// lock(name, { ttl, retryDelay, maxRetryCount }?) → { unlock(), extend(ms) }. Rejects with LockError when it is not free.

const { methods } = require('./members');

const kDefaults = { ttl: 20000, retryDelay: 200, maxRetryCount: 30 };

// Options come as numbers or, from configuration, as text.
function lockOptions(options) {
    const out = { ...kDefaults };
    for (const key of Object.keys(kDefaults)) {
        const value = options && typeof options === 'object' ? parseInt(options[key], 10) : NaN;
        if (Number.isFinite(value) && value >= 0) {
            out[key] = value;
        }
    }
    return out;
}

class Lock {

    constructor(call, name, token) {
        const release = () => call.tell('lockRelease', { name, token }).then(() => undefined, () => undefined);
        const extend = ms => call.ask('lockExtend', { name, token, ms: Number(ms) || kDefaults.ttl }).then(() => undefined);
        // Giving back an expired lock is no error, and many connectors do not await it.
        this.unlock = release;
        this.extend = extend;
    }
}

async function lock(call, name, options) {
    const lockName = String(name);
    const { token } = await call.ask('lockAcquire', { name: lockName, ...lockOptions(options) });
    return new Lock(call, lockName, token);
}

module.exports = proto => methods(proto, { lock });

'use strict';

// context.service: the state all flows, users and plugins of the service share. What is not there is null, which a route may answer with.

function keyText(key) {
    if (key === undefined || key === null) {
        throw new TypeError('A state key is missing');
    }
    return String(key);
}

function createServiceState(call) {
    return {
        async stateGet(key) {
            const { found, value } = await call.ask('stateGet', { key: keyText(key) });
            return found ? value : null;
        },
        async stateSet(key, value = null) {
            await call.ask('stateSet', { key: keyText(key), value });
        },
        async stateUnset(key) {
            await call.ask('stateUnset', { key: keyText(key) });
        },
        async stateClear() {
            await call.ask('stateClear', {});
        },
        async stateInc(key, by = 1, returnOld = false) {
            const number = Number(by);
            if (!Number.isFinite(number)) {
                throw new TypeError('stateInc needs a number');
            }
            return (await call.ask('stateInc', { key: keyText(key), by: number, returnOld: Boolean(returnOld) })).value;
        },
        async stateAddToSet(key, value = null) {
            return (await call.ask('stateAddToSet', { key: keyText(key), value })).value;
        },
        async stateRemoveFromSet(key, value = null) {
            return (await call.ask('stateRemoveFromSet', { key: keyText(key), value })).value;
        },
        async loadState() {
            const state = await call.ask('stateLoad', {});
            return Object.entries(state ?? {}).map(([key, value]) => ({ key, value }));
        }
    };
}

module.exports = { createServiceState };

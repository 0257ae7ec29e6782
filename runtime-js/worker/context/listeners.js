'use strict';

// addListener(eventName, params?), removeListener(eventName): this component at the plugin of its service, for events that come
// to the plugin. addListener rejects when the plugin refuses, which fails the start of the flow.

const { methods } = require('./members');
const { forbidInStatic } = require('./static_mode');

function nameText(eventName, what) {
    if (eventName === undefined || eventName === null || eventName === '') {
        throw new TypeError(`${what} needs the name of an event`);
    }
    return String(eventName);
}

async function addListener(call, eventName, params) {
    forbidInStatic(call, 'addListener');
    await call.tell('listenerAdd', { eventName: nameText(eventName, 'addListener'), params: params ?? undefined });
}

async function removeListener(call, eventName) {
    forbidInStatic(call, 'removeListener');
    await call.tell('listenerRemove', { eventName: nameText(eventName, 'removeListener') });
}

module.exports = proto => methods(proto, { addListener, removeListener });

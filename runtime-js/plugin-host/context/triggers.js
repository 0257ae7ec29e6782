'use strict';

// context.triggerComponent and context.triggerListeners: a component is called as by its webhook.
//
// Errors: triggerComponent rejects with `statusCode` 404 where flow or component is gone. triggerListeners calls every listener: one
// that is gone is passed over; of other errors the first is thrown when all were called.

const { carryBytes, restoreBytes } = require('../../worker/context/bytes');
const { withoutHops } = require('../hop_headers');
const { mapArray } = require('./map_array');

const kListenersAtATime = 20;

function texts(object) {
    const out = {};
    for (const [name, value] of Object.entries(object ?? {})) {
        if (value !== undefined && value !== null) {
            out[name] = Array.isArray(value) ? value.map(String) : String(value);
        }
    }
    return out;
}

async function triggerComponent(call, flowId, componentId, data, query, options) {
    const { method = 'POST', hostname = '', headers } = options ?? {};
    const answer = await call.ask('trigger', {
        flowId: String(flowId), componentId: String(componentId), data: carryBytes(data) ?? null, query: texts(query), method,
        hostname, headers: texts(headers)
    });
    const { status, headers: answered = {}, body } = answer ?? {};
    // Its length is that of the body as it was sent to us, not as a route may pass it on.
    const { 'content-length': ignored, ...rest } = withoutHops(answered);
    return { status, statusCode: status, headers: rest, body: restoreBytes(body) };
}

async function triggerListeners(call, { eventName, payload, filter } = {}) {
    const listeners = await call.ask('listeners', { eventName: String(eventName) });
    const failures = [];
    await mapArray(listeners, async listener => {
        try {
            if (filter && !await filter(listener)) {
                return;
            }
            await triggerComponent(call, listener.flowId, listener.componentId, payload, { enqueueOnly: 'true' });
        } catch (err) {
            if (err.statusCode !== 404) {
                failures.push(err);
            }
        }
    }, { concurrency: kListenersAtATime });
    if (failures.length > 0) {
        throw failures[0];
    }
}

function createTriggers(call) {
    return {
        triggerComponent: (...args) => triggerComponent(call, ...args),
        triggerListeners: event => triggerListeners(call, event)
    };
}

module.exports = { createTriggers };

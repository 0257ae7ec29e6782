'use strict';

// Durable one-shot timers: setTimeout(object, ms) and clearTimeout(timeoutId).

const { methods } = require('./members');

async function setTimeoutCall(call, content, ms) {
    const delay = Number(ms);
    if (!Number.isFinite(delay)) {
        throw new TypeError('context.setTimeout needs a delay in milliseconds as its second argument');
    }
    const { timeoutId } = await call.tell('setTimeout', { content: content === undefined ? {} : content, ms: Math.max(0, Math.round(delay)) });
    return timeoutId;
}

async function clearTimeoutCall(call, timeoutId) {
    await call.tell('clearTimeout', { timeoutId });
}

module.exports = proto => methods(proto, { setTimeout: setTimeoutCall, clearTimeout: clearTimeoutCall });

'use strict';

const { due, setNext } = require('../alarm');

const UNIT_MS = { milliseconds: 1, seconds: 1000, minutes: 60000 };
const MIN_MS = 50;
const MAX_MS = 31 * 24 * 3600 * 1000;

module.exports = {

    async start(context) {

        const now = Date.now();
        const step = stepMs(context);
        await setNext(context, now + step, { last: now });
        if (context.properties.immediate) {
            await send(context, now, now);
        }
    },

    async receive(context) {

        const at = await due(context);
        if (at === null) {
            return;
        }
        const now = Date.now();
        const step = stepMs(context);
        await send(context, now, context.state.alarm?.last ?? now);
        await setNext(context, at + step * (Math.floor(Math.max(0, now - at) / step) + 1), { last: now });
    }
};

function stepMs(context) {

    const { interval, unit = 'minutes' } = context.properties;
    const ms = Math.round(interval * UNIT_MS[unit]);
    if (ms < MIN_MS || ms > MAX_MS) {
        throw new context.CancelError('interval: must be between 50 milliseconds and 31 days.');
    }
    return ms;
}

function send(context, now, last) {

    return context.sendJson({
        now: new Date(now).toISOString(),
        lastTick: new Date(last).toISOString(),
        elapsed: Math.max(0, now - last)
    }, 'out');
}

'use strict';

const { reached, setAlarm } = require('../alarm');

const UNIT_MS = { milliseconds: 1, seconds: 1000, minutes: 60000, hours: 3600000, days: 86400000, weeks: 604800000 };
const MAX_MS = 10 * 366 * 86400000;

module.exports = {

    async receive(context) {

        if (context.messages.timeout) {
            if (await reached(context)) {
                await send(context, context.messages.timeout.content.started);
            }
            return;
        }
        const now = Date.now();
        const at = endOfWait(context, now);
        if (at - now > MAX_MS) {
            throw new context.CancelError('A message can wait for ten years at most.');
        }
        if (at <= now) {
            await send(context, now);
        } else {
            await setAlarm(context, at, { started: now });
        }
    }
};

function endOfWait(context, now) {

    const { amount, unit = 'seconds', until } = context.messages.in.content;
    if (amount !== undefined && amount !== null) {
        return now + Math.round(amount * UNIT_MS[unit]);
    }
    if (!until) {
        throw new context.CancelError('amount: say how long to wait, or until when.');
    }
    return Date.parse(until);
}

function send(context, started) {

    return context.sendJson({ started: new Date(started).toISOString(), ended: new Date().toISOString() }, 'out');
}

'use strict';

const { due, setNext } = require('../alarm');
const schedule = require('./schedule');

module.exports = {

    async start(context) {

        const now = Date.now();
        const next = schedule(context)(now, now);
        await setNext(context, next);
        if (context.properties.immediate) {
            await send(context, now, next);
        }
    },

    async receive(context) {

        const at = await due(context);
        if (at === null) {
            return;
        }
        const next = schedule(context)(at, Date.now());
        await send(context, at, next);
        await setNext(context, next);
    }
};

function send(context, at, next) {

    return context.sendJson({
        now: new Date().toISOString(),
        scheduled: new Date(at).toISOString(),
        next: new Date(next).toISOString(),
        timezone: schedule.isCron(context.properties) ? context.properties.timezone || 'UTC' : 'UTC'
    }, 'out');
}

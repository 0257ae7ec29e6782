'use strict';

const { CronExpressionParser } = require('cron-parser');

const UNIT_MS = { minutes: 60000, hours: 3600000, days: 86400000 };

/**
 * Reads the properties into a function (previous, now) => next, all in ms since 1970.
 * Times that have passed since the previous one are skipped.
 */
module.exports = function schedule(context) {

    return isCron(context.properties) ? cronSchedule(context) : intervalSchedule(context);
};

module.exports.isCron = isCron;

function isCron({ scheduleType, cron }) {

    return scheduleType ? scheduleType === 'cron' : Boolean(cron);
}

function intervalSchedule(context) {

    const { every = 5, unit = 'minutes' } = context.properties;
    const step = every * UNIT_MS[unit];
    return (previous, now) => previous + step * (Math.floor(Math.max(0, now - previous) / step) + 1);
}

function cronSchedule(context) {

    const { cron = '', timezone = 'UTC' } = context.properties;
    const fields = cron.trim().split(/\s+/).filter(Boolean).length;
    if (!/^@\w+$/.test(cron.trim()) && fields !== 5 && fields !== 6) {
        throw new context.CancelError(`cron: "${cron}" must have 5 fields (minute, hour, day of month, month, day of week), or 6 with seconds in front.`);
    }
    checkTimeZone(context, timezone || 'UTC');
    const parse = now => CronExpressionParser.parse(cron.trim(), { tz: timezone || 'UTC', currentDate: new Date(now) });
    try {
        parse(Date.now()).next();
    } catch (err) {
        throw new context.CancelError(`cron: "${cron}" is not a cron expression that ever comes due (${err.message}).`);
    }
    return (previous, now) => parse(Math.max(previous, now)).next().getTime();
}

function checkTimeZone(context, timeZone) {

    try {
        new Intl.DateTimeFormat('en', { timeZone });
    } catch (err) {
        throw new context.CancelError(`timezone: "${timeZone}" is not a time zone such as Europe/Prague.`);
    }
}

'use strict';

// log(object), log(text, data?), log(level, message, data?). Never throws, whatever it is given.

const { methods } = require('./members');
const { kResolved } = require('../call');
const { plain, clip } = require('../failure');

const kLevels = new Set(['info', 'error', 'debug', 'warn', 'trace']);
const kMaxMessage = 16 * 1024;
const kMaxData = 64 * 1024;

// log records: { level, message, data? }
function logRecord(args) {
    let level = 'info';
    let rest = args;
    if (args.length > 1 && kLevels.has(args[0])) {
        level = args[0];
        rest = args.slice(1);
    }
    let [message, data] = rest;
    if (typeof message !== 'string') {
        data = data === undefined ? message : [message, data];
        message = titleOf(rest[0]);
    }
    return { level, message: clip(message, kMaxMessage), data: boundedData(data) };
}

function titleOf(value) {
    if (value === null || typeof value !== 'object') {
        return String(value);
    }
    for (const key of ['message', 'step', 'msg', 'title']) {
        if (typeof value[key] === 'string') {
            return value[key];
        }
    }
    return '';
}

function boundedData(data) {
    if (data === undefined) {
        return undefined;
    }
    const copy = plain(data);
    const text = JSON.stringify(copy);
    return text === undefined || text.length <= kMaxData ? copy : clip(text, kMaxData);
}

function log(call, ...args) {
    try {
        const { level, message, data } = logRecord(args);
        call.log(level, message, data);
    } catch (err) {
        call.log('error', `A log record could not be written: ${err && err.message}`);
    }
    return kResolved;
}

module.exports = proto => methods(proto, { log });
module.exports.logRecord = logRecord;

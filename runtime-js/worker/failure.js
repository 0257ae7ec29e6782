'use strict';

// Errors as they travel: `{name, message, code?, status?, data?, stack?, error?}`, at most 50 kB, without circular
// parts, sockets or request headers. Whatever a component throws becomes one of these.

const { CancelError } = require('./context/cancel_error');

const kMaxMessage = 8 * 1024;
const kMaxStack = 8 * 1024;
const kMaxDataText = 24 * 1024;
const kMaxDepth = 8;
const kMaxItems = 200;

// Never useful in a log, and often secret or circular.
const kDropped = new Set(['request', 'req', 'res', 'socket', 'agent', 'httpAgent', 'httpsAgent', '_events', 'authorization',
    'Authorization', 'cookie', 'Cookie', 'set-cookie', 'proxy-authorization', 'x-api-key']);

function clip(text, max) {
    return text.length > max ? text.slice(0, max) + '… (cut)' : text;
}

// A copy of any value that JSON can carry: no cycles, bounded in depth and width.
function plain(value, depth = 0, parents = []) {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') {
        return value;
    }
    if (typeof value === 'number') {
        return Number.isFinite(value) ? value : String(value);
    }
    if (typeof value === 'bigint' || typeof value === 'symbol') {
        return String(value);
    }
    if (typeof value !== 'object') {
        return undefined;
    }
    if (parents.includes(value)) {
        return '[circular]';
    }
    if (depth >= kMaxDepth) {
        return '[too deep]';
    }
    return plainObject(value, depth, parents.concat([value]));
}

function plainObject(value, depth, parents) {
    if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) {
        return `[${value.byteLength} bytes]`;
    }
    if (typeof value.pipe === 'function') {
        return '[stream]';
    }
    if (value instanceof Date) {
        return Number.isNaN(value.getTime()) ? null : value.toISOString();
    }
    if (Array.isArray(value)) {
        return value.slice(0, kMaxItems).map(item => plain(item, depth + 1, parents) ?? null);
    }
    const out = {};
    if (value instanceof Error) {
        out.name = plain(value.name);
        out.message = plain(value.message);
    }
    for (const key of Object.keys(value).slice(0, kMaxItems)) {
        if (!kDropped.has(key)) {
            out[key] = plain(read(value, key), depth + 1, parents);
        }
    }
    return out;
}

// A getter of a hostile error may throw.
function read(object, key) {
    try {
        return object[key];
    } catch {
        return undefined;
    }
}

function bounded(value) {
    if (value === undefined) {
        return undefined;
    }
    const copy = plain(value);
    const text = JSON.stringify(copy);
    if (text === undefined || text.length <= kMaxDataText) {
        return copy;
    }
    return clip(typeof copy === 'string' ? copy : text, kMaxDataText);
}

function httpStatus(err) {
    const response = read(err, 'response');
    const candidates = [response && read(response, 'status'), read(err, 'statusCode'), read(err, 'status')];
    for (const candidate of candidates) {
        const status = Number(candidate);
        if (candidate !== undefined && candidate !== null && Number.isInteger(status) && status >= 100 && status <= 599) {
            return status;
        }
    }
    return undefined;
}

function errorData(err) {
    const data = read(err, 'data');
    if (data !== undefined) {
        return data;
    }
    const response = read(err, 'response');
    return response ? read(response, 'data') ?? read(response, 'body') : undefined;
}

function text(value, fallback) {
    if (typeof value === 'string') {
        return value;
    }
    if (value === undefined || value === null) {
        return fallback;
    }
    try {
        return String(value);
    } catch {
        return fallback;
    }
}

// Thrown values that are not errors: strings, plain objects, undefined.
function describeThrown(thrown) {
    if (typeof thrown === 'string') {
        return { name: 'Error', message: clip(thrown, kMaxMessage) };
    }
    if (thrown === null || typeof thrown !== 'object') {
        return { name: 'Error', message: `The component threw ${text(thrown, typeof thrown)} instead of an error` };
    }
    const data = bounded(thrown);
    const message = text(read(thrown, 'message'), 'The component threw an object instead of an error');
    const out = { name: text(read(thrown, 'name'), 'Error'), message: clip(message, kMaxMessage), data };
    addNumbers(out, thrown);
    return out;
}

function addNumbers(out, err) {
    const code = read(err, 'code');
    if (typeof code === 'string' || typeof code === 'number') {
        out.code = code;
    }
    const status = httpStatus(err);
    if (status !== undefined) {
        out.status = status;
    }
}

function serialiseFailure(thrown) {
    if (!(thrown instanceof Error) && !(thrown && typeof read(thrown, 'stack') === 'string')) {
        return describeThrown(thrown);
    }
    const out = { name: text(read(thrown, 'name'), 'Error'), message: clip(text(read(thrown, 'message'), ''), kMaxMessage) };
    addNumbers(out, thrown);
    const data = bounded(errorData(thrown));
    if (data !== undefined) {
        out.data = data;
    }
    const stack = read(thrown, 'stack');
    if (typeof stack === 'string') {
        out.stack = clip(stack, kMaxStack);
    }
    const inner = bounded(innerError(thrown));
    if (inner !== undefined && JSON.stringify(inner).length <= 8 * 1024) {
        out.error = inner;
    }
    return out;
}

// `error` repeats `data` in a CancelError that was given plain data.
function innerError(thrown) {
    const inner = read(thrown, 'error') ?? read(thrown, 'cause');
    return inner === read(thrown, 'data') ? undefined : inner;
}

const kCancelNames = new Set(['ContextCancelError', 'CancelError']);

function failureKind(thrown) {
    const name = thrown && typeof thrown === 'object' ? read(thrown, 'name') : undefined;
    if (thrown instanceof CancelError || kCancelNames.has(name)) {
        return 'cancel';
    }
    if (name === 'InvalidTokenError') {
        return 'token';
    }
    if (name === 'ValidationFlowError') {
        return 'validation';
    }
    return name === 'ComponentLoadError' ? 'load' : 'error';
}

// The error of a host call, as the component sees it.
function errorFromReply(err) {
    const message = text(err && err.message, 'The engine refused the call');
    if (err && kCancelNames.has(err.name)) {
        return new CancelError(message, err.data, err.code);
    }
    const error = new Error(message);
    for (const key of ['name', 'code', 'statusCode', 'data', 'attempts']) {
        if (err && err[key] !== undefined) {
            error[key] = err[key];
        }
    }
    return error;
}

module.exports = { serialiseFailure, failureKind, errorFromReply, plain, bounded, clip };

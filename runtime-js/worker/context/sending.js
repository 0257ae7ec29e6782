'use strict';

// sendJson, sendArray, send, sendError.

const { CancelError } = require('./cancel_error');
const { methods } = require('./members');
const { kResolved } = require('../call');
const { serialiseFailure } = require('../failure');

function checkPort(call, port) {
    const prefix = call.component.outPorts.get(port);
    if (prefix === undefined) {
        throw new CancelError(`Trying to send message to non existing port ${port} of ${call.component.type}`);
    }
    return prefix;
}

function payloadText(call, content, port) {
    const text = JSON.stringify(content);
    if (text === undefined) {
        return 'null';
    }
    const limit = call.runtime.limits.messageBytes;
    if (text.length * 3 > limit && Buffer.byteLength(text) > limit) {
        throw new CancelError(`The message for port ${port} is larger than ${limit} bytes; send less in one message`);
    }
    return text;
}

function optionsText(options, contentType) {
    let text = '';
    if (options && options.scope !== undefined && options.scope !== null) {
        text += `,"scope":${JSON.stringify(options.scope)}`;
    }
    if (options && options.headers) {
        text += `,"headers":${JSON.stringify(options.headers)}`;
    }
    return contentType ? `${text},"contentType":${JSON.stringify(contentType)}` : text;
}

function sendText(call, prefix, content, port, options, contentType) {
    return `${prefix}${payloadText(call, content, port)}${optionsText(options, contentType)}}`;
}

// Static calls collect; a second send on one port makes an array of them.
function collect(call, content, port) {
    checkPort(call, port);
    const copy = JSON.parse(payloadText(call, content, port));
    const { collected } = call;
    if (collected[port] === undefined) {
        collected[port] = copy;
        call.collectedOnce.add(port);
    } else if (call.collectedOnce.delete(port)) {
        collected[port] = [collected[port], copy];
    } else {
        collected[port].push(copy);
    }
    return kResolved;
}

function sendJson(call, content, port, options) {
    if (call.isStatic) {
        return collect(call, content, port);
    }
    return call.emit(sendText(call, checkPort(call, port), content, port, options));
}

function send(call, content, port, contentType, options) {
    if (call.isStatic) {
        return collect(call, content, port);
    }
    const type = contentType && contentType !== 'application/json' ? String(contentType) : undefined;
    return call.emit(sendText(call, checkPort(call, port), content, port, options, type));
}

function sendArray(call, array, port, options) {
    if (array === null || array === undefined || typeof array[Symbol.iterator] !== 'function') {
        throw new TypeError('sendArray needs an array');
    }
    const prefix = checkPort(call, port);
    if (call.isStatic) {
        for (const item of array) {
            collect(call, item, port);
        }
        return kResolved;
    }
    return call.emitAll(texts(call, prefix, array, port, options));
}

// One by one: an array of a million items is not turned into text at once.
function* texts(call, prefix, array, port, options) {
    for (const item of array) {
        yield sendText(call, prefix, item, port, options);
    }
}

function sendError(call, err) {
    const { stack, ...failure } = serialiseFailure(err);
    if (call.component.outPorts.has('err')) {
        return sendJson(call, failure, 'err');
    }
    call.log('error', failure.message, { ...failure, stack });
    return kResolved;
}

module.exports = proto => methods(proto, { sendJson, sendArray, send, sendError });

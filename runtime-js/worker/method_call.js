'use strict';

// Runs receive, start, stop, tick and signal of a component.

const { Context } = require('./context/context');
const { restoreBytes } = require('./context/bytes');
const { validateMessages, validateProperties } = require('./validation');

// Answers what the method returned, often a promise. A missing method is a no-op, except `receive`.
function runMethod(call) {
    const { frame } = call;
    const component = call.runtime.loader.component(frame.dir);
    call.component = component;
    const method = component.method(frame.m);
    if (!method) {
        if (frame.m === 'receive') {
            throw new Error(`The component ${component.type} has no method receive`);
        }
        return undefined;
    }
    prepareMessages(component, frame);
    const result = method.call(component.self(), new Context(call));
    if (frame.quota === true) {
        call.begun();
    }
    return result;
}

function prepareMessages(component, frame) {
    frame.messages ??= {};
    if (frame.validate === true) {
        if (frame.m === 'start') {
            frame.properties ??= {};
            validateProperties(component, frame);
        }
        validateMessages(component, frame.messages);
    }
    for (const port of Object.keys(frame.messages)) {
        const message = frame.messages[port];
        if (Array.isArray(message)) {
            message.forEach(one => completeMessage(one, frame));
        } else {
            completeMessage(message, frame);
        }
    }
    const webhook = frame.messages.webhook;
    if (webhook && webhook.content && webhook.content.data) {
        webhook.content.data = restoreBytes(webhook.content.data);
    }
}

// What the frame says once for all messages.
function completeMessage(message, frame) {
    if (message !== null && typeof message === 'object') {
        message.contentType ??= 'application/json';
        message.contentEncoding ??= 'utf8';
        message.scope ??= frame.scope;
        message.correlationId ??= frame.correlationId;
    }
}

module.exports = { runMethod, completeMessage };

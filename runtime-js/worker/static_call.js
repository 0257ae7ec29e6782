'use strict';

// A static call: `receive` without state, scope or correlation; what it sends is collected and transformed.

const { Context } = require('./context/context');
const { completeMessage } = require('./method_call');
const { validateMessages, validateProperties } = require('./validation');

const kTransform = /^(?:\.\/)?([A-Za-z0-9_-]+)#([A-Za-z0-9_]+)$/;

async function runStatic(call) {
    const { frame } = call;
    const component = call.runtime.loader.component(frame.dir);
    call.component = component;
    const method = component.method('receive');
    if (!method) {
        throw new Error(`The component ${component.type} has no method receive`);
    }
    prepare(component, frame);
    const transform = frame.transform ? transformOf(call, frame.transform) : null;
    const result = method.call(component.self(), new Context(call));
    if (frame.quota === true) {
        call.begun();
    }
    await result;
    const content = call.collected[frame.outPort];
    const value = transform && content !== undefined ? await transform(content) : content;
    return value === undefined ? null : value;
}

// Ports with no message get `{}`.
function prepare(component, frame) {
    frame.messages ??= {};
    frame.properties ??= {};
    for (const port of component.inPorts.keys()) {
        frame.messages[port] ??= { content: {} };
        completeMessage(frame.messages[port], frame);
    }
    if (frame.validate === true) {
        validateProperties(component, frame);
        validateMessages(component, frame.messages);
    }
}

// "./file#function", relative to the folder of the component that is called.
function transformOf(call, text) {
    const match = kTransform.exec(String(text));
    if (!match) {
        throw new Error(`The transform ${JSON.stringify(text)} must read ./file#function`);
    }
    const [, file, name] = match;
    const exported = call.runtime.loader.require(call.component.dir, `${file}.js`);
    if (typeof exported[name] !== 'function') {
        throw new Error(`The transform ${text} names no function of ${file}.js`);
    }
    return content => exported[name](content);
}

module.exports = { runStatic };

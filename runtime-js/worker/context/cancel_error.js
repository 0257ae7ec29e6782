'use strict';

// The error a component throws to give a message up: no retry. Called without `new` it throws itself: connectors that do so
// go on as if that had given the message up.

function CancelError(message, errorOrData, code) {
    const given = errorOrData === undefined && message instanceof Error ? message : errorOrData;
    const self = Reflect.construct(Error, [messageText(message)], new.target || CancelError);
    if (!(given instanceof Error)) {
        self.data = given;
    }
    self.error = given;
    self.code = code === undefined ? 500 : code;
    if (new.target === undefined) {
        throw self;
    }
    return self;
}

// Connectors also give the error, or the answer, that made them give up.
function messageText(message) {
    if (message === undefined) {
        return '';
    }
    if (message instanceof Error) {
        return message.message;
    }
    return message !== null && typeof message === 'object' ? JSON.stringify(message) : String(message);
}

CancelError.prototype = Object.create(Error.prototype, {
    constructor: { value: CancelError, writable: true, configurable: true },
    name: { value: 'ContextCancelError', writable: true, configurable: true }
});
Object.setPrototypeOf(CancelError, Error);

module.exports = { CancelError };

'use strict';

// The error a component throws to give a message up: no retry. Connectors also call it without `new`.

function CancelError(message, errorOrData, code) {
    const target = new.target || CancelError;
    const self = Reflect.construct(Error, [message === undefined ? '' : String(message)], target);
    if (errorOrData instanceof Error) {
        self.error = errorOrData;
    } else {
        self.data = errorOrData;
        self.error = errorOrData;
    }
    self.code = code === undefined ? 500 : code;
    return self;
}

CancelError.prototype = Object.create(Error.prototype, {
    constructor: { value: CancelError, writable: true, configurable: true },
    name: { value: 'ContextCancelError', writable: true, configurable: true }
});
Object.setPrototypeOf(CancelError, Error);

module.exports = { CancelError };

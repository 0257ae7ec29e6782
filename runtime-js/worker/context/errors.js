'use strict';

// CancelError under every name that connectors use for it. `createError` answers the error, for it is made to be thrown.

const { CancelError } = require('./cancel_error');

function createError(...args) {
    return new CancelError(...args);
}

module.exports = proto => {
    for (const name of ['CancelError', 'ContextCancelError', 'cancelError', 'cancel']) {
        Object.defineProperty(proto, name, { value: CancelError, writable: true, configurable: true });
    }
    Object.defineProperty(proto, 'createError', { value: createError, writable: true, configurable: true });
};

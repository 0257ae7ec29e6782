'use strict';

// CancelError under every name that connectors use for it.

const { CancelError } = require('./cancel_error');

module.exports = proto => {
    for (const name of ['CancelError', 'ContextCancelError', 'cancelError', 'cancel', 'createError']) {
        Object.defineProperty(proto, name, { value: CancelError, writable: true, configurable: true });
    }
};

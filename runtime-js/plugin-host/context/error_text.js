'use strict';

// utils.Error.stringify(err): an error as text for logs and documents, without what is circular or secret in it.

const { serialiseFailure } = require('../../worker/failure');

function stringify(err) {
    return JSON.stringify(serialiseFailure(err));
}

module.exports = { stringify };

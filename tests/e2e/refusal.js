'use strict';

const assert = require('node:assert/strict');
const { STATUS_CODES } = require('node:http');

/** Asserts that an answer is a refusal in the one shape (rest-api §1.3), and gives its body. */
module.exports = function refused(answer, status, message) {
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
    assert.equal(answer.body.statusCode, status);
    assert.equal(answer.body.error, STATUS_CODES[status]);
    assert.equal(typeof answer.body.message, 'string');
    assert.ok(answer.body.message.length > 0);
    if (message) {
        assert.match(answer.body.message, message);
    }
    return answer.body;
};

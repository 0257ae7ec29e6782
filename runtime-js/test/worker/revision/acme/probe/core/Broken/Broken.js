'use strict';

require('./missing-file');

module.exports = { receive() {} };

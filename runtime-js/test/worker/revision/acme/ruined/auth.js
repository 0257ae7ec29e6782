'use strict';

module.exports = { type: 'magic' };

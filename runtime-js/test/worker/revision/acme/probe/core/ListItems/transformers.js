'use strict';

module.exports.count = async ({ items }) => ({ count: items.length });

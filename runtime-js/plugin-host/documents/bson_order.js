'use strict';

// The order of values of any type, as the field's database has it: by type first, then by value.

const { ObjectId } = require('bson');

const kRanks = ['missing', 'null', 'number', 'string', 'object', 'array', 'bytes', 'objectId', 'boolean', 'date', 'regexp'];

function typeOf(value) {
    if (value === undefined) {
        return 'missing';
    }
    if (value === null || typeof value !== 'object') {
        return value === null ? 'null' : typeof value;
    }
    if (Array.isArray(value)) {
        return 'array';
    }
    if (value instanceof Date) {
        return 'date';
    }
    if (value instanceof ObjectId) {
        return 'objectId';
    }
    if (value instanceof RegExp) {
        return 'regexp';
    }
    return ArrayBuffer.isView(value) || value._bsontype === 'Binary' ? 'bytes' : 'object';
}

function comparable(value, type) {
    switch (type) {
    case 'number': case 'string': return value;
    case 'boolean': case 'date': return Number(value);
    case 'object': case 'array': return JSON.stringify(value);
    default: return String(value);
    }
}

// Negative, 0 or positive.
function compareAsBson(left, right) {
    const [leftType, rightType] = [typeOf(left), typeOf(right)];
    if (leftType !== rightType) {
        return kRanks.indexOf(leftType) - kRanks.indexOf(rightType);
    }
    const [a, b] = [comparable(left, leftType), comparable(right, rightType)];
    return a < b ? -1 : Number(a > b);
}

module.exports = { compareAsBson };

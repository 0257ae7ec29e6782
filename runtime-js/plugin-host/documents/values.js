'use strict';

// Values as documents hold them: what JSON knows, and dates, ObjectIds and bytes, which travel as EJSON (relaxed).
//
// Errors: a key that starts with `$` would come back as something else, and a circular value never ends: both are refused.

const { Binary, EJSON, ObjectId } = require('bson');

const kMaxDepth = 100;
const kRelaxed = { relaxed: true };

// A copy of whatever a plugin gives: plain objects and arrays of scalars, Date, ObjectId, bytes and regular expressions.
// missing: what a member that is undefined becomes; undefined leaves it out.
function plainValue(value, missing = undefined, depth = 0) {
    if (value === undefined) {
        return missing;
    }
    if (typeof value !== 'object' || value === null) {
        return scalar(value);
    }
    if (depth > kMaxDepth) {
        throw new Error(`A document is circular or more than ${kMaxDepth} levels deep`);
    }
    if (value instanceof Date || value instanceof RegExp) {
        return value instanceof Date ? new Date(value) : value;
    }
    if (ArrayBuffer.isView(value)) {
        return new Binary(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
    if (value._bsontype !== undefined) {
        return bsonValue(value);
    }
    if (typeof value.toJSON === 'function') {
        return plainValue(value.toJSON(), missing, depth + 1);
    }
    return Array.isArray(value) ? value.map(item => plainValue(item, missing, depth + 1) ?? null) : plainObject(value, missing, depth);
}

function plainObject(value, missing, depth) {
    const out = {};
    for (const [key, member] of Object.entries(value)) {
        const plain = plainValue(member, missing, depth + 1);
        if (plain !== undefined) {
            setOwn(out, key, plain);
        }
    }
    return out;
}

// `__proto__` is a key like any other.
function setOwn(object, key, value) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

function scalar(value) {
    switch (typeof value) {
    case 'bigint': return Number(value);
    case 'function': case 'symbol': return undefined;
    default: return value;
    }
}

// What a query or an update says; what is undefined there means null, never "anything".
function plainQuery(value) {
    return plainValue(value ?? {}, null);
}

// A connector may bring a bson of its own; only its ObjectIds have a counterpart here.
function bsonValue(value) {
    if (value._bsontype === 'ObjectId' || value._bsontype === 'ObjectID') {
        return new ObjectId(value.toString());
    }
    return value;
}

// document: as plainValue makes them. The JSON object that travels.
function encode(document) {
    refuseOperators(document);
    return EJSON.serialize(document, kRelaxed);
}

function decode(json) {
    return EJSON.deserialize(json, kRelaxed);
}

function refuseOperators(value) {
    if (Array.isArray(value)) {
        value.forEach(refuseOperators);
    } else if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
        for (const [key, member] of Object.entries(value)) {
            if (key.startsWith('$')) {
                throw new Error(`A document cannot hold the key ${key}: keys must not start with $`);
            }
            refuseOperators(member);
        }
    }
}

// The text a document of this `_id` is kept under.
function idText(id) {
    if (id instanceof ObjectId) {
        return id.toHexString();
    }
    if (typeof id === 'string' && id !== '') {
        return id;
    }
    if (id === undefined || id === null || id === '' || Array.isArray(id)) {
        throw new Error('The _id of a document must be a text, a number, an ObjectId or an object');
    }
    return EJSON.stringify(id, kRelaxed);
}

module.exports = { plainValue, plainQuery, encode, decode, idText, ObjectId };

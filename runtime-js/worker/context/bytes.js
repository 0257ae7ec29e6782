'use strict';

// Bytes inside JSON frames: {"$bytes": "<base64>"}.

function carryBytes(value) {
    if (Buffer.isBuffer(value)) {
        return { $bytes: value.toString('base64') };
    }
    if (ArrayBuffer.isView(value)) {
        return { $bytes: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
    }
    return value;
}

function restoreBytes(value) {
    if (value !== null && typeof value === 'object' && typeof value.$bytes === 'string') {
        return Buffer.from(value.$bytes, 'base64');
    }
    return value;
}

module.exports = { carryBytes, restoreBytes };

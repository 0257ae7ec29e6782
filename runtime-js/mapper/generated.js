'use strict';

// Generated values (ruling R4): time and chance are functions of the message, its arrival and the
// place in the transform, so that every attempt of a message maps to the same content.
//
// `install()` replaces the global Date and Math.random of this process. Call it before any library
// is loaded: lodash and others keep the functions they find at load. Outside of an evaluation both
// behave as usual.

const { createHash } = require('node:crypto');

const RealDate = Date;
const realRandom = Math.random;
const realNow = RealDate.now;

let current = null;

// Draws of one place: the first 32 bytes are SHA-256(messageId \n place), the n-th further 32 are
// SHA-256(messageId \n place \n n).
class Draws {
    constructor(seed) {
        this.seed = seed;
        this.block = 0;
        this.bytes = Buffer.alloc(0);
    }

    take(count) {
        while (this.bytes.length < count) {
            const text = this.block === 0 ? this.seed : `${this.seed}\n${this.block}`;
            this.bytes = Buffer.concat([this.bytes, createHash('sha256').update(text, 'utf8').digest()]);
            this.block += 1;
        }
        const taken = this.bytes.subarray(0, count);
        this.bytes = this.bytes.subarray(count);
        return taken;
    }

    random() {
        const bytes = this.take(8);
        return (bytes.readUInt32BE(0) * 0x200000 + (bytes.readUInt32BE(4) >>> 11)) / 2 ** 53;
    }

    uuid() {
        const bytes = Buffer.from(this.take(16));
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        const hex = bytes.toString('hex');
        return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    }
}

// The generated values of one evaluation. A place that draws twice (a modifier inside g_map) goes on
// in its own row of draws.
class Generated {
    constructor({ messageId = '', arrivedAt } = {}) {
        this.messageId = String(messageId);
        this.arrivedAt = Number.isFinite(arrivedAt) ? arrivedAt : realNow();
        this.rows = new Map();
        this.draws = this.at('');
    }

    at(place) {
        let row = this.rows.get(place);
        if (!row) {
            row = new Draws(`${this.messageId}\n${place}`);
            this.rows.set(place, row);
        }
        return row;
    }

    enter(place) {
        this.draws = this.at(place);
    }
}

function use(generated) {
    current = generated;
}

function random() {
    return current ? current.draws.random() : realRandom();
}

function uuid() {
    return (current || new Generated({ messageId: `${realNow()} ${realRandom()}` })).draws.uuid();
}

function now() {
    return current ? current.arrivedAt : realNow();
}

function install() {
    const pinned = new Proxy(RealDate, {
        construct(target, args, newTarget) {
            return Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget);
        },
        apply() {
            return new RealDate(now()).toString();
        },
        get(target, key) {
            return key === 'now' ? now : Reflect.get(target, key);
        }
    });
    RealDate.prototype.constructor = pinned;
    globalThis.Date = pinned;
    Math.random = random;
}

module.exports = { Generated, install, use, random, uuid, now, realNow };

'use strict';

// The golden conversations of protocol/golden/, and frames made comparable with them.

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const kGolden = path.join(__dirname, '..', '..', 'protocol', 'golden');

/** File → its steps, for the files whose names begin so. */
function conversations(prefix) {
    const files = fs.readdirSync(kGolden).filter(name => name.startsWith(prefix) && name.endsWith('.json')).sort();
    return new Map(files.map(name => [name, JSON.parse(fs.readFileSync(path.join(kGolden, name), 'utf8'))]));
}

// What differs from machine to machine: versions, memory, stacks.
function comparable(frame) {
    const copy = structuredClone(frame);
    if (copy.t === 'ready') {
        copy.node = 'version';
    }
    if (copy.t === 'pong') {
        assert.ok(frame.heap > 0 && frame.rss > 0);
        copy.heap = copy.rss = 1;
    }
    for (const err of [copy.err, copy.t === 'log' ? copy.data : undefined]) {
        if (err && err.stack !== undefined) {
            assert.match(err.stack, /\S/);
            delete err.stack;
        }
    }
    return copy;
}

module.exports = { comparable, conversations };

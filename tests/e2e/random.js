'use strict';

/** A generator of numbers in [0, 1) from a 32-bit seed, so that a run can be repeated (mulberry32). */
function seeded(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** The seed in the environment variable, or a fresh one. */
function seedFrom(variable) {
    const text = process.env[variable];
    return text ? Number(text) >>> 0 : Math.floor(Math.random() * 2 ** 32);
}

module.exports = { seeded, seedFrom };

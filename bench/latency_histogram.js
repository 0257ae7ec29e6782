'use strict';

const STEPS_PER_OCTAVE = 64;
const OCTAVES = 40;

/** Counts times in microseconds in steps of about 1 %. Adding costs a few nanoseconds and no memory. */
module.exports = class LatencyHistogram {

    constructor() {
        this.steps = new Uint32Array(STEPS_PER_OCTAVE * OCTAVES);
        this.count = 0;
    }

    add(us) {
        const step = Math.min(this.steps.length - 1, Math.max(0, Math.round(Math.log2(Math.max(us, 1)) * STEPS_PER_OCTAVE)));
        this.steps[step] += 1;
        this.count += 1;
    }

    /** The time in microseconds under which `fraction` of all lie; null without any. */
    at(fraction) {
        let left = Math.ceil(this.count * fraction);
        for (let step = 0; this.count && step < this.steps.length; step++) {
            left -= this.steps[step];
            if (left <= 0) {
                return Math.round(2 ** (step / STEPS_PER_OCTAVE));
            }
        }
        return null;
    }
};

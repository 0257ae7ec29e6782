'use strict';

// What components write to stdout and stderr. The engine reads both and keeps little of it, so a call that writes more than
// its budget is told once, in its flow's log, and the rest is thrown away here, where that costs least.
//
// Delivery: what a component's child processes write, or writes past these streams, is bounded by the engine alone.

const kBudgetBytes = 1024 * 1024;

// callNow(): the call whose code runs, or undefined.
function boundOutput(stream, name, callNow, budget = kBudgetBytes) {
    const write = stream.write;
    const written = new WeakMap();
    stream.write = function boundedWrite(chunk, encoding, told) {
        const call = callNow();
        if (call === undefined) {
            return write.call(stream, chunk, encoding, told);
        }
        const before = written.get(call) ?? 0;
        const after = before + (chunk?.length ?? 0);
        written.set(call, after);
        if (after <= budget) {
            return write.call(stream, chunk, encoding, told);
        }
        if (before <= budget) {
            call.log('error', `The component wrote more than ${budget} bytes to ${name}; the rest of its output is thrown away. Use context.log for what is worth keeping`);
        }
        const done = typeof encoding === 'function' ? encoding : told;
        if (typeof done === 'function') {
            process.nextTick(done);
        }
        return true;
    };
}

module.exports = { boundOutput };

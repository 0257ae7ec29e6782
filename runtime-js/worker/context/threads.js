'use strict';

// execOnWorker(fn, args): runs a function that uses nothing but its arguments in a thread of its own, by its source text, so
// that long work does not hold the other calls up. `args` is the list of its arguments; what goes in and out is copied.
//
// Errors: what the function throws, with its name, code and stack; an error of its own at the deadline. The thread ends with
// its answer, at the call's deadline, and with the call.

const { Worker } = require('node:worker_threads');
const { methods } = require('./members');

const kHeapMegabytes = 512;
const kLongestMs = 2 ** 31 - 1;

// Runs inside the thread.
const kThread = `
const { parentPort, workerData } = require('node:worker_threads');
function compile(source) {
    try {
        return (0, eval)('(' + source + ')');
    } catch (err) {
        return Object.values((0, eval)('({' + source + '})'))[0]; // a method of an object
    }
}
function thrown(err) {
    if (!(err instanceof Error)) {
        return { value: err };
    }
    return { error: { name: err.name, message: err.message, stack: err.stack, code: err.code } };
}
(async () => compile(workerData.source)(...workerData.args))()
    .then(value => parentPort.postMessage({ ok: true, value }))
    .catch(err => parentPort.postMessage({ ok: false, ...thrown(err) }))
    .catch(err => parentPort.postMessage({ ok: false, error: { name: err.name, message: err.message } }));
`;

function listOf(args) {
    return Array.isArray(args) ? args : args === undefined ? [] : [args];
}

function errorOf({ error, value }) {
    return error ? Object.assign(new Error(error.message), JSON.parse(JSON.stringify(error))) : value;
}

function start(fn, args) {
    return new Worker(kThread, {
        eval: true, workerData: { source: String(fn), args: listOf(args) }, resourceLimits: { maxOldGenerationSizeMb: kHeapMegabytes }
    });
}

// Answers the thread's own end.
function answerOf(thread) {
    return new Promise((resolve, reject) => {
        thread.once('message', message => (message.ok ? resolve(message.value) : reject(errorOf(message))));
        thread.once('error', reject);
        thread.once('exit', code => reject(new Error(`The thread of execOnWorker ended with ${code} and gave no result`)));
    });
}

async function execOnWorker(call, fn, args) {
    if (typeof fn !== 'function') {
        throw new TypeError('execOnWorker needs a function');
    }
    const thread = start(fn, args);
    let timer;
    const late = new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('The function given to execOnWorker did not end before the deadline of its call')),
            Math.min(Math.max(call.deadline - performance.now(), 0), kLongestMs));
    });
    const forgetEnd = call.atEnd(() => void thread.terminate());
    try {
        return await Promise.race([answerOf(thread), late]);
    } finally {
        clearTimeout(timer);
        forgetEnd();
        void thread.terminate();
    }
}

module.exports = proto => methods(proto, { execOnWorker });

'use strict';

// The worker behind its channel: flows it remembers, calls in flight, and what each frame does.
//
// Calls run concurrently. Which call a stray error belongs to is told by the async context each call runs in.

const { EngineProcess } = require('../engine_process');
const { Call } = require('./call');
const { HoldClock } = require('./emissions');
const { runMethod } = require('./method_call');
const { runStatic } = require('./static_call');
const { runAuth } = require('./auth/auth_call');
const { runInspect } = require('./inspection');
const { runQuota } = require('./quota');

const kLimits = { messageBytes: 15728640, documentBytes: 16777216, holdMs: 20, holdCount: 64, holdBytes: 1048576 };

const kRunners = new Map([
    ['receive', runMethod], ['start', runMethod], ['stop', runMethod], ['tick', runMethod], ['signal', runMethod],
    ['static', runStatic], ['auth', runAuth], ['inspect', runInspect], ['quota', runQuota]
]);

class Flow {

    constructor(data) {
        this.flowId = data.flowId;
        this.name = data.name;
        this.userId = data.userId;
        this._data = data;
        this._texts = {};
    }

    // A fresh copy of `descriptor`, `customFields` or `userInfo`.
    copy(member) {
        this._texts[member] ??= JSON.stringify(this._data[member] ?? {});
        return JSON.parse(this._texts[member]);
    }
}

const kNoFlow = new Flow({});

class Runtime extends EngineProcess {

    constructor() {
        super('Worker', kLimits);
        this.holdClock = new HoldClock(kLimits.holdMs);
        this._flows = new Map();
    }

    onFrame(frame) {
        switch (frame.t) {
        case 'flow': return void this._flows.set(frame.key, new Flow(frame.flow || {}));
        case 'unflow': return void this._flows.delete(frame.key);
        default: return super.onFrame(frame);
        }
    }

    onHello(frame) {
        super.onHello(frame);
        this.holdClock = new HoldClock(this.limits.holdMs);
    }

    flow(key) {
        return this._flows.get(key) || kNoFlow;
    }

    // The call whose code runs now, or undefined.
    get currentCall() {
        return this._current.getStore();
    }

    onCall(frame) {
        const runner = kRunners.get(frame.m);
        const call = new Call(this, frame);
        this._calls.set(call.id, call);
        if (!runner) {
            call.fail(new Error(`This worker knows no method ${JSON.stringify(frame.m)}`));
            return;
        }
        this._current.run(call, start, runner, call);
    }

    // An error nobody awaits. It is the call's own fault, but its outcome is still to come.
    onUnhandledRejection(reason) {
        const call = this._current.getStore();
        const err = this.failure(reason);
        if (!call) {
            process.stderr.write(`Unhandled rejection outside any call: ${err.stack || err.message}\n`);
            return;
        }
        call.log('error', `A promise that nobody awaits was rejected: ${err.message}`, err);
    }

    // An error thrown from a callback: its call would never settle, so it fails now. Other calls go on.
    onUncaughtException(thrown) {
        const call = this._current.getStore();
        const err = this.failure(thrown);
        if (!call) {
            process.stderr.write(`Uncaught exception outside any call: ${err.stack || err.message}\n`);
        } else if (call.settled) {
            call.log('error', `An error was thrown after the call had ended: ${err.message}`, err);
        } else {
            call.fail(thrown);
        }
    }
}

function start(runner, call) {
    try {
        const result = runner(call);
        if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
            result.then(value => finish(call, value), err => call.fail(err));
        } else {
            finish(call, result);
        }
    } catch (err) {
        call.fail(err);
    }
}

// What a component's method returns is ignored; only our own runners have a value.
function finish(call, value) {
    call.done(call.component === null || call.isStatic ? value : undefined);
}

module.exports = { Runtime };

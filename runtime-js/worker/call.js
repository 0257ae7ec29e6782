'use strict';

// One call of a component: what it sends, what it asks the engine, and how it ends.
//
// Delivery: sends of a held call commit with its completion or when flushed (see emissions.js); a failed call drops what
// it still holds. After the call settled its sends are dropped and reported; after a `cancel` they are refused, so that a component
// that hands on what others keep for it (and acknowledges only what is sent) learns that it is not.

const { Emissions } = require('./emissions');
const { failureKind, errorFromReply } = require('./failure');
const { CancelError } = require('./context/cancel_error');

const kMaxValueBytes = 31 * 1024 * 1024;
const kResolved = Promise.resolve();

const cancelError = () => new CancelError('The call was cancelled by the engine');

class Call {

    constructor(runtime, frame) {
        this.runtime = runtime;
        this.frame = frame;
        this.id = frame.id;
        this.component = null;
        this.settled = false;
        this.cancelled = false;
        this.tookUrl = false;
        this.isStatic = frame.m === 'static';
        this.collected = this.isStatic ? Object.create(null) : null;
        this.collectedOnce = this.isStatic ? new Set() : null;
        this._held = frame.held === true;
        this._emissions = new Emissions(frame.id, runtime.channel, runtime.holdClock, runtime.limits);
        this._pending = null;
        this._atEnd = null;
        this._began = performance.now();
        this._q = 0;
        this._response = '';
        this._reportedLateSend = false;
    }

    // When the engine ends the call, in the time of performance.now().
    get deadline() {
        return this._began + (this.frame.deadlineMs ?? Infinity);
    }

    // fn() is called once the call has ended, however it did. Answers what takes that back.
    atEnd(fn) {
        this._atEnd ??= new Set();
        this._atEnd.add(fn);
        return () => this._atEnd.delete(fn);
    }

    _ended() {
        this.settled = true;
        this._atEnd?.forEach(fn => fn());
    }

    // The flow the call belongs to; its members must be copied before a component may touch them.
    get flow() {
        return this.runtime.flow(this.frame.flow);
    }

    // Takes one send as JSON text. Resolves when it is safe to go on.
    emit(send) {
        if (this.cancelled) {
            return Promise.reject(cancelError());
        }
        if (this.settled) {
            return this._dropLateSend(send);
        }
        if (!this._held) {
            return this.emitNow(send);
        }
        this._flushResponse();
        this._emissions.hold(send);
        return this.runtime.channel.congested ? this.runtime.channel.drained() : kResolved;
    }

    // sends: the inside of a JSON array. Resolves at its commit.
    emitNow(sends) {
        const q = ++this._q;
        this.runtime.channel.write(`{"t":"emit","id":${this.id},"q":${q},"sends":[${sends}]}`);
        return this._awaitReply(q);
    }

    // Takes many sends; those of a call that holds nothing travel in as few frames as the limits allow.
    async emitAll(sends) {
        if (this._held || this.settled) {
            for (const send of sends) {
                const done = this.emit(send);
                if (done !== kResolved) {
                    await done;
                }
            }
            return;
        }
        const { holdCount, holdBytes } = this.runtime.limits;
        let batch = [];
        let size = 0;
        for (const send of sends) {
            if (batch.length > 0 && (batch.length >= holdCount || size + send.length > holdBytes)) {
                await this.emitNow(batch.join(','));
                batch = [];
                size = 0;
            }
            batch.push(send);
            size += send.length;
        }
        if (batch.length > 0) {
            await this.emitNow(batch.join(','));
        }
    }

    // A host call that changes nothing others can see.
    ask(op, args) {
        try {
            return this._host(op, JSON.stringify(args));
        } catch (err) {
            return Promise.reject(err);
        }
    }

    // A host call that writes: what is held leaves first, so that others see both in order.
    tell(op, args) {
        try {
            const text = JSON.stringify(args);
            this._checkSize(text, op);
            this._flushResponse();
            this._emissions.flush();
            return this._host(op, text);
        } catch (err) {
            return Promise.reject(err);
        }
    }

    // What the caller who waits for this path gets. It travels with the completion when that follows at once, otherwise soon by itself.
    respond(args) {
        if (!this._held || this.settled) {
            return this.tell('response', args);
        }
        try {
            const text = JSON.stringify(args);
            this._checkSize(text, 'response');
            this._flushResponse();
            this._response = text;
            setImmediate(() => this._flushResponse());
            return kResolved;
        } catch (err) {
            return Promise.reject(err);
        }
    }

    _flushResponse() {
        const text = this._response;
        if (text !== '' && !this.settled) {
            this._response = '';
            this._emissions.flush();
            this._host('response', text).catch(() => {});
        }
    }

    // Tells that the component's code has run up to its first wait: from now on the call counts against its quota. Nobody replies.
    begun() {
        if (!this.settled) {
            this.runtime.channel.write(`{"t":"host","id":${this.id},"q":${++this._q},"op":"begun","a":{}}`);
        }
    }

    _checkSize(text, what) {
        const limit = this.runtime.limits.documentBytes;
        if (text.length * 3 > limit && Buffer.byteLength(text) > limit) {
            throw new CancelError(`The value given to ${what} is larger than ${limit} bytes; store less in one call`);
        }
    }

    _host(op, args) {
        if (this.settled) {
            return this._hostAfterEnd(op, args);
        }
        const q = ++this._q;
        this.runtime.channel.write(`{"t":"host","id":${this.id},"q":${q},"op":"${op}","a":${args}}`);
        return this._awaitReply(q);
    }

    // The engine has forgotten the call. Giving a lock back is still worth the try; nothing answers it.
    _hostAfterEnd(op, args) {
        if (op === 'lockRelease' && !this.cancelled) {
            this.runtime.channel.write(`{"t":"host","id":${this.id},"q":${++this._q},"op":"${op}","a":${args}}`);
            return Promise.resolve({});
        }
        return Promise.reject(new Error(`The call has ended; ${op} came too late`));
    }

    _awaitReply(q) {
        return new Promise((resolve, reject) => {
            this._pending ??= new Map();
            this._pending.set(q, { resolve, reject });
        });
    }

    onReply(frame) {
        const waiting = this._pending && this._pending.get(frame.q);
        if (!waiting) {
            return;
        }
        this._pending.delete(frame.q);
        if (frame.err !== undefined && frame.err !== null) {
            waiting.reject(errorFromReply(frame.err));
        } else {
            waiting.resolve(frame.ok);
        }
        if (this.settled && this._pending.size === 0) {
            this.runtime.forget(this);
        }
    }

    log(level, message, data) {
        if (!this.cancelled) {
            this.runtime.channel.send({ t: 'log', id: this.id, level, message, data });
        }
    }

    // Reported once: a loop may send thousands.
    _dropLateSend(send) {
        if (!this._reportedLateSend) {
            this._reportedLateSend = true;
            const { port } = JSON.parse(send);
            this.log('error', `A message sent to port ${port} after the call had ended was dropped; await what sends it`);
        }
        return kResolved;
    }

    // Ends the call well. value: result of static, auth and inspect calls.
    done(value) {
        if (this.settled) {
            return;
        }
        let tail = this.tookUrl ? ',"url":true' : '';
        if (value !== undefined) {
            const text = JSON.stringify(value);
            if (text !== undefined && text.length * 3 > kMaxValueBytes && Buffer.byteLength(text) > kMaxValueBytes) {
                this.fail(new CancelError(`The result is larger than ${kMaxValueBytes} bytes`));
                return;
            }
            tail += text === undefined ? '' : `,"value":${text}`;
        }
        if (this._response !== '') {
            tail += `,"response":${this._response}`;
        }
        const sends = this._emissions.take();
        this.runtime.channel.write(`{"t":"done","id":${this.id},"sends":[${sends}]${tail}}`);
        this._settle();
    }

    // Ends the call badly, whatever was thrown.
    fail(thrown) {
        if (this.settled) {
            return;
        }
        this._flushResponse();
        this._emissions.take();
        this.runtime.channel.send({ t: 'fail', id: this.id, kind: failureKind(thrown), err: this.runtime.failure(thrown) });
        this._settle();
    }

    // The attempt is fenced: nothing of it counts any more.
    cancel() {
        this._ended();
        this.cancelled = true;
        this._emissions.take();
        const waiting = this._pending ? [...this._pending.values()] : [];
        this._pending = null;
        for (const { reject } of waiting) {
            reject(cancelError());
        }
        this.runtime.forget(this);
    }

    _settle() {
        this._ended();
        if (!this._pending || this._pending.size === 0) {
            this.runtime.forget(this);
        }
    }
}

module.exports = { Call, kResolved };

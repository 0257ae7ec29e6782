'use strict';

// One call of the engine: what its code asks the engine, and how it ends. A plugin's own call (`m: plugin`) lasts as long as the plugin.
//
// Errors: host calls of a call that has ended reject; those still open when the engine cancels the call reject too.

const { failureKind, errorFromReply } = require('../worker/failure');

const kFrameBytes = 64 * 1024;

class Call {

    constructor(host, frame) {
        this.host = host;
        this.id = frame.id;
        this.ended = false;
        this.cancelled = false;
        this._atEnd = [];
        this._pending = new Map();
        this._q = 0;
    }

    // A host call. Resolves with the engine's answer.
    ask(op, args) {
        return new Promise((resolve, reject) => {
            if (this.ended) {
                throw new Error(`The call has ended; ${op} came too late`);
            }
            const text = JSON.stringify(args);
            this._checkSize(text, op);
            const q = ++this._q;
            this._pending.set(q, { resolve, reject });
            this.host.channel.write(`{"t":"host","id":${this.id},"q":${q},"op":"${op}","a":${text}}`);
        });
    }

    // The worker's context groups tell reading and writing host calls apart; nothing is held back here.
    tell(op, args) {
        return this.ask(op, args);
    }

    _checkSize(text, op) {
        const limit = this.host.limits.documentBytes + kFrameBytes;
        if (text.length * 3 > limit && Buffer.byteLength(text) > limit) {
            throw new Error(`The value given to ${op} is larger than ${this.host.limits.documentBytes} bytes`);
        }
    }

    onReply(frame) {
        const waiting = this._pending.get(frame.q);
        if (!waiting) {
            return;
        }
        this._pending.delete(frame.q);
        if (frame.err !== undefined && frame.err !== null) {
            waiting.reject(errorFromReply(frame.err));
        } else {
            waiting.resolve(frame.ok);
        }
    }

    // tell() is called once, however the call ends.
    atEnd(tell) {
        this._atEnd.push(tell);
    }

    log(level, message, data) {
        if (!this.cancelled) {
            this.host.channel.send({ t: 'log', id: this.id, level, message, data });
        }
    }

    // Ends the call well.
    done(value) {
        if (!this.ended) {
            this.host.channel.send({ t: 'done', id: this.id, sends: [], value });
            this._end('The call has ended');
        }
    }

    // Ends the call badly, whatever was thrown.
    fail(thrown, kind = failureKind(thrown)) {
        if (!this.ended) {
            this.host.channel.send({ t: 'fail', id: this.id, kind, err: this.host.failure(thrown) });
            this._end('The call has ended');
        }
    }

    // The engine wants no more of it.
    cancel() {
        if (!this.ended) {
            this.cancelled = true;
            this._end('The call was cancelled by the engine');
        }
    }

    _end(reason) {
        this.ended = true;
        this.host.forget(this);
        const waiting = [...this._pending.values()];
        this._pending.clear();
        this._atEnd.forEach(tell => tell());
        for (const { reject } of waiting) {
            reject(new Error(reason));
        }
    }
}

module.exports = { Call };

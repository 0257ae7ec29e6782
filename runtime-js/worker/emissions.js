'use strict';

// Sends a call holds back (R2): they commit with its completion, or earlier, in order, before a write that
// others can see, at `holdCount` sends or `holdBytes`, and `holdMs` after the first one.

// Flushes what has been held for too long. One timer serves all calls of the process.
class HoldClock {

    constructor(holdMs) {
        this._holdMs = holdMs;
        this._holding = new Set();
        this._timer = null;
        this._onTimer = this._onTimer.bind(this);
    }

    add(emissions) {
        emissions.since = performance.now();
        this._holding.add(emissions);
        if (this._timer === null) {
            this._timer = setTimeout(this._onTimer, this._holdMs);
        }
    }

    remove(emissions) {
        this._holding.delete(emissions);
    }

    _onTimer() {
        this._timer = null;
        const now = performance.now();
        for (const emissions of this._holding) {
            const remaining = emissions.since + this._holdMs - now;
            if (remaining > 0.5) {
                this._timer = setTimeout(this._onTimer, remaining);
                return;
            }
            emissions.flush();
        }
    }
}

class Emissions {

    constructor(id, channel, clock, limits) {
        this._id = id;
        this._channel = channel;
        this._clock = clock;
        this._limits = limits;
        this._sends = [];
        this._size = 0;
        this.since = 0;
    }

    // send: one send as JSON text.
    hold(send) {
        this._sends.push(send);
        this._size += send.length;
        if (this._sends.length >= this._limits.holdCount || this._size >= this._limits.holdBytes) {
            this.flush();
        } else if (this._sends.length === 1) {
            this._clock.add(this);
        }
    }

    flush() {
        if (this._sends.length > 0) {
            this._channel.write(`{"t":"emit","id":${this._id},"sends":[${this.take()}]}`);
        }
    }

    // Hands out what is held, as the inside of a JSON array, and forgets it.
    take() {
        if (this._sends.length === 0) {
            return '';
        }
        const text = this._sends.length === 1 ? this._sends[0] : this._sends.join(',');
        this._sends.length = 0;
        this._size = 0;
        this._clock.remove(this);
        return text;
    }
}

module.exports = { Emissions, HoldClock };

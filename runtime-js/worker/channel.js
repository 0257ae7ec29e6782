'use strict';

// The frame codec over one duplex stream: a JSON object per line, both ways.
//
// Reading keeps unfinished lines as a list of chunks, so a large frame is copied once.
// Writing collects the frames of one turn of the event loop and hands them over in one write.
// Errors: a line that is not JSON, or is longer than 32 MiB, is a broken peer: `onBroken` is called.

const kMaxFrameBytes = 32 * 1024 * 1024;
const kCongestedBytes = 8 * 1024 * 1024;
const kNewline = 10;

class Channel {

    // handlers: { onFrame(frame), onBroken(reason), onClosed() }
    constructor(socket, handlers) {
        this._socket = socket;
        this._handlers = handlers;
        this._parts = [];
        this._partBytes = 0;
        this._out = [];
        this._outBytes = 0;
        this._flushScheduled = false;
        this._drained = null;
        this._flush = this._flush.bind(this);
        socket.on('data', chunk => this._onData(chunk));
        socket.on('end', () => handlers.onClosed());
        socket.on('close', () => handlers.onClosed());
        socket.on('error', () => handlers.onClosed());
    }

    // text: one frame as JSON text without a newline.
    write(text) {
        this._out.push(text);
        this._outBytes += text.length;
        if (!this._flushScheduled) {
            this._flushScheduled = true;
            setImmediate(this._flush);
        }
    }

    send(frame) {
        this.write(JSON.stringify(frame));
    }

    // True when the peer reads more slowly than we write.
    get congested() {
        return this._outBytes + this._socket.writableLength > kCongestedBytes;
    }

    // Resolves when the peer has caught up.
    drained() {
        if (!this._drained) {
            this._drained = new Promise(resolve => this._whenDrained(resolve));
        }
        return this._drained;
    }

    _whenDrained(resolve) {
        this._flush();
        const done = () => {
            this._drained = null;
            resolve();
        };
        if (this._socket.writableNeedDrain) {
            this._socket.once('drain', done);
        } else {
            setImmediate(done);
        }
    }

    _flush() {
        this._flushScheduled = false;
        if (this._out.length === 0) {
            return;
        }
        const text = this._out.length === 1 ? this._out[0] + '\n' : this._out.join('\n') + '\n';
        this._out.length = 0;
        this._outBytes = 0;
        this._socket.write(text);
    }

    _onData(chunk) {
        let start = 0;
        let end = chunk.indexOf(kNewline);
        while (end !== -1) {
            this._onLine(this._lineText(chunk, start, end));
            start = end + 1;
            end = chunk.indexOf(kNewline, start);
        }
        if (start < chunk.length) {
            this._keep(start === 0 ? chunk : chunk.subarray(start));
        }
    }

    _lineText(chunk, start, end) {
        if (this._parts.length === 0) {
            return chunk.toString('utf8', start, end);
        }
        this._parts.push(chunk.subarray(start, end));
        const text = Buffer.concat(this._parts).toString('utf8');
        this._parts = [];
        this._partBytes = 0;
        return text;
    }

    _keep(part) {
        this._parts.push(part);
        this._partBytes += part.length;
        if (this._partBytes > kMaxFrameBytes) {
            this._parts = [];
            this._handlers.onBroken(`a frame is longer than ${kMaxFrameBytes} bytes`);
        }
    }

    _onLine(text) {
        if (text === '') {
            return;
        }
        let frame;
        try {
            frame = JSON.parse(text);
        } catch (err) {
            this._handlers.onBroken(`a frame is not JSON: ${err.message}`);
            return;
        }
        if (frame === null || typeof frame !== 'object') {
            this._handlers.onBroken('a frame is not a JSON object');
            return;
        }
        this._handlers.onFrame(frame);
    }
}

module.exports = { Channel, kMaxFrameBytes };

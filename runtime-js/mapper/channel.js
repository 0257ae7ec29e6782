'use strict';

// NDJSON over file descriptor 3: one JSON object per line, 32 MiB at most (protocol/README.md).
// A line that is too long or is no JSON object ends the conversation: `onBroken` gets the reason.

const net = require('node:net');

const FRAME_BYTES = 32 * 1024 * 1024;
const NEWLINE = 10;

class Channel {
    constructor({ fd = 3, onFrame, onEnd, onBroken }) {
        this.onFrame = onFrame;
        this.onBroken = onBroken;
        this.parts = [];
        this.bytes = 0;
        this.socket = new net.Socket({ fd, readable: true, writable: true });
        this.socket.on('data', chunk => this.take(chunk));
        this.socket.on('end', onEnd);
        this.socket.on('error', onEnd);
    }

    send(text) {
        this.socket.write(text + '\n');
    }

    take(chunk) {
        let from = 0;
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
            this.keep(chunk.subarray(from, at));
            this.deliver();
            from = at + 1;
        }
        this.keep(chunk.subarray(from));
    }

    keep(bytes) {
        if (bytes.length === 0) return;
        this.parts.push(bytes);
        this.bytes += bytes.length;
        if (this.bytes > FRAME_BYTES) this.onBroken(`a frame is longer than ${FRAME_BYTES} bytes`);
    }

    deliver() {
        const line = Buffer.concat(this.parts, this.bytes).toString('utf8');
        this.parts = [];
        this.bytes = 0;
        let frame;
        try {
            frame = JSON.parse(line);
        } catch (err) {
            this.onBroken(`a frame is not JSON: ${err.message}`);
            return;
        }
        if (frame === null || typeof frame !== 'object' || Array.isArray(frame)) {
            this.onBroken('a frame is not a JSON object');
            return;
        }
        this.onFrame(frame);
    }
}

module.exports = { Channel, FRAME_BYTES };

'use strict';

// A mapper process as the engine starts it: frames over file descriptor 3.

const { spawn } = require('node:child_process');
const path = require('node:path');
const { StringDecoder } = require('node:string_decoder');
const { once } = require('node:events');

const MAIN = path.join(__dirname, '../../mapper/main.js');

class MapperProcess {
    constructor() {
        this.child = spawn(process.execPath, [MAIN], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: {} });
        this.stderr = '';
        this.child.stderr.on('data', chunk => { this.stderr += chunk; });
        this.wire = this.child.stdio[3];
        this.wire.on('error', () => {});
        this.waiting = [];
        this.frames = [];
        this.decoder = new StringDecoder('utf8');
        this.text = '';
        this.wire.on('data', chunk => this.take(chunk));
        this.exited = once(this.child, 'exit').then(([code]) => code);
        this.nextId = 1;
    }

    // Only a line feed ends a frame; readline would also cut at U+2028.
    take(chunk) {
        const lines = (this.text + this.decoder.write(chunk)).split('\n');
        this.text = lines.pop();
        for (const line of lines) {
            const frame = JSON.parse(line);
            if (this.waiting.length > 0) this.waiting.shift()(frame);
            else this.frames.push(frame);
        }
    }

    send(frame) {
        this.wire.write(JSON.stringify(frame) + '\n');
    }

    receive() {
        if (this.frames.length > 0) return Promise.resolve(this.frames.shift());
        return new Promise(resolve => this.waiting.push(resolve));
    }

    async start() {
        this.send({ t: 'hello', protocol: 1 });
        return this.receive();
    }

    call(frame) {
        this.send({ id: this.nextId++, ...frame });
        return this.receive();
    }

    map(members) {
        return this.call({ t: 'map', ...members });
    }

    async stop() {
        this.wire.end();
        return this.exited;
    }
}

module.exports = { MapperProcess };

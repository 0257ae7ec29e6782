'use strict';

// What a worker and a plugin host have in common: the engine at the other end of file descriptor 3, the revision it names in its
// hello, and the frames that are not about calls (protocol/README.md, section 1). A subclass has `onCall(frame)`.
//
// Which call or plugin a stray error belongs to is told by the async context its code runs in (`_current`).

const { AsyncLocalStorage } = require('node:async_hooks');
const net = require('node:net');
const path = require('node:path');

const { Channel } = require('./worker/channel');
const { Loader } = require('./worker/loader');
const { boundOutput } = require('./worker/output');
const { serialiseFailure } = require('./worker/failure');

const kChannelFd = 3;
const kProtocol = 1;

class EngineProcess {

    // name: for people, "Worker". limits: what holds where the engine's hello says nothing.
    constructor(name, limits) {
        this.name = name;
        this.limits = limits;
        this.channel = null;
        this.loader = null;
        this.revision = '';
        this.apiUrl = '';
        this.gridInstanceId = '';
        this._calls = new Map();
        this._current = new AsyncLocalStorage();
    }

    // Ends the process with an error.
    die(reason) {
        process.stderr.write(`${this.name} ends: ${reason}\n`, () => process.exit(1));
    }

    // sink(): who takes what is written to stdout and stderr just now (worker/output.js), or undefined.
    listen(sink) {
        this.channel = new Channel(new net.Socket({ fd: kChannelFd, readable: true, writable: true }), {
            onFrame: frame => this.onFrame(frame),
            onBroken: reason => this.die(reason),
            onClosed: () => process.exit(0)
        });
        boundOutput(process.stdout, 'stdout', sink);
        boundOutput(process.stderr, 'stderr', sink);
        process.on('unhandledRejection', reason => this.onUnhandledRejection(reason));
        process.on('uncaughtException', err => this.onUncaughtException(err));
    }

    onFrame(frame) {
        switch (frame.t) {
        case 'call': return this._takeCall(frame);
        case 'reply': return this._calls.get(frame.id)?.onReply(frame);
        case 'cancel': return this._calls.get(frame.id)?.cancel();
        case 'ping': return this._onPing(frame);
        case 'hello': return this.onHello(frame);
        default: return this.die(`unknown frame type ${JSON.stringify(frame.t)}`);
        }
    }

    onHello(frame) {
        if (frame.protocol !== kProtocol) {
            this.die(`the engine speaks protocol ${frame.protocol}, this ${this.name.toLowerCase()} speaks ${kProtocol}`);
            return;
        }
        this.limits = { ...this.limits, ...frame.limits };
        this.loader = new Loader(frame.root);
        this.revision = String(frame.revision || '');
        this.apiUrl = String(frame.apiUrl || '').replace(/\/+$/, '');
        this.gridInstanceId = frame.gridInstanceId || '';
        this.channel.send({ t: 'ready', node: process.versions.node });
    }

    // Whatever was thrown, as it travels; stacks name files as seen from the revision.
    failure(thrown) {
        const failure = serialiseFailure(thrown);
        if (failure.stack && this.loader) {
            failure.stack = failure.stack.replaceAll(this.loader.root + path.sep, '');
        }
        return failure;
    }

    forget(call) {
        this._calls.delete(call.id);
    }

    _takeCall(frame) {
        if (!this.loader || !Number.isSafeInteger(frame.id) || this._calls.has(frame.id)) {
            this.die('a call came before hello, or without a number of its own as id');
            return;
        }
        this.onCall(frame);
    }

    _onPing(frame) {
        const { heapUsed, rss } = process.memoryUsage();
        this.channel.send({ t: 'pong', n: frame.n, heap: heapUsed, rss });
    }
}

module.exports = { EngineProcess };

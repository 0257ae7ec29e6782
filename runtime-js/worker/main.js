'use strict';

// A connector worker: runs the components of one revision for the engine at the other end of file descriptor 3.
// The wire is described in protocol/README.md. stdout and stderr belong to the components.

const path = require('node:path');
const net = require('node:net');
const { Module } = require('node:module');

const kChannelFd = 3;

// Modules that connectors use without declaring them come from beside this file.
function offerAmbientModules() {
    const folders = [path.join(__dirname, '..', 'ambient'), path.join(__dirname, '..', 'node_modules')];
    const given = (process.env.NODE_PATH || '').split(path.delimiter).filter(Boolean);
    process.env.NODE_PATH = [...new Set([...folders, ...given])].join(path.delimiter);
    Module._initPaths();
}

function die(reason) {
    process.stderr.write(`Worker ends: ${reason}\n`, () => process.exit(1));
}

function main() {
    offerAmbientModules();
    const { Channel } = require('./channel');
    const { Runtime } = require('./runtime');
    const { boundOutput } = require('./output');
    const runtime = new Runtime(die);
    const socket = new net.Socket({ fd: kChannelFd, readable: true, writable: true });
    runtime.channel = new Channel(socket, {
        onFrame: frame => runtime.onFrame(frame),
        onBroken: die,
        onClosed: () => process.exit(0)
    });
    boundOutput(process.stdout, 'stdout', () => runtime.currentCall);
    boundOutput(process.stderr, 'stderr', () => runtime.currentCall);
    process.on('unhandledRejection', reason => runtime.onUnhandledRejection(reason));
    process.on('uncaughtException', err => runtime.onUncaughtException(err));
}

main();

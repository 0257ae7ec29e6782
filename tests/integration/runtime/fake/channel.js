'use strict';

// Frames over descriptor 3, for processes that do as they are told by the test.

const net = require('node:net');

function open(onFrame) {
    const socket = new net.Socket({ fd: 3, readable: true, writable: true });
    let parts = [];
    socket.setEncoding('utf8');
    socket.on('data', text => {
        const lines = text.split('\n');
        parts.push(lines.shift());
        for (const next of lines) {
            onFrame(JSON.parse(parts.join('')));
            parts = [next];
        }
    });
    socket.on('close', () => process.exit(0));
    const send = frame => socket.write(JSON.stringify(frame) + '\n');
    return { socket, send };
}

module.exports = { open };

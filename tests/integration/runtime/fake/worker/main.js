'use strict';

// A worker that does what the member `act` of a call says.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const { open } = require('../channel');

const flows = new Map();
const forgotten = [];
const cancelled = [];
const held = [];

function done(id, value) {
    send({ t: 'done', id, sends: [], value });
}

const acts = {
    echo: frame => done(frame.id, { frame, flow: flows.get(frame.flow), flows: flows.size, forgotten, cancelled }),
    environment: frame => done(frame.id, { env: process.env, cwd: process.cwd(), uid: process.getuid() }),
    pid: frame => done(frame.id, process.pid),
    fail: frame => send({ t: 'fail', id: frame.id, kind: 'validation', err: { name: 'E', message: 'bad input' } }),
    sends: frame => send({ t: 'done', id: frame.id, sends: [{ port: 'out', payload: { n: 1 } }], url: true }),
    host: frame => send({ t: 'host', id: frame.id, q: 1, op: 'stateGet', a: { key: 'k' } }),
    emit: frame => send({ t: 'emit', id: frame.id, q: 1, sends: [{ port: 'out', payload: 1 }] }),
    log: frame => {
        send({ t: 'log', id: frame.id, level: 'info', message: 'said', data: { a: 1 } });
        done(frame.id);
    },
    hold: frame => held.push(frame.id),
    release: frame => [...held.splice(0), frame.id].forEach(id => done(id, 'released')),
    twice: frame => [1, 2].forEach(n => done(frame.id, n)),
    exit: () => {
        fs.writeSync(2, 'boom\n');
        process.exit(3);
    },
    block: () => {
        for (;;);
    },
    raw: frame => socket.write(frame.text + '\n'),
    huge: () => socket.write('x'.repeat(33 * 1024 * 1024)),
    close: () => socket.end(),
    deafen: () => socket.pause(),
    // One child in our session, one that has left it.
    fork: frame => {
        const script = 'sleep 1000 >/dev/null 2>&1 & echo $!; setsid sh -c "sleep 1000 >/dev/null 2>&1 & echo \\$!"';
        const { stdout } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
        done(frame.id, stdout.trim().split('\n').map(Number));
    },
    flood: frame => {
        const part = 'y'.repeat(1024 * 1024) + '\n';
        for (let i = 0; i < 100; i++) {
            process.stdout.write(part);
        }
        done(frame.id);
    }
};

const handlers = {
    hello: frame => {
        if (frame.root.endsWith('dies')) {
            process.exit(9);
        }
        if (!frame.root.endsWith('sleeps')) {
            send({ t: 'ready', node: process.version });
        }
    },
    flow: frame => flows.set(frame.key, frame.flow),
    unflow: frame => {
        flows.delete(frame.key);
        forgotten.push(frame.key);
    },
    call: frame => acts[frame.act](frame),
    reply: frame => done(frame.id, frame.ok ?? frame.err),
    cancel: frame => cancelled.push(frame.id),
    ping: frame => send({ t: 'pong', n: frame.n, heap: 1, rss: 1 })
};

const { socket, send } = open(frame => handlers[frame.t](frame));

'use strict';

// A component that misbehaves on request.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const acts = {
    echo: (context, content) => context.sendJson({ got: content }, 'out'),
    throw: () => {
        throw new Error('no luck');
    },
    throwText: () => {
        throw 'just text';
    },
    state: async context => context.sendJson({ state: await context.stateGet('k') }, 'out'),
    loop: () => {
        for (;;);
    },
    allocate: () => {
        const all = [];
        for (;;) {
            all.push(new Array(100000).fill(all.length));
        }
    },
    allocateBuffers: () => {
        const all = [];
        for (;;) {
            all.push(Buffer.alloc(64 * 1024 * 1024, 1));
        }
    },
    never: () => new Promise(() => {}),
    flood: context => {
        const line = 'x'.repeat(1023) + '\n';
        for (let i = 0; i < 100 * 1024; i++) {
            process.stdout.write(line);
        }
        return context.sendJson({ flooded: true }, 'out');
    },
    fork: () => {
        spawn('/bin/sh', ['-c', 'setsid sleep 1000 & sleep 1000'], { stdio: 'ignore', detached: true });
        return new Promise(() => {});
    },
    places: context => {
        const found = {};
        for (const place of ['/etc/shadow', '/root', '/proc/1/environ', __filename]) {
            try {
                fs.accessSync(place, fs.constants.R_OK);
                found[place === __filename ? 'own' : place] = true;
            } catch {
                found[place] = false;
            }
        }
        let writesCode = true;
        try {
            fs.writeFileSync(path.join(__dirname, 'written'), 'x');
        } catch {
            writesCode = false;
        }
        fs.writeFileSync(path.join(process.env.TMPDIR, 'mine'), 'x');
        return context.sendJson({ found, writesCode, uid: process.getuid() }, 'out');
    }
};

module.exports = {
    receive(context) {
        const { content } = context.messages.in;
        return acts[content.act](context, content);
    }
};

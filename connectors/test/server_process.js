'use strict';

const fs = require('node:fs');
const { spawn } = require('node:child_process');

const READY_TIMEOUT_MS = 60000;
const OUTPUT_KEPT = 16 * 1024;
const SETPRIV = '/usr/bin/setpriv';

/**
 * Starts a server program and waits until its output holds what `ready` looks for. Resolves to {found, stop}: the match,
 * and what ends the process, by its id. It ends with the test process too, also when that was killed.
 */
module.exports = async function startServerProcess(program, args, { ready, env = {}, cwd }) {
    const command = fs.existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
    const child = spawn(command[0], command.slice(1), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise(resolve => child.once('exit', resolve));
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    const stop = async () => {
        process.off('exit', kill);
        kill();
        await exited;
    };
    try {
        return { found: await untilReady(child, program, ready), stop };
    } catch (err) {
        kill();
        throw err;
    }
};

function untilReady(child, program, ready) {
    return new Promise((resolve, reject) => {
        let output = '';
        const refuse = why => {
            clearTimeout(timer);
            reject(new Error(`${program} ${why}. Its output:\n${output}`));
        };
        const timer = setTimeout(() => refuse('was not ready in time'), READY_TIMEOUT_MS);
        const read = chunk => {
            output = (output + chunk).slice(-OUTPUT_KEPT);
            const found = ready.exec(output);
            if (found) {
                clearTimeout(timer);
                resolve(found);
            }
        };
        child.stdout.setEncoding('utf8').on('data', read);
        child.stderr.setEncoding('utf8').on('data', read);
        child.once('error', err => refuse(`could not be started (${err.message})`));
        child.once('exit', (code, signal) => refuse(`ended with ${signal ?? code}`));
    });
}

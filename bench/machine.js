'use strict';

const fs = require('node:fs');
const os = require('node:os');
const { execFileSync } = require('node:child_process');

const { ROOT } = require('../tests/e2e/server');

/** What the numbers were measured on. */
module.exports = function machine() {
    const cpus = os.cpus();
    const debian = fs.existsSync('/etc/debian_version') ? `Debian ${fs.readFileSync('/etc/debian_version', 'utf8').trim()}` : os.version();
    return {
        cpu: cpus[0]?.model ?? 'unknown',
        cores: cpus.length,
        memoryGiB: Math.round(os.totalmem() / 2 ** 30),
        system: `${debian}, Linux ${os.release()}`,
        node: process.version,
        commit: commit(),
        date: new Date().toISOString()
    };
};

function commit() {
    try {
        return execFileSync('git', ['-C', ROOT, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch (err) {
        return null;
    }
}

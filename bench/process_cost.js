'use strict';

const fs = require('node:fs');
const { execFileSync } = require('node:child_process');

const { processTree } = require('../tests/e2e/server');

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function read(file) {
    try {
        return fs.readFileSync(file, 'utf8');
    } catch (err) {
        return '';
    }
}

/** CPU time in ms that a process and all below it have used, children that have ended included. */
function cpuMs(root) {
    let ticks = 0;
    for (const pid of processTree(root)) {
        const stat = read(`/proc/${pid}/stat`);
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // utime, stime, cutime, cstime
        ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field || 0), 0);
    }
    return ticks * 1000 / TICKS_PER_SECOND;
}

/** CPU time in ms by program name within the tree, to see where a message's cost goes. */
function cpuMsByProgram(root) {
    const by = {};
    for (const pid of processTree(root)) {
        const stat = read(`/proc/${pid}/stat`);
        if (stat) {
            const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
            const line = read(`/proc/${pid}/cmdline`);
            const program = /(worker|mapper)\/main\.js/.exec(line)?.[1] ?? (pid === root ? 'server' : stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')));
            by[program] = (by[program] ?? 0) + (Number(fields[11]) + Number(fields[12])) * 1000 / TICKS_PER_SECOND;
        }
    }
    return by;
}

/** Proportional set size in MiB of one process. */
function pssOf(pid) {
    return Number(/^Pss: +(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
}

/** The same of a process and all below it. */
function pssMiB(root) {
    return processTree(root).reduce((sum, pid) => sum + pssOf(pid), 0);
}

/** The same of a process and the largest single one below it: a server and one worker. */
function pssWithLargestMiB(root) {
    const below = processTree(root).filter(pid => pid !== root).map(pssOf);
    return pssOf(root) + Math.max(0, ...below);
}

module.exports = { cpuMs, cpuMsByProgram, pssMiB, pssOf, pssWithLargestMiB };

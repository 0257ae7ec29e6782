'use strict';

/**
 * What it costs to have all these connectors installed: from start to ready, memory at rest, disk; the first call of a cold connector;
 * and many connectors under load at once. Measured with static calls that components answer without an account or the network: those
 * that list their own output fields.
 */

const fs = require('node:fs');
const path = require('node:path');

const { processTree } = require('../e2e/server');

const HOT_CONNECTORS = 20;
const HOT_MS = 20000;
const CALLERS = 4;
const QUICK_MS = 100;

const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Bytes of a process that are its own, or its share of what it has in common with others. */
function proportionalBytes(pid) {
    try {
        return Number(/^Pss:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024;
    } catch {
        return 0; // it has just ended
    }
}

/** Bytes that a folder takes on the disk, files with several names once. */
function diskBytes(folder, seen = new Set()) {
    let sum = 0;
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        const { ino, blocks } = fs.lstatSync(file);
        if (!seen.has(ino)) {
            seen.add(ino);
            sum += blocks * 512;
        }
        sum += entry.isDirectory() ? diskBytes(file, seen) : 0;
    }
    return sum;
}

const listsItsFields = ({ outPorts = [] }) => outPorts.find(({ source }) => source?.data?.properties?.generateOutputPortOptions === true);

/** One call of each connector that has a component which lists its own fields. */
function callsOf(manifests, components) {
    const calls = new Map();
    for (const { type, bundle, loads } of components) {
        const manifest = manifests.get(type);
        const port = loads && !calls.has(bundle) && listsItsFields(manifest);
        if (port) {
            const address = `/component/${type.replaceAll('.', '/')}?outPort=${port.name}`;
            calls.set(bundle, { bundle, address, json: { properties: { generateOutputPortOptions: true } } });
        }
    }
    return [...calls.values()];
}

async function timed(client, { address, json }) {
    const began = performance.now();
    const { status } = await client.call('POST', address, { json });
    return { ms: performance.now() - began, answered: status === 200 };
}

async function coldCalls(client, calls) {
    const results = [];
    for (const call of calls) {
        results.push({ ...await timed(client, call), call });
    }
    return results.filter(({ answered }) => answered);
}

/** Workers without the sandboxes around them. */
function workersOf(server) {
    return server.workers().filter(pid => {
        try {
            return path.basename(fs.readlinkSync(`/proc/${pid}/exe`)) === 'node';
        } catch {
            return false; // it has just ended
        }
    });
}

/** Calls that a warm worker answers from memory: the others wait for hosts that nobody reaches from here. */
async function quickOf(client, calls) {
    const quick = [];
    for (const call of calls) {
        const { ms, answered } = await timed(client, call);
        if (answered && ms < QUICK_MS) {
            quick.push(call);
        }
    }
    return quick.slice(0, HOT_CONNECTORS);
}

/** The connector whose calls take longest, and their median in ms. */
function slowestOf(results) {
    const byBundle = Map.groupBy(results, ({ bundle }) => bundle);
    const medians = [...byBundle].map(([bundle, calls]) => ({ bundle, medianMs: median(calls.map(({ ms }) => ms)) }));
    return medians.sort((a, b) => b.medianMs - a.medianMs)[0];
}

/** null where nothing can be called. */
async function underLoad(server, client, candidates) {
    const calls = await quickOf(client, candidates);
    if (calls.length === 0) {
        return null;
    }
    const before = new Set(workersOf(server));
    const end = performance.now() + HOT_MS;
    const results = [];
    let next = 0;
    await Promise.all(Array.from({ length: CALLERS }, async () => {
        while (performance.now() < end) {
            const call = calls[next++ % calls.length];
            results.push({ ...await timed(client, call), bundle: call.bundle });
        }
    }));
    const started = workersOf(server).filter(pid => !before.has(pid)).length;
    return {
        connectors: calls.length, callsPerSecond: Math.round(results.length * 1000 / HOT_MS), unanswered: results.filter(({ answered }) => !answered).length,
        medianMs: median(results.map(({ ms }) => ms)), slowest: slowestOf(results), processesBefore: before.size, processesStarted: started
    };
}

/** `settled(client)`: resolves once the plugins are up or down. The server is started again on the way; gives a client of it, too. */
async function costOf(server, manifests, components, settled) {
    await server.stop();
    await server.start();
    const client = await server.admin();
    await settled(client);
    const processes = processTree(server.pid);
    const memory = processes.map(proportionalBytes);
    const cold = await coldCalls(client, callsOf(manifests, components));
    return {
        startMs: server.startMs, serverBytes: memory[0], otherProcesses: processes.length - 1, otherBytes: memory.slice(1).reduce((a, b) => a + b, 0),
        diskBytes: diskBytes(server.data), coldConnectors: cold.length, coldMedianMs: median(cold.map(({ ms }) => ms)), coldWorstMs: Math.max(...cold.map(({ ms }) => ms)),
        hot: await underLoad(server, client, cold.map(({ call }) => call))
    };
}

const mebibytes = bytes => `${Math.round(bytes / 1048576)} MiB`;

const coldText = ({ coldConnectors, coldMedianMs, coldWorstMs }) =>
    `first call, cold    median ${Math.round(coldMedianMs)} ms, worst ${Math.round(coldWorstMs)} ms, of ${coldConnectors} connectors`;

const hotText = ({ connectors, callsPerSecond, medianMs, slowest, unanswered, processesBefore, processesStarted }) =>
    `under load          ${connectors} connectors, ${callsPerSecond} calls/s, median ${medianMs.toFixed(1)} ms (${slowest.bundle}: ${slowest.medianMs.toFixed(1)} ms), ${unanswered} unanswered; ` +
        `${processesStarted} workers started beside the ${processesBefore} there were`;

/** As text. */
function costText(cost) {
    return [
        `start to ready      ${Math.round(cost.startMs)} ms`,
        `memory at rest      server ${mebibytes(cost.serverBytes)}, ${cost.otherProcesses} other processes (plugins, mapper and their sandboxes) ${mebibytes(cost.otherBytes)}`,
        `disk                ${mebibytes(cost.diskBytes)}`,
        cost.coldConnectors > 0 ? coldText(cost) : 'first call, cold    no connector answers without an account',
        cost.hot ? hotText(cost.hot) : 'under load          no connector answers quickly without an account'
    ].join('\n');
}

module.exports = { costOf, costText };

'use strict';

/**
 * What a full house costs at rest:
 *
 *   node bench/many_flows.js [--flows 10000] [--kind webhook|polling] [--idle-seconds 30] [--out FILE]
 *
 * webhook: so many running flows Webhook → Response; prints start to ready, start to the first webhook answered,
 * and idle CPU. polling: so many running flows with a polling trigger whose tick does nothing, at the default
 * period of 60 s; prints the CPU of a tick and how the ticks spread. The flows are made and started through the
 * REST API. Nothing is asserted.
 */

const fs = require('node:fs');
const path = require('node:path');

const FlowBuilder = require('../tests/e2e/flow_builder');
const machine = require('./machine');
const readOptions = require('./options');
const { bundleZip } = require('../tests/e2e/bundle_zip');
const { cpuMs, cpuMsByProgram, pssMiB } = require('./process_cost');
const { Server } = require('../tests/e2e/server');
const { publishStarters } = require('../tests/e2e/starter_zips');

const DEFAULTS = { flows: 10000, kind: 'webhook', idleSeconds: 30, settleSeconds: 10, concurrency: 32, out: '' };
const USAGE = 'usage: node bench/many_flows.js [--flows 10000] [--kind webhook|polling] [--idle-seconds 30] [--settle-seconds 10] [--concurrency 32] [--out FILE]';
const TICK_PERIOD_MS = 60000;

const POLLING = {
    components: {
        Look: {
            manifest: { trigger: true, tick: true, inPorts: undefined },
            code: "'use strict';\nmodule.exports = { async tick() {} };\n"
        }
    }
};

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

function webhookFlow() {
    const flow = new FlowBuilder();
    const hook = flow.add('patchbay.utils.http.Webhook');
    flow.add('patchbay.utils.http.Response', { from: hook, input: { statusCode: 200, body: { ok: true } } });
    return { flow: flow.descriptor, hook };
}

function pollingFlow() {
    const flow = new FlowBuilder();
    flow.add('bench.polling.core.Look');
    return { flow: flow.descriptor };
}

async function make(admin, { flows, kind, concurrency }) {
    const began = Date.now();
    let made = 0;
    let path;
    const maker = async () => {
        while (made < flows) {
            made += 1;
            const { flow, hook } = kind === 'webhook' ? webhookFlow() : pollingFlow();
            const flowId = await admin.createFlow({ name: `Flow ${made}`, flow });
            await admin.startFlow(flowId);
            path = `/flows/${flowId}/components/${hook}`;
        }
    };
    await Promise.all(Array.from({ length: concurrency }, maker));
    return { seconds: (Date.now() - began) / 1000, path };
}

async function idle(server, seconds) {
    const before = cpuMs(server.pid);
    const by = cpuMsByProgram(server.pid);
    await sleep(seconds * 1000);
    const used = cpuMs(server.pid) - before;
    const after = cpuMsByProgram(server.pid);
    return {
        percentOfACore: used / (seconds * 10),
        cpuMs: used,
        byProgramMs: Object.fromEntries(Object.keys(after).map(program => [program, after[program] - (by[program] ?? 0)])),
        pssMiB: pssMiB(server.pid)
    };
}

async function measure(server, options, path) {
    await server.stop();
    await server.start();
    const result = { startToReadyMs: server.startMs };
    if (options.kind === 'webhook') {
        const began = process.hrtime.bigint();
        const answer = await server.client().call('POST', path, { json: {} });
        result.firstAnswerMs = Number(process.hrtime.bigint() - began) / 1e6;
        result.firstAnswerStatus = answer.status;
    }
    await sleep(options.settleSeconds * 1000);
    result.idle = await idle(server, options.kind === 'webhook' ? options.idleSeconds : 2 * TICK_PERIOD_MS / 1000);
    if (options.kind === 'polling') {
        result.tickCpuUs = result.idle.cpuMs * 1000 / (2 * options.flows);
    }
    return result;
}

async function main() {
    const options = readOptions(process.argv.slice(2), DEFAULTS, USAGE);
    const server = await Server.start({ name: 'many-flows' });
    const admin = await server.admin();
    await publishStarters(admin, 'patchbay.utils.http');
    await admin.publish(bundleZip('bench.polling', POLLING));
    const { seconds, path: hook } = await make(admin, options);
    console.log(`${options.flows} ${options.kind} flows made and started in ${seconds.toFixed(1)} s`);
    const result = await measure(server, options, hook);
    console.log(JSON.stringify(result, null, 2));
    await server.stop();
    const file = path.resolve(options.out || path.join(__dirname, `../build/bench_many_${options.kind}.json`));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ machine: machine(), options, makeSeconds: seconds, ...result }, null, 2) + '\n');
}

main().catch(err => {
    console.error(err.stack);
    process.exit(1);
});

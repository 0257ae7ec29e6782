'use strict';

/**
 * Patchbay against Node-RED, in one run, interleaved:
 *
 *   node bench/run.js [--pairs 5] [--seconds 5] [--connections 1,16,64] [--flows A,B]
 *                     [--memory-wait 60] [--sides patchbay,node-red] [--out FILE]
 *
 * Flow A: webhook in, set one field, respond. Flow B: webhook in, answered at once, three steps, POST to a
 * counting sink. Nothing is asserted: it prints, and writes the same as JSON. See README.md.
 */

const fs = require('node:fs');
const path = require('node:path');

const LoadProcess = require('./load_process');
const NodeRedSide = require('./node_red_side');
const PatchbaySide = require('./patchbay_side');
const machine = require('./machine');
const readOptions = require('./options');
const { cpuMs, cpuMsByProgram, pssMiB, pssWithLargestMiB } = require('./process_cost');
const { median, medians } = require('./statistics');
const { temporaryFolder } = require('../tests/e2e/server');

const SIDES = { patchbay: PatchbaySide, 'node-red': NodeRedSide };
const DEFAULTS = { pairs: 5, seconds: 5, warmUp: 1, connections: [1, 16, 64], flows: ['A', 'B'], memoryWait: 60, sides: ['patchbay', 'node-red'], out: '' };
const USAGE = `usage: node bench/run.js ${Object.entries(DEFAULTS).map(([name, value]) => `[--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)} ${value || 'FILE'}]`).join(' ')}`;

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

class Bench {

    constructor(options) {
        this.options = options;
        this.load = new LoadProcess('http_load.js');
        this.sink = new LoadProcess('sink.js');
        this.messages = 1;
    }

    async run() {
        this.sinkPort = (await this.sink.next()).port;
        const ceiling = await this.ceiling();
        const sides = await this.startSides();
        const rounds = [];
        for (const flow of this.options.flows) {
            for (const connections of this.options.connections) {
                rounds.push(await this.pairs(sides, flow, connections));
            }
        }
        const memory = await this.memory(sides);
        await Promise.all(sides.map(side => side.stop()));
        this.load.end();
        this.sink.end();
        return { machine: machine(), options: this.options, nodeRed: nodeRedVersion(this.options), ceiling, rounds, memory };
    }

    /** What the load generator reaches against a server that does nothing: the sink. */
    async ceiling() {
        const { ok, seconds, cpuMs: cpu } = await this.request({ port: this.sinkPort, paths: ['/'] }, 64, 3);
        await this.sink.order({ order: 'reset' });
        return { rate: ok / seconds, loadCpuUsPerMessage: cpu * 1000 / ok };
    }

    /** Each with a copy of Node of its own, so that no memory is shared with the bench or the other side. */
    async startSides() {
        const folder = temporaryFolder('bench-node');
        const sides = [];
        for (const name of this.options.sides) {
            const node = path.join(folder, `node-${name}`);
            fs.copyFileSync(process.execPath, node);
            fs.chmodSync(node, 0o755);
            sides.push(await SIDES[name].start({ node, sinkPort: this.sinkPort }));
        }
        return sides;
    }

    async pairs(sides, flow, connections) {
        const rows = sides.map(() => []);
        for (let pair = 0; pair < this.options.pairs; pair++) {
            const order = sides.map((side, at) => at);
            for (const at of pair % 2 ? order.reverse() : order) {
                rows[at].push(await this.measure(sides[at], flow, connections));
            }
        }
        const result = { flow, connections, pairs: Object.fromEntries(sides.map((side, at) => [side.constructor.label, rows[at]])) };
        result.median = Object.fromEntries(sides.map((side, at) => [side.constructor.label, medians(rows[at])]));
        if (sides.length === 2) {
            // The ratio of each pair, then the median: what disturbs the machine disturbs both of a pair.
            result.ratio = {
                rate: median(rows[0].map((row, n) => row.rate / rows[1][n].rate)),
                cpu: median(rows[0].map((row, n) => row.cpuUs / rows[1][n].cpuUs)),
                p50: median(rows[0].map((row, n) => row.p50 / rows[1][n].p50)),
                p99: median(rows[0].map((row, n) => row.p99 / rows[1][n].p99))
            };
        }
        print(result);
        return result;
    }

    async measure(side, flow, connections) {
        const run = flow === 'A' ? this.measureA : this.measureB;
        await run.call(this, side, connections, this.options.warmUp);
        return run.call(this, side, connections, this.options.seconds);
    }

    async measureA(side, connections, seconds) {
        const before = cpuMs(side.pid);
        const result = await this.request({ port: side.port, paths: [side.path('A')], expect: '"status":"seen"' }, connections, seconds);
        return {
            rate: result.ok / result.seconds, p50: result.p50, p99: result.p99, messages: result.ok, refused: result.refused, late: result.late,
            cpuUs: (cpuMs(side.pid) - before) * 1000 / result.ok
        };
    }

    /** The clock runs until the last accepted message is at the sink. */
    async measureB(side, connections, seconds) {
        await this.sink.order({ order: 'reset' });
        const before = cpuMs(side.pid);
        const result = await this.request({ port: side.port, paths: [side.path('B')] }, connections, seconds);
        const arrived = await this.arrival(side, result.ok);
        return {
            rate: result.ok / ((arrived.lastUs - result.startedUs) / 1e6), p50: arrived.p50, p99: arrived.p99, messages: result.ok, refused: result.refused, late: result.late,
            cpuUs: (cpuMs(side.pid) - before) * 1000 / result.ok,
            acceptRate: result.ok / result.seconds, acceptP50: result.p50, acceptP99: result.p99, doubles: arrived.posts - arrived.seen
        };
    }

    /** Waits for all messages, as long as some keep coming. */
    async arrival(side, count) {
        let last = -1;
        for (;;) {
            const state = await Promise.race([this.sink.order({ order: 'when', count }), sleep(20000)]);
            if (state) {
                return state;
            }
            const now = await this.sink.order({ order: 'state' });
            if (now.seen >= count) {
                return now;
            }
            if (now.seen === last) {
                throw new Error(`${side.constructor.label}: ${count} messages were accepted, but only ${now.seen} arrived at the sink.`);
            }
            last = now.seen;
        }
    }

    async request(target, connections, seconds) {
        const result = await this.load.order({ ...target, connections, seconds, first: this.messages });
        this.messages += result.sent;
        return result;
    }

    async memory(sides) {
        const { memoryWait } = this.options;
        console.log(`\nMemory ${memoryWait} s after the load (PSS of the process tree):`);
        await sleep(memoryWait * 1000);
        const memory = Object.fromEntries(sides.map(side => [side.constructor.label, pssMiB(side.pid)]));
        for (const side of sides) {
            const cpu = Object.entries(cpuMsByProgram(side.pid)).map(([program, ms]) => `${program} ${(ms / 1000).toFixed(1)} s`);
            console.log(`  ${side.constructor.label.padEnd(9)} ${memory[side.constructor.label].toFixed(1)} MiB, with one worker ${pssWithLargestMiB(side.pid).toFixed(1)} MiB   CPU in all: ${cpu.join(', ')}`);
        }
        if (sides.length === 2) {
            const [ours, theirs] = sides.map(side => memory[side.constructor.label]);
            memory.ratio = ours / theirs;
            memory.ratioWithOneWorker = pssWithLargestMiB(sides[0].pid) / theirs;
            console.log(`  ratio     ${memory.ratio.toFixed(2)}, engine and one worker ${memory.ratioWithOneWorker.toFixed(2)}`);
        }
        return memory;
    }
}

function nodeRedVersion({ sides }) {
    return sides.includes('node-red') ? NodeRedSide.version : null;
}

const ms = us => (us === null ? '-' : (us / 1000).toFixed(us < 10000 ? 2 : 1));

function print({ flow, connections, median: by, ratio }) {
    for (const [label, row] of Object.entries(by)) {
        const accepted = row.acceptRate === undefined ? '' : `   accepted ${Math.round(row.acceptRate)}/s in ${ms(row.acceptP50)} ms`;
        const refused = `${row.refused ? `   refused ${row.refused}` : ''}${row.late ? `   unanswered ${row.late}` : ''}`;
        console.log(`${flow} ${String(connections).padStart(3)}  ${label.padEnd(9)} ${String(Math.round(row.rate)).padStart(7)}/s   p50 ${ms(row.p50).padStart(8)} ms   p99 ${ms(row.p99).padStart(8)} ms   CPU ${row.cpuUs.toFixed(0).padStart(5)} us${accepted}${refused}`);
    }
    if (ratio) {
        console.log(`${flow} ${String(connections).padStart(3)}  ratio     rate ${ratio.rate.toFixed(2)}   p50 ${ratio.p50.toFixed(2)}   p99 ${ratio.p99.toFixed(2)}   CPU ${ratio.cpu.toFixed(2)}`);
    }
}

async function main() {
    const options = readOptions(process.argv.slice(2), DEFAULTS, USAGE);
    const bench = new Bench(options);
    const result = await bench.run();
    const file = path.resolve(options.out || path.join(__dirname, '../build/bench.json'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(result, null, 2) + '\n');
    console.log(`\nLoad generator's ceiling: ${Math.round(result.ceiling.rate)}/s at ${result.ceiling.loadCpuUsPerMessage.toFixed(0)} us of CPU per message. Written: ${path.relative(process.cwd(), file)}`);
}

main().catch(err => {
    console.error(err.stack);
    process.exit(1);
});

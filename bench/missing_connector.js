'use strict';

/**
 * Do messages of a removed connector slow an unrelated flow?
 *
 *   node bench/missing_connector.js [--failing 10000] [--pairs 5] [--seconds 15] [--connections 16] [--out FILE]
 *
 * Flow A answers webhooks all the time. A pair is a measurement of it alone, and one while so many messages of a connector
 * that was removed fail and are tried again at the default delays: each has failed once before, and is due again meanwhile, so that
 * they fail as fast as the server lets them (decision 62). Nothing is asserted.
 */

const fs = require('node:fs');
const path = require('node:path');

const FlowBuilder = require('../tests/e2e/flow_builder');
const LoadProcess = require('./load_process');
const PatchbaySide = require('./patchbay_side');
const machine = require('./machine');
const readOptions = require('./options');
const { bundleZip } = require('../tests/e2e/bundle_zip');
const { until } = require('../tests/e2e/rest_client');
const { cpuMsByProgram } = require('./process_cost');
const { median } = require('./statistics');

const DEFAULTS = { failing: 10000, pairs: 5, seconds: 15, connections: 16, out: '' };
const USAGE = 'usage: node bench/missing_connector.js [--failing 10000] [--pairs 5] [--seconds 15] [--connections 16] [--out FILE]';
const POSTERS = 32;

const GONE = bundleZip('bench.gone', { components: { Pass: { code: "'use strict';\nmodule.exports = { async receive() {} };\n" } } });

class Bench {

    constructor(options) {
        this.options = options;
        this.load = new LoadProcess('http_load.js');
        this.messages = 1;
    }

    async run() {
        this.side = await PatchbaySide.start({ node: process.execPath, sinkPort: 1 });
        await this.makeFlow();
        await this.request(2);
        const rows = { alone: [], beside: [] };
        for (let pair = 0; pair < this.options.pairs; pair++) {
            for (const state of pair % 2 ? ['beside', 'alone'] : ['alone', 'beside']) {
                rows[state].push(await this[state]());
            }
        }
        await this.side.stop();
        this.load.end();
        return { machine: machine(), options: this.options, rows, ratio: print(rows) };
    }

    async makeFlow() {
        await this.side.admin.publish(GONE);
        const flow = new FlowBuilder();
        this.hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        flow.add('bench.gone.core.Pass', { from: this.hook, input: {} });
        this.flowId = await this.side.admin.createFlow({ name: 'Gone', flow: flow.descriptor });
    }

    alone() {
        return this.request(this.options.seconds);
    }

    async beside() {
        const { admin } = this.side;
        await admin.publish(GONE);  // a flow starts only with its connector there
        await admin.startFlow(this.flowId);
        await admin.delete('/components/bench.gone');
        const before = await this.failures();
        await Promise.all(Array.from({ length: POSTERS }, (none, n) => this.post(n)));
        await until(async () => await this.failures() >= before + this.options.failing, 'all of them to have failed once', 300000);
        const first = await this.failures();
        const result = await this.request(this.options.seconds);
        result.failed = await this.failures() - first;
        await admin.stopFlow(this.flowId);  // drops the messages; the next pair brings its own
        return result;
    }

    async post(poster) {
        for (let n = poster; n < this.options.failing; n += POSTERS) {
            const answer = await this.side.admin.call('POST', `/flows/${this.flowId}/components/${this.hook}`, { json: { n } });
            if (answer.status !== 200) {
                throw new Error(`A message was not taken: ${answer.status} ${answer.text}`);
            }
        }
    }

    async failures() {
        const { text } = await this.side.admin.call('GET', '/metrics');
        return Number(/^patchbay_attempts_total\{outcome="missing"\} (\d+)/m.exec(text)[1]);
    }

    async request(seconds) {
        const before = cpuMsByProgram(this.side.pid).server;
        const result = await this.load.order({ port: this.side.port, paths: [this.side.path('A')], connections: this.options.connections, seconds, first: this.messages });
        this.messages += result.sent;
        const { ok, refused, late, p50, p99 } = result;
        return { rate: ok / result.seconds, refused, late, p50, p99, serverUs: (cpuMsByProgram(this.side.pid).server - before) * 1000 / ok, failed: 0 };
    }
}

function print({ alone, beside }) {
    for (const [name, rows] of Object.entries({ alone, beside })) {
        const of = key => median(rows.map(row => row[key]));
        console.log(`${name.padEnd(7)} ${of('rate').toFixed(0).padStart(6)}/s   p50 ${(of('p50') / 1000).toFixed(2)} ms   p99 ${(of('p99') / 1000).toFixed(2)} ms   server CPU ${of('serverUs').toFixed(0)} us   failed meanwhile ${of('failed')}`);
    }
    const ratio = Object.fromEntries(['rate', 'p50', 'p99', 'serverUs'].map(key => [key, median(beside.map((row, n) => row[key] / alone[n][key]))]));
    console.log(`ratio   rate ${ratio.rate.toFixed(3)}   p50 ${ratio.p50.toFixed(3)}   p99 ${ratio.p99.toFixed(3)}   server CPU ${ratio.serverUs.toFixed(3)}`);
    return ratio;
}

async function main() {
    const options = readOptions(process.argv.slice(2), DEFAULTS, USAGE);
    const result = await new Bench(options).run();
    const file = path.resolve(options.out || path.join(__dirname, '../build/missing_connector.json'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(result, null, 2) + '\n');
    console.log(`Written: ${path.relative(process.cwd(), file)}`);
}

main().catch(err => {
    console.error(err.stack);
    process.exit(1);
});

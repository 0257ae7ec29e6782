'use strict';

/**
 * What the flows' log costs and how fast it is searched:
 *
 *   node bench/logs.js [--records 1000000] [--flows 20] [--pairs 5] [--seconds 4] [--connections 64] [--out FILE]
 *
 * First the CPU of a message of flow A (three calls, five records) with logs as they come and with none, in turns. Then a
 * load over many flows until the log holds so many records, and searches through the REST API. Nothing is asserted.
 */

const fs = require('node:fs');
const path = require('node:path');

const LoadProcess = require('./load_process');
const PatchbaySide = require('./patchbay_side');
const machine = require('./machine');
const readOptions = require('./options');
const { cpuMs, cpuMsByProgram } = require('./process_cost');
const { median } = require('./statistics');

const DEFAULTS = { records: 1000000, flows: 20, pairs: 5, seconds: 4, connections: 64, out: '' };
const USAGE = 'usage: node bench/logs.js [--records 1000000] [--flows 20] [--pairs 5] [--seconds 4] [--connections 64] [--out FILE]';
const REPEATS = 9;
const SWITCHES = ['LOG_COMPONENT_INPUT_MESSAGES', 'LOG_COMPONENT_OUTPUT_MESSAGES'];

class Bench {

    constructor(options) {
        this.options = options;
        this.load = new LoadProcess('http_load.js');
        this.messages = 1;
    }

    async run() {
        this.side = await PatchbaySide.start({ node: process.execPath, sinkPort: 1 });
        const cost = await this.cost();
        const log = await this.fill();
        const searches = await this.searches(log);
        await this.side.stop();
        this.load.end();
        return { machine: machine(), options: this.options, cost, log, searches };
    }

    async cost() {
        const rows = { on: [], off: [] };
        for (let pair = 0; pair < this.options.pairs; pair++) {
            for (const state of pair % 2 ? ['off', 'on'] : ['on', 'off']) {
                await this.setLogs(state === 'on');
                await this.request(this.side.path('A'), 1);
                rows[state].push(await this.measure());
            }
        }
        await this.setLogs(true);
        const of = (state, key) => median(rows[state].map(row => row[key]));
        const ratio = key => median(rows.on.map((row, n) => row[key] / rows.off[n][key]));
        for (const [key, what] of [['serverUs', 'server'], ['allUs', 'server and workers']]) {
            console.log(`CPU per message, ${what.padEnd(18)}  with logs ${of('on', key).toFixed(0)} us, without ${of('off', key).toFixed(0)} us, ratio ${ratio(key).toFixed(3)}`);
        }
        return { rows, serverRatio: ratio('serverUs'), allRatio: ratio('allUs') };
    }

    async measure() {
        const { pid } = this.side;
        const before = { all: cpuMs(pid), server: cpuMsByProgram(pid).server };
        const { ok } = await this.request(this.side.path('A'), this.options.seconds);
        return { messages: ok, allUs: (cpuMs(pid) - before.all) * 1000 / ok, serverUs: (cpuMsByProgram(pid).server - before.server) * 1000 / ok };
    }

    async setLogs(on) {
        for (const key of SWITCHES) {
            await this.side.admin.post('/config', { key, value: on });
        }
    }

    /** A fifth of a second of load on each flow in turns, so that each has records all over the time. */
    async fill() {
        const paths = [];
        for (let n = 0; n < this.options.flows; n++) {
            paths.push(await this.side.anotherA());
        }
        const began = Date.now();
        const before = await this.written();
        let written = before;
        for (let turn = 0; written - before < this.options.records; turn++) {
            await this.request(paths[turn % paths.length], 0.2);
            written = await this.written();
        }
        const file = path.join(this.side.server.data, 'logs.db');
        const log = { written, seconds: (Date.now() - began) / 1000, bytesPerRecord: fs.statSync(file).size / written, dropped: await this.metric('dropped') };
        console.log(`\n${written} records in ${log.seconds.toFixed(0)} s, ${log.bytesPerRecord.toFixed(0)} bytes each in the file, ${log.dropped} dropped`);
        return { ...log, began, flowId: paths[0].split('/')[2] };
    }

    written() {
        return this.metric('written');
    }

    async metric(name) {
        const { text } = await this.side.admin.call('GET', '/metrics');
        return Number(new RegExp(`^patchbay_log_records_${name}_total (\\d+)`, 'm').exec(text)[1]);
    }

    async searches({ flowId, began, seconds }) {
        const { hits: [hit] } = await this.ask({ flowId, query: 'type:data AND componentType:*Webhook' });
        const middle = Math.min(Date.parse(hit.gridTimestamp), began + seconds * 950);
        const time = `gridTimestamp:[${new Date(middle - seconds * 50).toISOString()} TO ${new Date(middle + seconds * 50).toISOString()}]`;
        const id = /"id":"?(\d+)/.exec(hit.msg)[1];
        const asked = {
            'newest of all': {},
            'flow': { flowId },
            'time (a tenth)': { query: time },
            'flow and text': { flowId, query: `"${id}"` },
            'flow, time and text': { flowId, query: `${time} AND "${id}"` },
            'time and text': { query: `${time} AND "${id}"` },
            'text that all have': { query: 'xxxxxxxx' },
            'text that few have': { query: `"${id}"` },
            'component type': { query: 'componentType:*SetVariable' },
            'correlation': { query: `correlationId:"${hit.correlationId}"` }
        };
        const results = {};
        for (const [name, parameters] of Object.entries(asked)) {
            results[name] = await this.timed(() => this.ask(parameters));
            const { ms, max, answer } = results[name];
            results[name] = { ms, max, found: answer.buckets.reduce((sum, bucket) => sum + bucket.doc_count, 0) };
            console.log(`search: ${name.padEnd(20)} ${ms.toFixed(0).padStart(5)} ms (max ${max.toFixed(0)}), ${results[name].found} found`);
        }
        for (const [name, call] of Object.entries({
            'terms of a flow': () => this.side.admin.post(`/logs?flowId=${flowId}&size=0`, { aggs: { types: { terms: { field: 'componentType' } } } }),
            'statistics by flow': () => this.side.admin.get('/stats/messages'),
            'statistics by connector': () => this.side.admin.get('/stats/messages?group=$connector')
        })) {
            const { ms, max } = results[name] = await this.timed(call);
            delete results[name].answer;
            console.log(`${name.padEnd(28)} ${ms.toFixed(0).padStart(5)} ms (max ${max.toFixed(0)})`);
        }
        return results;
    }

    ask(parameters) {
        return this.side.admin.get(`/logs?${new URLSearchParams(parameters)}`);
    }

    async timed(call) {
        const times = [];
        let answer;
        for (let n = 0; n < REPEATS; n++) {
            const began = process.hrtime.bigint();
            answer = await call();
            times.push(Number(process.hrtime.bigint() - began) / 1e6);
        }
        return { ms: median(times), max: Math.max(...times), answer };
    }

    async request(target, seconds) {
        const result = await this.load.order({ port: this.side.port, paths: [target], connections: this.options.connections, seconds, first: this.messages });
        this.messages += result.sent;
        return result;
    }
}

async function main() {
    const options = readOptions(process.argv.slice(2), DEFAULTS, USAGE);
    const result = await new Bench(options).run();
    const file = path.resolve(options.out || path.join(__dirname, '../build/logs.json'));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify(result, null, 2) + '\n');
    console.log(`\nWritten: ${path.relative(process.cwd(), file)}`);
}

main().catch(err => {
    console.error(err.stack);
    process.exit(1);
});

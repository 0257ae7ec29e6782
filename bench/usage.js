'use strict';

/**
 * How long the question "which flows use this connector?" takes in a full house:
 *
 *   node bench/usage.js [--flows 50000] [--components 20] [--types 400] [--using 500] [--repeats 20] [--out FILE]
 *
 * A server makes its data folder and stops; flows and their index rows are written straight into its SQLite file; the server
 * starts again and is asked through the REST API. `using` of the flows hold a component of the connector "trello"; all are
 * stopped. Nothing is asserted.
 */

const fs = require('node:fs');
const path = require('node:path');
const { DatabaseSync } = require('node:sqlite');

const machine = require('./machine');
const readOptions = require('./options');
const { Server } = require('../tests/e2e/server');
const { median } = require('./statistics');

const DEFAULTS = { flows: 50000, components: 20, types: 400, using: 500, repeats: 20, out: '' };
const USAGE = 'usage: node bench/usage.js [--flows 50000] [--components 20] [--types 400] [--using 500] [--repeats 20] [--out FILE]';
const OWNERS = 1000;
const KILOBYTES = 4;
const QUESTIONS = {
    'count of flows': '/stats/component-usage?componentType=trello&count=true&group=$flowId',
    'count of rows': '/stats/component-usage?componentType=trello&count=true',
    'the literal URL': '/stats/component-usage?componentType=trello&stage=stopped&group=$flowId',
    'by user': '/stats/component-usage?componentType=trello&group=$userId',
    'a common module, count': '/stats/component-usage?componentType=vendor7.service7&count=true',
    'flow list by connector': '/flows?componentType=trello&limit=50',
    'flow list count by connector, running': '/flows/count?componentType=trello&stage=running'
};

const hex = (number, digits) => number.toString(16).padStart(digits, '0');

/** Ids that spread over the index as random ones would. */
function idOf(number) {
    const spread = hex((number * 2654435761) % 2 ** 32, 8);
    return `${spread}-0000-4000-8000-${hex(number, 12)}`;
}

function fill(file, { flows, components, types, using }) {
    const began = Date.now();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA synchronous = OFF; BEGIN');
    const flow = database.prepare('INSERT INTO flows VALUES (?,?,?,?,0,1,?,0,0,1,?)');
    const component = database.prepare('INSERT INTO flow_components VALUES (?,?,?)');
    const document = JSON.stringify({ name: 'Bench', type: 'automation', flow: {}, description: 'x'.repeat(KILOBYTES * 1024) });
    const every = Math.max(1, Math.floor(flows / using));
    let used = 0;
    for (let n = 0; n < flows; n++) {
        const flowId = idOf(n);
        const uses = n % every === 0 && used < using;
        used += uses ? 1 : 0;
        flow.run(flowId, hex(n % OWNERS, 24), `Flow ${n}`, 'stopped', n, document);
        for (let c = 0; c < components; c++) {
            const type = (n * 7 + c * 13) % types;
            component.run(flowId, idOf(n * components + c + flows), uses && c === 0 ? 'appmixer.trello.lists.CreateCard' : `vendor${type % 20}.service${type % 40}.module.Type${type}`);
        }
    }
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return { seconds: (Date.now() - began) / 1000, used };
}

async function ask(admin, question, repeats) {
    const times = [];
    let answer;
    for (let n = 0; n <= repeats; n++) {
        const began = process.hrtime.bigint();
        answer = await admin.get(question);
        times.push(Number(process.hrtime.bigint() - began) / 1e6);
    }
    const [first, ...rest] = times;
    return { firstMs: first, medianMs: median(rest), worstMs: Math.max(...rest), rows: Array.isArray(answer) ? answer[0]?.count ?? answer.length : answer.count };
}

async function run(options) {
    const server = await Server.start({ name: 'bench-usage' });
    await server.stop();
    const filled = fill(path.join(server.data, 'patchbay.db'), options);
    console.log(`${options.flows} flows with ${options.flows * options.components} components in ${filled.seconds.toFixed(0)} s, ${filled.used} of them use trello`);
    await server.start();
    const admin = await server.admin();
    const answers = {};
    for (const [what, question] of Object.entries(QUESTIONS)) {
        answers[what] = await ask(admin, question, options.repeats);
        const { firstMs, medianMs, worstMs, rows } = answers[what];
        console.log(`${what.padEnd(40)} first ${firstMs.toFixed(1)} ms, median ${medianMs.toFixed(1)} ms, worst ${worstMs.toFixed(1)} ms (${rows})`);
    }
    await server.stop();
    return { machine: machine(), options, answers };
}

const options = readOptions(process.argv.slice(2), DEFAULTS, USAGE);
run(options).then(result => options.out && fs.writeFileSync(options.out, JSON.stringify(result, null, 4)));

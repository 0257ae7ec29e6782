'use strict';

/**
 * How long the plan of an update takes when many flows use the connector (issue: under 1 s for 10,000):
 *
 *   node bench/plan.js [--flows 10000] [--components 6] [--repeats 10] [--out FILE]
 *
 * Flows are written straight into the stopped server's SQLite file: chains of the connector's component, half of them with
 * the field that goes, a tenth mapping the output that goes. Nothing is asserted.
 */

const fs = require('node:fs');
const path = require('node:path');
const { DatabaseSync } = require('node:sqlite');

const machine = require('./machine');
const readOptions = require('./options');
const { median } = require('./statistics');
const { Story, action } = require('../tests/e2e/connector_story');

const DEFAULTS = { flows: 10000, components: 6, repeats: 10, out: '' };
const USAGE = 'usage: node bench/plan.js [--flows 10000] [--components 6] [--repeats 10] [--out FILE]';
const TYPE = 'story.mail.core.Send';

const idOf = number => `${((number * 2654435761) % 2 ** 32).toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

function flowOf(n, components) {
    const flow = {};
    const rows = [];
    let last = null;
    for (let c = 0; c < components; c += 1) {
        const id = idOf(n * components + c);
        const lambda = { text: `Text ${n}`, ...(n % 2 ? { gone: 'x' } : {}), ...(last && n % 10 === 0 ? { text: '{{{m}}}' } : {}) };
        const modifiers = last && n % 10 === 0 ? { text: { m: { variable: `$.${last}.out.version`, functions: [] } } } : {};
        flow[id] = {
            type: TYPE, x: c * 100, y: 0, source: last ? { in: { [last]: ['out'] } } : {},
            config: last ? { transform: { in: { [last]: { out: { type: 'json2new', lambda, modifiers } } } } } : {}
        };
        rows.push(id);
        last = id;
    }
    return { flow, rows };
}

function fill(file, { flows, components }, userId) {
    const database = new DatabaseSync(file);
    database.exec('PRAGMA synchronous = OFF; BEGIN');
    const put = database.prepare('INSERT INTO flows VALUES (?,?,?,?,0,1,?,0,0,1,?)');
    const component = database.prepare('INSERT INTO flow_components VALUES (?,?,?)');
    let bytes = 0;
    for (let n = 0; n < flows; n += 1) {
        const { flow, rows } = flowOf(n, components);
        const flowId = idOf(flows * components + n);
        const document = JSON.stringify({ name: `Flow ${n}`, type: 'automation', flow });
        bytes += document.length;
        put.run(flowId, userId, `Flow ${n}`, 'stopped', n, document);
        rows.forEach(id => component.run(flowId, id, TYPE));
    }
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return bytes / flows;
}

async function run(options) {
    const story = await Story.begin('bench-plan', { PATCHBAY_LOG_LEVEL: 'warn' });
    try {
        await story.offer({ version: '1.0.0', components: { Send: action({ version: '1.0.0', fields: { text: {}, gone: {} } }) } },
            { version: '1.0.1', components: { Send: action({ version: '1.0.1', outputs: ['text'] }) } });
        await story.install('1.0.0');
        const userId = story.admin.user.id;
        await story.server.stop();
        const file = fs.readdirSync(story.server.data).find(name => /^patchbay.*\.db$/.test(name));
        const bytes = fill(path.join(story.server.data, file), options, userId);
        await story.restart();
        const times = [];
        let plan;
        for (let n = 0; n < options.repeats; n += 1) {
            const began = process.hrtime.bigint();
            plan = await story.admin.get('/connectors/story.mail/plan?version=1.0.1');
            times.push(Number(process.hrtime.bigint() - began) / 1e6);
        }
        const result = { machine: machine(), ...options, bytesPerFlow: Math.round(bytes), verdicts: plan.counts.verdicts, firstMs: times[0], medianMs: median(times), worstMs: Math.max(...times) };
        console.log(JSON.stringify(result, null, 2));
        if (options.out) {
            fs.writeFileSync(options.out, JSON.stringify(result, null, 2));
        }
    } finally {
        await story.end();
    }
}

run(readOptions(process.argv.slice(2), DEFAULTS, USAGE)).catch(err => {
    console.error(err);
    process.exitCode = 1;
});

'use strict';

/** Components that misbehave are ended or bounded, say why in their flow's log, and hurt nobody else. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

// Names the children that the forking component leaves, to find them in /proc.
const CHILD_SECONDS = String(86400 + process.pid);
const CHILDREN = 40;
const DEADLINE_MS = 3000;
// Memory must run out before time does, also on a slow machine.
const LONG_DEADLINE_MS = 100000;

const hostile = body => ({ code: `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n} };\n` });

// Each in a bundle of its own, because a bundle whose process keeps crashing has to rest.
const COMPONENTS = {
    Calm: hostile("await context.sendJson({ calm: true }, 'out');"),
    Loop: hostile('for (;;) {}'),
    Allocate: hostile('const kept = []; for (;;) { kept.push(new Array(1e6).fill(Math.random())); }'),
    AllocateBuffers: hostile('const kept = []; for (;;) { kept.push(Buffer.alloc(16 * 1024 * 1024, 1)); await new Promise(setImmediate); }'),
    ThrowText: hostile("throw 'only a text';"),
    ThrowNothing: hostile('throw undefined;'),
    ThrowOddly: hostile("throw { get message() { throw new Error('trap'); }, toJSON() { throw new Error('trap'); } };"),
    Never: hostile('return new Promise(() => {});'),
    Flood: hostile("const line = 'flood '.repeat(200) + '\\n'; const times = 100 * 1024 * 1024 / line.length;\nfor (let n = 0; n < times; n++) { process.stdout.write(line); }\nawait context.sendJson({ flooded: true }, 'out');"),
    Fork: hostile(`const { spawn } = require('child_process');\nfor (let n = 0; n < ${CHILDREN}; n++) { spawn('sleep', ['${CHILD_SECONDS}'], { detached: true, stdio: 'ignore' }).on('error', () => {}).unref(); }\nreturn new Promise(() => {});`),
    Exit: hostile('process.exit(0);'),
    Reject: hostile("Promise.reject(new Error('nobody waits for this')); await new Promise(resolve => setTimeout(resolve, 50)); await context.sendJson({}, 'out');"),
    Protocol: hostile("require('fs').writeSync(3, '{\"t\":\"done\",\"id\":1,\"sends\":[]}\\nnot json\\n'); return new Promise(() => {});")
};

const serviceOf = name => `test.${name.toLowerCase()}`;

/** Processes whose command line is that of the children which the forking component starts. */
function forkedChildren() {
    return fs.readdirSync('/proc').filter(name => /^\d+$/.test(name)).filter(pid => {
        try {
            return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(CHILD_SECONDS);
        } catch (err) {
            return false;
        }
    });
}

function residentMiB(pid) {
    return Number(/^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

describe('Hostile components', () => {

    let server;
    let admin;
    let outside;
    let bystander;

    before(async () => {
        server = await Server.start({ name: 'hostile' });
        admin = await server.admin();
        outside = server.client();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        for (const [name, component] of Object.entries(COMPONENTS)) {
            const result = await admin.publish(bundleZip(serviceOf(name), { components: { [name]: component } }));
            assert.equal(result.err, undefined, JSON.stringify(result));
        }
        for (const [key, value] of Object.entries({ COMPONENT_RECEIVE_TIMEOUT: DEADLINE_MS, RETRY_INIT_EXP: 100, RETRY_MAX_EXP: 200 })) {
            await admin.post('/config', { key, value });
        }
        bystander = await innocent();
    });

    after(() => server?.stop());

    /** A flow of another connector, which must not notice anything. */
    async function innocent() {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        flow.add('patchbay.utils.http.Response', { from: hook, input: { statusCode: 200, body: { echo: `{{{$.${hook}.out.data.n}}}` } } });
        const flowId = await admin.createFlow({ name: 'Bystander', flow: flow.descriptor });
        await admin.startFlow(flowId);
        return `/flows/${flowId}/components/${hook}`;
    }

    /** Starts a flow webhook → component, calls it once. */
    async function provoke(name, errorHandling = { autoRetry: false }) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const component = flow.add(`${serviceOf(name)}.core.${name}`, { from: hook, input: {}, errorHandling });
        const flowId = await admin.createFlow({ name, flow: flow.descriptor });
        await admin.startFlow(flowId);
        const answer = await outside.call('POST', `/flows/${flowId}/components/${hook}`, { json: {} });
        assert.equal(answer.status, 200, answer.text);
        return { flowId, component };
    }

    /** Calls the bystander until `over` settles. Every call must be answered, the first one before anything else is looked at. */
    async function undisturbed(over) {
        let done = false;
        const end = over.finally(() => { done = true; });
        end.catch(() => {});
        let calls = 0;
        do {
            const answer = await outside.call('POST', bystander, { json: { n: calls } });
            assert.equal(answer.status, 200, answer.text);
            assert.deepEqual(answer.body, { echo: calls });
            calls += 1;
        } while (!done);
        return end;
    }

    /** The error of the component in its flow's log; it must say what `pattern` asks for. */
    async function errorOf({ flowId, component }, pattern) {
        const record = await admin.logged(flowId, hit => hit.severity === 'error' && hit.componentId === component, 'an error in the log', 120000);
        assert.match(JSON.stringify([record.msg, record.err]), pattern);
        return record;
    }

    async function deadLetter({ flowId }) {
        return until(async () => (await admin.get(`/unprocessed-messages?flowId=${flowId}`))[0], 'the unprocessed message', 60000);
    }

    const deadline = value => admin.post('/config', { key: 'COMPONENT_RECEIVE_TIMEOUT', value });

    // [component, what it does, what its error says, its deadline when it is not the short one]
    const cases = [
        ['Loop', 'loops for ever', /deadline|did not|within|timed? ?out|time limit|deaf|no answer/i],
        ['Allocate', 'allocates objects without end', /memory|heap|process/i, LONG_DEADLINE_MS],
        ['AllocateBuffers', 'allocates buffers without end', /memory|process/i, LONG_DEADLINE_MS],
        ['ThrowText', 'throws a text', /only a text/],
        ['ThrowNothing', 'throws undefined', /./],
        ['ThrowOddly', 'throws an object that cannot be read', /./],
        ['Never', 'returns a promise that never settles', /deadline|did not|within|timed? ?out|time limit/i],
        ['Exit', 'ends its process', /worker|process|exit/i]
    ];
    for (const [name, what, pattern, deadlineMs = DEADLINE_MS] of cases) {
        test(`A component that ${what} fails with a clear error, and another flow does not notice`, async () => {
            await deadline(deadlineMs);
            const flow = await provoke(name);
            await undisturbed(errorOf(flow, pattern));
            const message = await deadLetter(flow);
            assert.equal(message.componentId, flow.component);
            assert.ok(JSON.parse(message.err).message.length > 0, message.err);
            assert.equal((await admin.get(`/flows/${flow.flowId}`)).stage, 'running');
        });
    }

    test('R7 A component that ends its worker at every try is given up after three losses', async () => {
        const flow = await provoke('Exit', {});
        const message = await undisturbed(deadLetter(flow));
        assert.equal(message.componentId, flow.component);
    });

    test('100 MB on stdout do not fill memory or disk; the log says what was left out', async () => {
        const before = residentMiB(server.pid);
        const flow = await provoke('Flood');
        await undisturbed(admin.logged(
            flow.flowId,
            hit => /output|stdout|printed|deadline|within/i.test(JSON.stringify(hit)) && hit.componentId === flow.component && hit.portType !== 'out',
            'a record that tells of the output', 60000
        ));
        assert.ok(residentMiB(server.pid) - before < 64, `memory grew from ${before} to ${residentMiB(server.pid)} MiB`);
    });

    test('Processes that a component forks end with it', async () => {
        const flow = await provoke('Fork');
        await undisturbed(errorOf(flow, /deadline|did not|within|timed? ?out|time limit|worker|process/i));
        await until(() => forkedChildren().length === 0, 'the end of the forked processes', 30000);
    });

    test('A promise rejection that nobody handles does not end the call', async () => {
        const flow = await provoke('Reject');
        await admin.logged(flow.flowId, hit => hit.componentId === flow.component && hit.portType === 'out', 'the output of the component');
    });

    test('A component that writes into the engine\'s own channel only harms itself', async () => {
        const flow = await provoke('Protocol');
        await undisturbed(errorOf(flow, /./));
    });

    test('After all that new work is done', async () => {
        const flow = await provoke('Calm');
        await admin.logged(flow.flowId, hit => hit.componentId === flow.component && hit.portType === 'out', 'the output of the calm component', 60000);
        assert.equal((await admin.get('/')).status, 'ok');
    });
});

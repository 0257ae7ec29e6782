'use strict';

/**
 * Nothing that was accepted is lost, whoever dies. 20,000 webhook calls at 64 connections run through a flow of
 * four steps while the server, or a worker, is killed with SIGKILL at random moments.
 *
 * PATCHBAY_CRASH_SEED repeats the moments of a run, PATCHBAY_CRASH_CALLS and PATCHBAY_CRASH_KILLS change its size.
 */

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const { seeded, seedFrom } = require('./random');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until, sleep } = require('./rest_client');

const CALLS = Number(process.env.PATCHBAY_CRASH_CALLS || 20000);
const KILLS = Number(process.env.PATCHBAY_CRASH_KILLS || 20);
const CONNECTIONS = 64;
// Of one component 50 calls run at once, and as many may be over and wait for their commit; four steps, of which each may have been doing
// its work at a kill.
const DELIVERIES_AT_ONCE = 100;
const STEPS = 4;
const ARRIVAL_TIMEOUT_MS = 60000;

function fourSteps(sinkUrl) {
    const flow = new FlowBuilder();
    const set = (from, name) => flow.add('patchbay.utils.controls.SetVariable', { from, input: { variables: { ADD: [{ type: 'text', name, text: name }] } } });
    const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
    const last = set(set(hook, 'first'), 'second');
    flow.add('patchbay.utils.http.Request', { from: last, input: { url: sinkUrl, method: 'POST', body: { id: `{{{$.${hook}.out.data.id}}}` } } });
    return { descriptor: flow.descriptor, hook };
}

/** Calls the webhook from many connections and keeps count of what was answered, and what has arrived. */
class Traffic {

    constructor(server, path, sink, calls) {
        Object.assign(this, { server, path, sink, calls });
        this.next = 0;
        this.open = 0;
        this.accepted = new Set();
        this.refused = 0;
        this.broken = 0;
        this.arrivals = new Map();
        this.up = Promise.resolve();
        this.thresholds = [];
        sink.answer = ({ body }) => { this.arrivals.set(body.id, (this.arrivals.get(body.id) ?? 0) + 1); };
    }

    run() {
        const client = this.server.client();
        return Promise.all(Array.from({ length: CONNECTIONS }, () => this.#connection(client)));
    }

    async #connection(client) {
        while (this.next < this.calls) {
            const id = this.next++;
            this.thresholds = this.thresholds.filter(({ count, reached }) => this.next < count || reached());
            this.open += 1;
            try {
                const { status, text } = await client.call('POST', this.path, { json: { id } });
                this.#answered(id, status, text);
            } catch (err) {
                // Not accepted as far as the caller knows; it may arrive all the same.
                this.broken += 1;
            }
            this.open -= 1;
            await this.up;
        }
    }

    #answered(id, status, text) {
        if (status >= 200 && status < 300) {
            this.accepted.add(id);
        } else if (status === 429 || status === 503) {
            this.refused += 1;
        } else {
            throw new Error(`call ${id} answered ${status}: ${text}`);
        }
    }

    /** Resolves when so many calls have begun. */
    reached(count) {
        return new Promise(resolve => (this.next >= count ? resolve() : this.thresholds.push({ count, reached: resolve })));
    }

    /** Calls without an answer, and accepted ones that have not arrived. */
    get inFlight() {
        return this.open + [...this.accepted].filter(id => !this.arrivals.has(id)).length;
    }

    get missing() {
        return [...this.accepted].filter(id => !this.arrivals.has(id));
    }

    /** Arrived, though their callers were not told that they were accepted. */
    get untold() {
        return [...this.arrivals.keys()].filter(id => !this.accepted.has(id));
    }

    get duplicates() {
        return [...this.arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
    }
}

async function prepared(server, sink) {
    const admin = await server.admin();
    await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
    // Short retries, so that the end of the test need not wait for the usual ones.
    for (const [key, value] of Object.entries({ RETRY_INIT_EXP: 200, RETRY_MAX_EXP: 1000 })) {
        await admin.post('/config', { key, value });
    }
    const { descriptor, hook } = fourSteps(sink.url);
    const flowId = await admin.createFlow({ name: 'Crash', flow: descriptor });
    await admin.startFlow(flowId);
    return { admin, flowId, path: `/flows/${flowId}/components/${hook}` };
}

/** Runs the traffic and calls `kill` at random points of it; gives what was in flight at each. */
async function underFire(traffic, random, kills, kill) {
    const points = Array.from({ length: kills }, () => Math.floor(random() * traffic.calls * 0.95)).sort((a, b) => a - b);
    const running = traffic.run();
    const inFlight = [];
    for (const point of points) {
        await traffic.reached(point);
        // The moment within the work on a call is left to chance, too.
        await sleep(random() * 20);
        inFlight.push(traffic.inFlight);
        await kill();
    }
    await running;
    return inFlight;
}

async function settled(traffic) {
    let missing = traffic.missing.length;
    while (missing) {
        try {
            await until(() => traffic.missing.length < missing, 'the missing messages', ARRIVAL_TIMEOUT_MS);
        } catch (err) {
            return;
        }
        missing = traffic.missing.length;
    }
}

async function report(context, traffic, inFlight, { admin, flowId }) {
    const dead = await admin.get(`/unprocessed-messages?flowId=${flowId}`).catch(() => []);
    // A last step whose message has arrived may have been in its hands all the same: those come on top.
    const most = inFlight.reduce((sum, count) => sum + Math.min(count + DELIVERIES_AT_ONCE, STEPS * DELIVERIES_AT_ONCE), 0);
    context.diagnostic(`accepted ${traffic.accepted.size}, refused ${traffic.refused}, broken off ${traffic.broken}, arrived ${traffic.arrivals.size}, ` +
        `duplicates ${traffic.duplicates}, in flight at the kills ${inFlight.join(' ')}, unprocessed ${dead.length}`);
    assert.deepEqual(traffic.missing.slice(0, 10), [], `${traffic.missing.length} accepted messages have not arrived; unprocessed: ${JSON.stringify(dead.slice(0, 3))}`);
    assert.deepEqual(dead.slice(0, 3), [], 'no message is given up');
    assert.ok(traffic.duplicates <= most, `${traffic.duplicates} duplicates, but at most ${most} were in flight`);
    assert.ok(traffic.accepted.size > traffic.calls / 2, `most calls were accepted (${traffic.accepted.size} of ${traffic.calls})`);
}

async function scenario(context, salt, killer, { calls = CALLS, kills = KILLS, check = () => undefined } = {}) {
    const seed = seedFrom('PATCHBAY_CRASH_SEED');
    context.diagnostic(`PATCHBAY_CRASH_SEED=${seed}`);
    const random = seeded(seed + salt);
    const sink = await Sink.start();
    const server = await Server.start({ name: 'crash' });
    try {
        const flow = await prepared(server, sink);
        const traffic = new Traffic(server, flow.path, sink, calls);
        const inFlight = await underFire(traffic, random, kills, () => killer(server, traffic, random));
        await settled(traffic);
        flow.admin = await server.admin();
        await report(context, traffic, inFlight, flow);
        check(traffic);
    } catch (err) {
        context.diagnostic(server.output.slice(-4000));
        throw err;
    } finally {
        await server.stop();
        await sink.stop();
    }
}

/** Ends the server in one way or the other and starts it again; meanwhile no new calls are made. */
async function restart(server, traffic, end) {
    let up;
    traffic.up = new Promise(resolve => { up = resolve; });
    await end();
    await server.start();
    up();
}

const killServer = (server, traffic) => restart(server, traffic, () => server.kill());
const stopServer = (server, traffic) => restart(server, traffic, () => server.stop());

async function killWorker(server, traffic, random) {
    const workers = await until(() => {
        const found = server.workers();
        return found.length ? found : null;
    }, 'a worker');
    try {
        process.kill(workers[Math.floor(random() * workers.length)], 'SIGKILL');
    } catch (err) {
        // It has ended by itself between the look and the kill.
    }
}

describe('Nothing accepted is lost', () => {

    test('while the server is killed again and again', context => scenario(context, 0, killServer));

    test('while workers are killed again and again', context => scenario(context, 1, killWorker));

    test('and nothing is done that nobody was told of, while the server is stopped in order', context => scenario(context, 2, stopServer, {
        calls: Math.ceil(CALLS / 4), kills: Math.ceil(KILLS / 4),
        check: traffic => {
            assert.deepEqual(traffic.untold.slice(0, 10), [], `${traffic.untold.length} calls were not answered well and arrived all the same`);
            assert.equal(traffic.duplicates, 0, 'what was under way at a stop was not done again');
        }
    }));
});

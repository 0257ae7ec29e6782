'use strict';

/** rest-api §29.7, S64: many flows started or stopped behind a ticket. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { bundleZip } = require('./bundle_zip');
const { until } = require('./rest_client');

const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** A trigger that tells a sink of its start and stop, and waits for the answer. */
const telling = url => `'use strict';
module.exports = {
    start(context) { return context.httpRequest({ method: 'POST', url: '${url}', data: { start: context.flowId } }); },
    stop(context) { return context.httpRequest({ method: 'POST', url: '${url}', data: { stop: context.flowId } }); },
    receive(context) { return context.response({}); }
};
`;

describe('Flows by the dozen', () => {

    let server;
    let admin;
    let ann;
    let sink;
    let flows;

    const usage = stage => admin.get(`/stats/component-usage?componentType=trello&stage=${stage}&group=$flowId`);
    const status = ticket => admin.get(`/flows/bulk/coordinator/${ticket}`);
    const ended = ticket => until(async () => {
        const now = await status(ticket);
        return now.status !== 'in-progress' && now;
    }, 'the end of the ticket');

    async function bulk(json) {
        const answer = await admin.call('POST', '/flows/bulk/coordinator', { json });
        assert.equal(answer.status, 202, answer.text);
        return answer.body;
    }

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'flows-bulk' });
        admin = await server.admin();
        ann = await person(admin);
        await admin.post('/config', { key: 'BULK_FLOWS_STOP_CONCURRENCY', value: 3 });
        const result = await admin.publish(bundleZip('appmixer.trello', { components: {
            Hook: { manifest: { webhook: true, inPorts: undefined }, code: telling(sink.url) }
        } }));
        assert.equal(result.err, undefined, JSON.stringify(result));
        flows = [];
        for (let n = 0; n < 10; n++) {
            const flow = new FlowBuilder();
            flow.add('appmixer.trello.core.Hook');
            flows.push(await ann.createFlow({ name: `Flow ${n}`, flow: flow.descriptor }));
        }
        flows.sort();
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    test('Flows are started by their ids; those that cannot be are named, the others go on', async () => {
        const { ticket, ...begun } = await bulk({ command: 'start', flowIds: [...flows, flows[0], NOWHERE] });
        assert.deepEqual([begun.status, begun.stepsDone, begun.stepsTotal, begun.action, begun.startedBy], ['in-progress', 0, 11, 'flows', admin.user.id]);
        const done = await ended(ticket);
        assert.equal(done.status, 'failed');
        assert.deepEqual([done.flows.total, done.flows.started, done.flows.failedCount], [11, 10, 1]);
        assert.equal(done.flows.failed[0].flowId, NOWHERE);
        assert.match(done.flows.failed[0].message, /not found/);
        assert.match(done.finished, /^\d{4}-.*Z$/);
        assert.deepEqual((await usage('running')).map(({ flowId }) => flowId), flows);
    });

    test('S64 All that use a connector are stopped by one call; kill -9 in the middle, and the ticket goes on', async () => {
        let held = 0;
        sink.answer = ({ body }) => {
            held += body.stop ? 1 : 0;
            return {};
        };
        const hold = Promise.withResolvers();
        const gate = await holding(sink, hold.promise);
        const { ticket, stepsTotal } = await bulk({ command: 'stop', componentType: 'trello' });
        assert.equal(stepsTotal, 10);
        await gate.entered;
        assert.equal((await status(ticket)).status, 'in-progress');
        await server.kill();
        hold.resolve();
        await server.start();
        admin = await server.admin();
        const done = await ended(ticket);
        assert.equal(done.status, 'completed', JSON.stringify(done));
        assert.deepEqual(done.flows, { total: 10, stopped: 10, failed: [], failedCount: 0 });
        assert.deepEqual(await usage('running'), []);
        assert.equal((await usage('stopped')).length, 10);
        assert.ok(held >= 10, 'the stop of each component was called');
    });

    test('None that match is a command that is done; a second stop finds nothing to do', async () => {
        const { ticket } = await bulk({ command: 'stop', componentType: 'trello' });
        assert.deepEqual((await ended(ticket)).flows, { total: 0, stopped: 0, failed: [], failedCount: 0 });
        const again = await bulk({ command: 'stop', flowIds: flows.slice(0, 2) });
        assert.deepEqual((await ended(again.ticket)).flows, { total: 2, stopped: 2, failed: [], failedCount: 0 });
    });

    test('For admins; what is no command is refused, an unknown ticket is 404', async () => {
        for (const json of [{}, { command: 'pause', flowIds: [] }, { command: 'stop' }, { command: 'stop', flowIds: 'all' }, { command: 'stop', flowIds: [1] },
            { command: 'start', componentType: 'trello' }, { command: 'stop', flowIds: [], componentType: 'trello' }]) {
            refused(await admin.call('POST', '/flows/bulk/coordinator', { json }), 400);
        }
        refused(await ann.call('POST', '/flows/bulk/coordinator', { json: { command: 'stop', flowIds: flows } }), 403);
        refused(await server.client().call('POST', '/flows/bulk/coordinator', { json: {} }), 401);
        refused(await admin.call('GET', `/flows/bulk/coordinator/${NOWHERE}`), 404);
        refused(await ann.call('GET', `/flows/bulk/coordinator/${NOWHERE}`), 403);
    });
});

/** Holds the sink's answers until `released`; `entered` is when the first request waits. */
async function holding(sink, released) {
    const entered = Promise.withResolvers();
    const [listener] = sink.server.listeners('request');
    sink.server.removeAllListeners('request');
    sink.server.on('request', async (request, response) => {
        entered.resolve();
        await released;
        listener(request, response);
    });
    return { entered: entered.promise };
}

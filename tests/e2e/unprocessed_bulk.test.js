'use strict';

/** Unprocessed messages by the thousand: retry and delete by filter, behind a ticket. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const person = require('./people');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const { until } = require('./rest_client');

const COUNT = Number(process.env.PATCHBAY_UNPROCESSED || 3000);
const PER_CALL = 500;

// Sends `count` messages; `Strict` refuses what its schema does not allow, at once and without a retry.
const BUNDLE = {
    components: {
        Many: { code: "'use strict';\nmodule.exports = { async receive(context) { const { from, count } = context.messages.in.content; await context.sendArray(Array.from({ length: count }, (_, i) => ({ n: from + i, ok: 'maybe' })), 'out'); } };\n" },
        Strict: {
            manifest: { inPorts: [{ name: 'in', schema: { type: 'object', properties: { n: { type: 'number' }, ok: { type: 'boolean' } }, required: ['ok'] } }] },
            code: "'use strict';\nmodule.exports = { async receive(context) { const seen = await context.stateInc('seen', 1); if (seen % 1000 === 0 || context.messages.in.content.n % 1000 === 0) { await context.sendJson({ seen }, 'out'); } } };\n"
        }
    }
};

describe('Unprocessed messages in bulk', () => {

    let server;
    let sink;
    let admin;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'bulk' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        const result = await admin.publish(bundleZip('test.bulk', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const flowOf = (user, input) => {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const many = flow.add('test.bulk.core.Many', { from: hook, input: { from: `{{{$.${hook}.out.data.from}}}`, count: `{{{$.${hook}.out.data.count}}}` } });
        const strict = flow.add('test.bulk.core.Strict', { from: many, input: input(many) });
        flow.add('patchbay.utils.http.Request', { from: strict, input: { url: `${sink.url}/seen`, method: 'POST', body: { seen: `{{{$.${strict}.out.seen}}}` } } });
        return { descriptor: flow.descriptor, hook, strict };
    };
    const count = async (user, flowId) => (await user.get(`/unprocessed-messages/count?flowId=${flowId}`)).count;
    const ended = (user, ticket, what) => until(async () => {
        const state = await user.get(`/unprocessed-messages/bulk/${ticket}`);
        return state.status === 'in-progress' ? null : state;
    }, what, 120000);

    /** A flow whose Strict gets an `ok` that is no boolean: all that comes is unprocessed. */
    async function failing(user, messages) {
        const { descriptor, hook, strict } = flowOf(user, many => ({ n: `{{{$.${many}.out.n}}}`, ok: `{{{$.${many}.out.ok}}}` }));
        const flowId = await user.createFlow({ name: 'Bulk', flow: descriptor });
        await user.startFlow(flowId);
        for (let from = 0; from < messages; from += PER_CALL) {
            await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { from, count: Math.min(PER_CALL, messages - from) } });
        }
        await until(async () => (await count(user, flowId)) >= messages, `${messages} unprocessed messages`, 120000);
        return { flowId, descriptor, strict };
    }

    test('S75 A repaired flow takes all back by one call, each once, over a SIGKILL; others are served meanwhile', async () => {
        const { flowId, descriptor, strict } = await failing(admin, COUNT);
        const repaired = structuredClone(descriptor);
        for (const ports of Object.values(repaired[strict].config.transform.in)) {
            for (const transform of Object.values(ports)) {
                transform.lambda.ok = true;
                transform.modifiers.ok = {};
            }
        }
        await admin.put(`/flows/${flowId}?forceUpdate=true`, { flow: repaired });
        const { ticket, count: wanted } = await admin.post('/unprocessed-messages/bulk/retry', { flowId });
        assert.ok(wanted >= COUNT, `${wanted} match`);
        await until(async () => (await admin.get(`/unprocessed-messages/bulk/${ticket}`)).done > 0, 'progress');
        await server.kill();
        await server.start();
        admin = await server.admin();
        const state = await ended(admin, ticket, 'the end of the retry');
        assert.equal(state.status, 'completed', JSON.stringify(state));
        assert.equal(state.total, wanted);
        assert.deepEqual(await admin.get(`/unprocessed-messages?flowId=${flowId}`), []);
        const last = await sink.when(requests => requests.filter(({ body }) => body.seen >= COUNT).length > 0, 'the last of them', 120000);
        assert.ok(last);
        await admin.stopFlow(flowId);
    });

    test('Deletes by connector, component, error and time; a filter that is empty or wrong means nothing', async () => {
        const { flowId, strict } = await failing(admin, 5);
        for (const [filter, field] of [[{}, /empty/], [{ flow: 'x' }, /no member "flow"/], [{ ids: [] }, /"ids"/], [{ from: 'yesterday' }, /"from"/], [{ error: '' }, /"error"/]]) {
            const answer = await admin.call('POST', '/unprocessed-messages/bulk/delete', { json: filter });
            refused(answer, 400);
            assert.match(answer.body.message, field);
        }
        for (const filter of [{ flowId, connector: 'test.other' }, { flowId, componentType: 'test.bulk.core.Many' }, { flowId, error: 'no such words' }, { flowId, to: '2020-01-01T00:00:00.000Z' }]) {
            assert.equal((await admin.post('/unprocessed-messages/bulk/delete', filter)).count, 0, JSON.stringify(filter));
        }
        const [{ messageId }] = await admin.get(`/unprocessed-messages?flowId=${flowId}`);
        const one = await admin.post('/unprocessed-messages/bulk/delete', { ids: [messageId] });
        assert.equal(one.count, 1);
        assert.equal((await ended(admin, one.ticket, 'the end')).done, 1);
        const rest = await admin.post('/unprocessed-messages/bulk/delete', { flowId, connector: 'test.bulk', componentId: strict, error: 'Validation', from: '2020-01-01T00:00:00.000Z' });
        assert.equal(rest.count, 4);
        assert.equal((await ended(admin, rest.ticket, 'the end')).status, 'completed');
        assert.equal(await count(admin, flowId), 0);
        await admin.stopFlow(flowId);
    });

    test('S74 An owner lists his own, an admin those of all', async () => {
        const ann = await person(admin);
        const bob = await person(admin);
        const { flowId } = await failing(ann, 1);
        const own = await ann.get('/unprocessed-messages');
        assert.deepEqual(own.map(message => [message.flowId, message.userId]), own.map(() => [flowId, ann.id]));
        assert.ok((await admin.get('/unprocessed-messages?limit=1000')).some(({ messageId }) => messageId === own[0].messageId));
        assert.deepEqual(await bob.get('/unprocessed-messages'), []);
        assert.deepEqual(await bob.get('/unprocessed-messages/count'), { count: 0 });
        assert.equal((await admin.get('/unprocessed-messages/count')).count, (await admin.get('/unprocessed-messages?limit=10000')).length);
    });

    test('What cannot be put back stays and is explained; others may neither start nor see it', async () => {
        const { flowId } = await failing(admin, 3);
        await admin.stopFlow(flowId);
        const stranger = await person(admin);
        refused(await stranger.call('POST', '/unprocessed-messages/bulk/retry', { json: { flowId } }), 404);
        refused(await server.client().call('POST', '/unprocessed-messages/bulk/retry', { json: { flowId } }), 401);
        assert.equal((await stranger.post('/unprocessed-messages/bulk/delete', { from: 0 })).count, 0, 'his own only');
        const { ticket } = await admin.post('/unprocessed-messages/bulk/retry', { flowId });
        const state = await ended(admin, ticket, 'the end');
        assert.deepEqual([state.status, state.done, state.failed], ['completed', 0, 3]);
        assert.match(state.errors[0].message, /does not run/);
        assert.equal(state.errors[0].count, 3);
        assert.equal(await count(admin, flowId), 3);
        refused(await stranger.call('GET', `/unprocessed-messages/bulk/${ticket}`), 404);
        refused(await stranger.call('DELETE', `/unprocessed-messages/bulk/${ticket}`), 404);
        assert.deepEqual(await admin.delete(`/unprocessed-messages/bulk/${ticket}`), {});
    });
});

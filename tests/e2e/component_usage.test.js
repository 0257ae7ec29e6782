'use strict';

/** rest-api §20.1, S56-S64: which flows use a connector, and stopping them before it goes. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { bundleZip } = require('./bundle_zip');
const { until } = require('./rest_client');

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const PASS_ON = "'use strict';\nmodule.exports = { receive(context) { return context.sendJson({}, 'out'); } };\n";
const HOOK = "'use strict';\nmodule.exports = { receive(context) { return context.response({ ok: true }); } };\n";

const ids = rows => rows.map(({ flowId }) => flowId).sort();
const types = rows => rows.map(({ value1 }) => value1).sort();

describe('Component usage', () => {

    let server;
    let admin;
    let ann;
    let bob;
    const flows = {};

    const usage = query => admin.get(`/stats/component-usage?${query}`);
    const count = async query => {
        const answer = await usage(`${query}&count=true`);
        assert.equal(answer.length, 1);
        assert.deepEqual(Object.keys(answer[0]), ['count']);
        return answer[0].count;
    };

    async function make(client, name, ...components) {
        const flow = new FlowBuilder();
        components.forEach(type => flow.add(type));
        flows[name] = await client.createFlow({ name, flow: flow.descriptor });
    }

    before(async () => {
        server = await Server.start({ name: 'usage' });
        admin = await server.admin();
        ann = await person(admin);
        bob = await person(admin);
        const published = await admin.publish(bundleZip('appmixer.trello', { components: {
            Hook: { manifest: { webhook: true, inPorts: undefined }, code: HOOK },
            Card: { code: PASS_ON }
        } }));
        assert.equal(published.err, undefined, JSON.stringify(published));
        await make(ann, 'hook', 'appmixer.trello.core.Hook', 'appmixer.trello.core.Card');
        await make(ann, 'lists', 'appmixer.trello.lists.CreateList');
        await make(bob, 'bob', 'appmixer.trello.core.Card', 'appmixer.trello.core.Card', 'appmixer.google.gmail.SendEmail');
        await make(bob, 'other vendor', 'acme.trello.cards.NewCard');
        await make(bob, 'near', 'appmixer.trell.core.Card', 'appmixer.mygoogle.core.Look');
        await ann.startFlow(flows.hook);
    });

    after(() => server?.stop());

    test('S56 The literal URL, with a raw $ and without a vendor, gives the stopped flows that use the connector', async () => {
        const rows = await usage('componentType=trello&stage=stopped&group=$flowId');
        assert.deepEqual(ids(rows), [flows.lists, flows.bob, flows['other vendor']].sort());
        assert.deepEqual(rows, await usage('componentType=trello&stage=stopped&group=%24flowId'));
        assert.deepEqual(rows, await usage('componentType=trello&stage=stopped&group=flowId'));
    });

    test('S57 Whole dotted parts match: short names, prefixes, the full type, the colon form; parts of words do not', async () => {
        assert.equal(await count('componentType=trello&group=$flowId'), 4);
        assert.equal(await count('componentType=appmixer.trello&group=$flowId'), 3);
        assert.equal(await count('componentType=appmixer:trello&group=$flowId'), 3);
        assert.equal(await count('componentType=appmixer.trello.core&group=$flowId'), 2);
        assert.equal(await count('componentType=appmixer.trello.core.Hook&group=$flowId'), 1);
        assert.equal(await count('componentType=google.gmail&group=$flowId'), 1);
        assert.deepEqual(await usage('componentType=trel'), []);
        assert.deepEqual(ids(await usage('componentType=trell')), [flows.near]);
        assert.deepEqual(ids(await usage('componentType=google')), [flows.bob], 'google is not mygoogle');
    });

    test('S58 The stages part the flows: their sum is the unfiltered count; another stage is 400', async () => {
        for (const query of ['componentType=trello', 'componentType=trello&group=$flowId', 'componentType=appmixer', 'group=$flowId']) {
            assert.equal(await count(`${query}&stage=running`) + await count(`${query}&stage=stopped`), await count(query), query);
        }
        assert.deepEqual(ids(await usage('componentType=trello&stage=running&group=$flowId')), [flows.hook]);
        refused(await admin.call('GET', '/stats/component-usage?componentType=trello&stage=draft'), 400);
        refused(await admin.call('GET', '/stats/component-usage?componentType=trello&group=$name'), 400);
    });

    test('S59 An ungrouped row stands for one type of one flow', async () => {
        const rows = await usage('componentType=appmixer.trello.core');
        assert.equal(rows.length, 3, 'a type that a flow uses twice is one row');
        for (const row of rows) {
            assert.deepEqual(Object.keys(row).sort(), ['_id', 'flowId', 'type', 'userId', 'value1', 'value2']);
            assert.match(row._id, /^[0-9a-f]{24}$/);
            assert.equal(row.type, 'componentUsage');
        }
        const ofHook = rows.filter(({ flowId }) => flowId === flows.hook);
        assert.deepEqual(types(ofHook), ['appmixer.trello.core.Card', 'appmixer.trello.core.Hook']);
        assert.deepEqual([ofHook[0].userId, ofHook[0].value2], [ann.id, 'running']);
        assert.equal(new Set(rows.map(({ _id }) => _id)).size, 3);
        assert.deepEqual(rows, await usage('componentType=appmixer.trello.core'), 'ids are the same at every call');
    });

    test('S60 Groups, count, paging and one owner', async () => {
        const byFlow = await usage('componentType=trello&group=$flowId');
        assert.deepEqual(byFlow.map(({ flowId }) => flowId), ids(byFlow), 'by flow id');
        assert.deepEqual(byFlow.find(({ flowId }) => flowId === flows.hook).componentTypes, ['appmixer.trello.core.Card', 'appmixer.trello.core.Hook']);
        const byUser = await usage('componentType=trello&group=$userId');
        assert.deepEqual(byUser.map(({ userId }) => userId).sort(), [ann.id, bob.id].sort());
        assert.deepEqual(await usage('componentType=trello&group=$userId&count=true'), [{ count: 2 }]);
        assert.deepEqual(await usage('componentType=trello&count='), [{ count: 5 }]);
        assert.deepEqual(await usage('componentType=trel&count=1'), [{ count: 0 }]);
        assert.deepEqual([...await usage('componentType=trello&group=$flowId&limit=3'), ...await usage('componentType=trello&group=$flowId&offset=3')], byFlow);
        assert.deepEqual(ids(await usage(`componentType=trello&group=$flowId&userId=${bob.id}`)), [flows.bob, flows['other vendor']].sort());
        refused(await admin.call('GET', '/stats/component-usage?limit=many'), 400);
    });

    test('S61 For admins only', async () => {
        refused(await ann.call('GET', '/stats/component-usage?componentType=trello'), 403);
        refused(await server.client().call('GET', '/stats/component-usage?componentType=trello'), 401);
    });

    test('The index follows the writes: what a flow no longer uses, and a flow that is gone', async () => {
        await make(bob, 'changing', 'acme.changing.core.First');
        assert.equal(await count('componentType=changing'), 1);
        const flow = new FlowBuilder();
        flow.add('acme.changed.core.Second');
        await bob.put(`/flows/${flows.changing}`, { flow: flow.descriptor });
        assert.deepEqual([await count('componentType=changing'), await count('componentType=changed')], [0, 1]);
        await bob.delete(`/flows/${flows.changing}`);
        assert.equal(await count('componentType=changed'), 0);
    });

    test('S62 S63 Both paths stop a flow of somebody else; again is a no-op; unknown is 404, another command 400', async () => {
        for (const path of [`/flows/${flows.hook}`, `/flows/${flows.hook}/coordinator`]) {
            assert.deepEqual(await admin.post(path, { command: 'stop' }), { flowId: flows.hook });
            assert.equal((await ann.get(`/flows/${flows.hook}`)).stage, 'stopped');
            assert.deepEqual(await admin.post(path, { command: 'stop' }), { flowId: flows.hook }, 'again');
            refused(await admin.call('POST', path, { json: { command: 'pause' } }), 400);
            await ann.startFlow(flows.hook);
            assert.deepEqual(await admin.post(`${path}?background=true`, { command: 'stop' }), { flowId: flows.hook, ticket: flows.hook });
            await until(async () => (await admin.get(`/flows/${flows.hook}/coordinator/status`)).status === 'completed', 'the end of the stop');
            const { status, stepsTotal } = await admin.get(`/flows/${flows.hook}/coordinator/status`);
            assert.deepEqual([status, typeof stepsTotal], ['completed', 'number']);
            assert.equal((await ann.get(`/flows/${flows.hook}`)).stage, 'stopped');
            await ann.startFlow(flows.hook);
        }
        refused(await admin.call('POST', `/flows/${NOWHERE}`, { json: { command: 'stop' } }), 404);
        refused(await admin.call('POST', `/flows/${NOWHERE}/coordinator`, { json: { command: 'stop' } }), 404);
    });

    test('S64 By script: usage, stop each of others\' flows, usage is empty, then the removal breaks nothing', async () => {
        await make(bob, 'second', 'appmixer.trello.core.Hook', 'appmixer.trello.core.Card');
        await bob.startFlow(flows.second);
        const running = await usage('componentType=appmixer.trello&stage=running&group=$flowId');
        assert.deepEqual(ids(running), [flows.hook, flows.second].sort());
        for (const { flowId } of running) {
            await admin.post(`/flows/${flowId}`, { command: 'stop' });
        }
        assert.deepEqual(await usage('componentType=appmixer.trello&stage=running&group=$flowId'), []);
        await admin.delete('/components/appmixer.trello');
        for (const { flowId } of running) {
            assert.deepEqual((await admin.logs(flowId)).filter(({ severity }) => severity === 'error'), []);
        }
        assert.equal(await count('componentType=appmixer.trello.core&group=$flowId'), 3, 'flows of a removed connector are still found');
    });
});

'use strict';

/** What owners and applications are told when a connector's update stops flows, and how owners move on (S113-S122, R26, R27). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const { Story, action } = require('./connector_story');
const { until } = require('./rest_client');

const FIRST = { version: '1.0.0', components: { Send: action({ version: '1.0.0', outputs: ['text', 'version'] }) } };
const MAJOR = {
    version: '2.0.0', changelog: { '2.0.0': ['(breaking change) Send needs a recipient.', 'Faster.'], '1.0.0': ['First.'] },
    components: { Send: action({ version: '2.0.0', fields: { text: {}, to: { label: 'Recipient' } }, required: ['to'] }) }
};
// `text` is called `message`: the flow can be migrated.
const RENAMED = {
    version: '3.0.0', components: {
        Send: action({
            version: '3.0.0', fields: { message: { label: 'text' } },
            code: "'use strict';\nmodule.exports = { async receive(context) { await context.sendJson({ text: context.messages.in.content.message, version: '3.0.0' }, 'out'); } };\n"
        })
    }
};

describe('Flows that an update stops', () => {

    let story;
    let admin;
    let owner;

    before(async () => {
        story = await Story.begin('notices');
        await story.offer(FIRST, MAJOR, RENAMED);
        admin = story.admin;
        owner = await person(admin);
        await story.install('1.0.0');
    });

    after(() => story?.end());

    const back = async () => {
        for (const client of [admin, owner]) {
            for (const { flowId } of await client.get('/flows')) {
                await client.stopFlow(flowId);
                await client.delete(`/flows/${flowId}`);
            }
        }
        if (await story.version() !== '1.0.0') {
            await story.update({ version: '1.0.0', confirmBreaking: true });
        }
    };
    const notices = () => story.sink.requests.filter(({ url }) => url === '/stopped').map(({ body }) => body);

    test('S113 S115-S118 S120 S121 Each stopped flow is told once, with what, why and what to do; a person\'s own stop is not', async () => {
        await story.set('WEBHOOK_FLOW_STOPPED', `${story.sink.url}/stopped`);
        const plan = await admin.get('/connectors/story.mail/plan?version=2.0.0');
        assert.deepEqual([plan.stoppedWebhook.configured, plan.stoppedWebhook.lastDelivery], [true, null]);
        const flows = [];
        for (let i = 0; i < 7; i += 1) {
            flows.push(await story.flow(`told ${i}`, { client: owner, document: { customFields: { category: 'billing' } } }));
        }
        await owner.stopFlow(flows[6].flowId);
        await story.update({ version: '2.0.0', confirmBreaking: true });
        await story.sink.when(() => notices().length >= 6, 'six notices');
        assert.deepEqual(notices().map(({ flowId }) => flowId).sort(), flows.slice(0, 6).map(({ flowId }) => flowId).sort());
        const [told] = notices().filter(({ flowId }) => flowId === flows[0].flowId);
        const { created, affectedComponents, breakingChanges, ...rest } = told;
        assert.ok(Date.parse(created) > 0);
        assert.deepEqual(rest, {
            flowId: flows[0].flowId, flowName: 'told 0', userId: owner.id, email: owner.email, type: 'automation', customFields: { category: 'billing' },
            designerUrl: `${story.server.url}/backoffice/designer/${flows[0].flowId}`, stage: 'stopped', reason: 'connectorUpdate', stoppedBy: admin.user.id,
            componentId: null, componentType: null, connector: 'story.mail', from: '1.0.0', to: '2.0.0', err: null,
            actionRequired: [{ kind: 'fill-field', componentId: flows[0].send, field: 'to', message: 'story.mail.core.Send: Field to is new and must be filled in.' }]
        });
        assert.equal(breakingChanges[0], 'Send needs a recipient.');
        assert.deepEqual(affectedComponents.map(({ componentId, type, changes }) => [componentId, type, changes.length]), [[flows[0].send, 'story.mail.core.Send', 1]]);
    });

    test('R26 Flows that need attention say so to their owner until they run again', async () => {
        await back();
        const flow = await story.flow('attention', { client: owner });
        const still = await story.flow('still', { client: owner, start: false });
        await story.update({ version: '2.0.0', confirmBreaking: true });
        for (const { flowId, send } of [flow, still]) {
            const { attention } = await owner.get(`/flows/${flowId}`);
            assert.deepEqual(attention.map(({ code, connector, componentId, field }) => [code, connector, componentId, field]), [['fill-field', 'story.mail', send, 'to']]);
        }
        assert.deepEqual((await owner.get('/flows?filter=attention:true')).map(({ name }) => name).sort(), ['attention', 'still']);
        const { flow: descriptor } = await owner.get(`/flows/${flow.flowId}`);
        descriptor[flow.send].config.transform.in[flow.hook].out.lambda.to = 'you@example.test';
        await owner.put(`/flows/${flow.flowId}`, { flow: descriptor });
        await owner.startFlow(flow.flowId);
        assert.deepEqual((await owner.get('/flows?filter=attention:true')).map(({ name }) => name), ['still']);
    });

    test('S114 S122 A flow of the same tenant receives the events; the plan warns when it would be stopped itself', async () => {
        await back();
        const handler = await story.flow('handler', { body: () => ({ n: 'handled' }) });
        const apart = await story.flow('apart', { type: 'patchbay.utils.controls.SetVariable', input: { variables: {} }, body: () => ({ n: 'told' }) });
        const address = ({ flowId, hook }) => `${story.server.url}/flows/${flowId}/components/${hook}`;
        await story.set('WEBHOOK_FLOW_STOPPED', `${address(handler)},${address(apart)}`);
        const plan = await admin.get('/connectors/story.mail/plan?version=2.0.0');
        assert.ok(plan.warnings.some(text => text.includes('Flow handler is told')), JSON.stringify(plan.warnings));
        assert.ok(!plan.warnings.some(text => text.includes('Flow apart')));
        await story.flow('victim');
        await story.update({ version: '2.0.0', confirmBreaking: true });
        assert.equal((await story.arrived('apart', 2))[0].n, 'told', 'once for each of the two stopped flows');
        await story.set('WEBHOOK_FLOW_STOPPED', '');
    });

    test('R21 A renamed field is auto-migratable: the owner\'s upgrade applies the prepared edit', async () => {
        await back();
        const flow = await story.flow('renamed', { client: owner });
        const plan = await admin.get('/connectors/story.mail/plan?version=3.0.0');
        assert.equal(plan.flows.find(({ flowId }) => flowId === flow.flowId).verdict, 'auto-migratable');
        await story.update({ version: '3.0.0', confirmBreaking: true, mode: 'side-by-side' });
        await flow.call(1);
        assert.equal((await story.arrived('renamed', 1))[0].version, '1.0.0');
        const stranger = await person(admin);
        assert.equal((await stranger.call('POST', `/flows/${flow.flowId}/upgrade`, { json: { connector: 'story.mail' } })).status, 404);
        const look = await owner.post(`/flows/${flow.flowId}/upgrade`, { connector: 'story.mail', dryRun: true });
        assert.deepEqual(look.applied.map(({ kind, where }) => [kind, where]), [['input-renamed', 'in.in.text']]);
        assert.deepEqual(look.remaining, []);
        await owner.post(`/flows/${flow.flowId}/upgrade`, { connector: 'story.mail' });
        assert.equal(await story.stage(flow.flowId), 'running');
        await flow.call(2);
        const all = await story.arrived('renamed', 2);
        assert.deepEqual([all[1].n, all[1].version], ['2', '3.0.0']);
    });

    test('R21 A running flow that could not run with the new version is not upgraded, and told what is missing', async () => {
        await back();
        const flow = await story.flow('missing', { client: owner });
        await story.update({ version: '2.0.0', confirmBreaking: true, mode: 'side-by-side' });
        const refused = await owner.call('POST', `/flows/${flow.flowId}/upgrade`, { json: { connector: 'story.mail' } });
        assert.equal(refused.status, 409);
        assert.deepEqual(refused.body.data.map(({ kind, field }) => [kind, field]), [['input-new-required', 'to']]);
        assert.equal(await story.stage(flow.flowId), 'running');
        const { flow: descriptor } = await owner.get(`/flows/${flow.flowId}`);
        descriptor[flow.send].config.transform.in[flow.hook].out.lambda.to = 'you@example.test';
        await owner.put(`/flows/${flow.flowId}?forceUpdate=true`, { flow: descriptor });
        await owner.post(`/flows/${flow.flowId}/upgrade`, { connector: 'story.mail' });
        await flow.call(1);
        assert.equal((await story.arrived('missing', 1))[0].version, '2.0.0');
    });

    test('S120 A dead receiver does not hold up the update, and is tried again', async () => {
        await back();
        await story.set('WEBHOOK_FLOW_STOPPED', 'http://127.0.0.1:9/nobody');
        const flow = await story.flow('nobody');
        await story.update({ version: '2.0.0', confirmBreaking: true });
        assert.equal(await story.stage(flow.flowId), 'stopped');
        await until(async () => (await admin.get(`/system-webhooks/deliveries?flowId=${flow.flowId}`)).some(({ attempts, state }) => attempts >= 1 && state === 'pending'), 'an attempt that failed');
        await story.set('WEBHOOK_FLOW_STOPPED', '');
    });
});

'use strict';

/** Integrations (rest-api §9): a template's instances are rolled forward, and deleted with it; behind a ticket, over kills. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { until } = require('./rest_client');
const { Server } = require('./server');
const Sink = require('./sink');
const { publishStarters } = require('./starter_zips');

const EVERYONE = [{ scope: 'user', permissions: ['read'] }];

describe('Integrations', () => {

    let server;
    let admin;
    let author;
    let customer;
    let sink;

    before(async () => {
        server = await Server.start({ name: 'integrations' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http');
        author = await person(admin);
        customer = await person(admin);
        sink = await Sink.start();
    });

    after(async () => {
        await sink?.stop();
        await server?.stop();
    });

    /** Webhook → request to the sink, which says which version of the template sent it. */
    function descriptor(version, ids = {}) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { id: ids.hook, properties: { immediateResponse: true } });
        const send = flow.add('patchbay.utils.http.Request', {
            id: ids.send,
            from: hook,
            input: { url: sink.url, method: 'POST', body: { version, id: `{{{$.${hook}.out.data.id}}}` } }
        });
        return { flow: flow.descriptor, ids: { hook, send } };
    }

    /** Draft and template of an author, and an instance of a customer. */
    async function integration() {
        const { flow, ids } = descriptor('one');
        const draftId = await author.createFlow({ name: 'Draft', type: 'integration-draft', flow });
        const { cloneId: templateId } = await author.post(`/flows/${draftId}/clone`, {
            projection: '-sharedWith', setOriginFlowId: true,
            additional: { type: 'integration-template', sharedWith: EVERYONE }
        });
        const template = await author.get(`/flows/${templateId}`);
        const names = { hook: template.componentIdMap[ids.hook], send: template.componentIdMap[ids.send] };
        return { draftId, templateId, ids: names };
    }

    const instanceOf = async (templateId, who = customer) =>
        (await who.post(`/flows/${templateId}/clone`, { isTemplateInstance: true })).cloneId;

    const ended = (client, ticket) => until(async () => {
        const state = await client.get(`/integrations/status/${ticket}`);
        return state.state === 'in-progress' ? null : state;
    }, `the end of ticket ${ticket}`, 120000);

    const publish = (templateId, version, ids, more = {}) =>
        author.put(`/flows/${templateId}`, { flow: descriptor(version, ids).flow, ...more });

    const rollForward = async (templateId, body = {}) => {
        const { ticket } = await author.post(`/integrations/${templateId}/update-integration-instances`, body);
        return ended(author, ticket);
    };

    test('Instances get the template\'s descriptor under their own ids; those that run go on running', async () => {
        const { templateId, ids } = await integration();
        const running = await instanceOf(templateId);
        const stopped = await instanceOf(templateId);
        await customer.put(`/flows/${running}`, { name: 'My own name' });
        await customer.startFlow(running);
        const earlier = await customer.get(`/flows/${running}`);

        await publish(templateId, 'two', ids, { revision: 2 });
        const state = await rollForward(templateId, { inProgressData: 'keep' });
        assert.deepEqual(state, { state: 'completed', status: 'completed', stepsDone: 2, stepsTotal: 2 });

        const flow = await customer.get(`/flows/${running}`);
        assert.equal(flow.stage, 'running');
        assert.equal(flow.name, 'My own name');
        assert.equal(flow.revision, 2);
        assert.equal(flow.type, 'integration-instance');
        assert.deepEqual(Object.keys(flow.flow).sort(), Object.keys(earlier.flow).sort(), 'components keep their ids');
        assert.equal((await customer.get(`/flows/${stopped}`)).stage, 'stopped');
        assert.ok(JSON.stringify((await customer.get(`/flows/${stopped}`)).flow).includes('"two"'));

        const hook = flow.componentIdMap[ids.hook];
        await server.client().must('POST', `/flows/${running}/components/${hook}`, { json: { id: 'after' } });
        const { body } = await sink.one(request => request.body.id === 'after');
        assert.equal(body.version, 'two');
        assert.equal((await customer.get(`/flows/${running}/versions`)).totalCount, 1, 'the user finds his earlier descriptor');
        await customer.stopFlow(running);
    });

    test('What a user filled in where the wizard asks stays; new components come, removed ones go', async () => {
        const { templateId, ids } = await integration();
        await author.put(`/flows/${templateId}`, { wizard: { fields: [{ label: 'Label', source: `${ids.hook}.label` }] } });
        await publish(templateId, 'one', ids);
        const withLabel = (await author.get(`/flows/${templateId}`)).flow;
        withLabel[ids.hook].label = 'asked';
        await author.put(`/flows/${templateId}`, { flow: withLabel });
        const instance = await instanceOf(templateId);
        const before = await customer.get(`/flows/${instance}`);
        const hook = before.componentIdMap[ids.hook];
        before.flow[hook].label = 'answered';
        await customer.put(`/flows/${instance}`, { flow: before.flow });

        const newer = (await author.get(`/flows/${templateId}`)).flow;
        delete newer[ids.send];
        newer['33333333-3333-4333-8333-333333333333'] = {
            type: 'patchbay.utils.http.Request', source: { in: { [ids.hook]: ['out'] } }, config: {}
        };
        await author.put(`/flows/${templateId}`, { flow: newer });
        assert.equal((await rollForward(templateId)).state, 'completed');

        const after = await customer.get(`/flows/${instance}`);
        assert.equal(after.flow[hook].label, 'answered');
        assert.equal(after.wizard.fields[0].source, `${hook}.label`);
        const added = after.componentIdMap['33333333-3333-4333-8333-333333333333'];
        assert.deepEqual(Object.keys(after.flow).sort(), [hook, added].sort());
        assert.deepEqual(Object.keys(after.flow[added].source.in), [hook]);
        assert.ok(!(ids.send in after.componentIdMap));
        assert.equal((await rollForward(templateId)).state, 'completed');
        assert.deepEqual((await customer.get(`/flows/${instance}`)).flow, after.flow, 'a second time changes nothing');
    });

    test('An instance that cannot start again fails the ticket, and the others are updated', async () => {
        const { templateId, ids } = await integration();
        const first = await instanceOf(templateId);
        const second = await instanceOf(templateId);
        await customer.startFlow(first);
        const flow = (await author.get(`/flows/${templateId}`)).flow;
        flow[ids.send].type = 'acme.none.none.Missing';
        await author.put(`/flows/${templateId}`, { flow });
        const state = await rollForward(templateId);
        assert.equal(state.state, 'failed');
        assert.match(state.error, new RegExp(`Flow ${first} was not updated: .*acme.none.none.Missing`));
        assert.equal(state.stepsDone, 2);
        assert.ok(JSON.stringify((await customer.get(`/flows/${second}`)).flow).includes('acme.none.none.Missing'));
    });

    test('Deleting: the draft, the template and all instances go, running ones too; other flows stay', async () => {
        const { draftId, templateId } = await integration();
        const instance = await instanceOf(templateId);
        await customer.startFlow(instance);
        const { cloneId: copy } = await customer.post(`/flows/${templateId}/clone`, {});
        // Anybody may write any id into his own flow: that makes it no part of another's integration.
        const stranger = await customer.createFlow({ name: 'Stranger', type: 'integration-template', originFlowId: draftId, flow: {} });

        const { ticket } = await author.must('DELETE', `/integrations/${draftId}`);
        const state = await ended(author, ticket);
        assert.equal(state.state, 'completed', state.error);
        for (const [client, flowId] of [[author, draftId], [author, templateId], [customer, instance]]) {
            refused(await client.call('GET', `/flows/${flowId}`), 404);
        }
        await customer.get(`/flows/${copy}`);
        await customer.get(`/flows/${stranger}`);
    });

    test('A template that names another\'s draft takes only itself and its instances along', async () => {
        const { draftId, templateId } = await integration();
        const evil = await customer.createFlow({ name: 'Evil', type: 'integration-template', originFlowId: draftId, flow: {} });
        const { ticket } = await customer.must('DELETE', `/integrations/${evil}`);
        assert.equal((await ended(customer, ticket)).state, 'completed');
        refused(await customer.call('GET', `/flows/${evil}`), 404);
        await author.get(`/flows/${draftId}`);
        await author.get(`/flows/${templateId}`);
    });

    test('Only the author and admins may; tickets are read by who got them', async () => {
        const { draftId, templateId } = await integration();
        const update = `/integrations/${templateId}/update-integration-instances`;
        refused(await customer.call('POST', update, { json: {} }), 403);
        refused(await customer.call('DELETE', `/integrations/${templateId}`), 403);
        refused(await customer.call('DELETE', `/integrations/${draftId}`), 404);
        refused(await author.call('POST', `/integrations/${draftId}/update-integration-instances`, { json: {} }), 400);
        refused(await author.call('POST', update, { json: { inProgressData: 'burn' } }), 400);
        const plain = await author.createFlow({ name: 'Plain', flow: {} });
        refused(await author.call('DELETE', `/integrations/${plain}`), 400);
        const { ticket } = await admin.post(update, {});
        assert.equal((await ended(admin, ticket)).state, 'completed');
        refused(await author.call('GET', `/integrations/status/${ticket}`), 404);
        refused(await author.call('GET', '/integrations/status/none'), 404);
    });

    test('A server that is killed meanwhile goes on: all are updated, and those that ran run', async () => {
        const { templateId, ids } = await integration();
        const instances = [];
        for (let i = 0; i < 12; i++) {
            const instance = await instanceOf(templateId);
            await customer.startFlow(instance);
            instances.push(instance);
        }
        await publish(templateId, 'killed', ids);
        const { ticket } = await author.post(`/integrations/${templateId}/update-integration-instances`, {});
        await until(async () => (await author.get(`/integrations/status/${ticket}`)).stepsDone >= 2, 'two instances');
        await server.kill();
        await server.start();
        const state = await ended(author, ticket);
        assert.deepEqual(state, { state: 'completed', status: 'completed', stepsDone: 12, stepsTotal: 12 });
        for (const instance of instances) {
            const flow = await customer.get(`/flows/${instance}`);
            assert.equal(flow.stage, 'running', instance);
            assert.ok(JSON.stringify(flow.flow).includes('"killed"'), instance);
        }
    });
});

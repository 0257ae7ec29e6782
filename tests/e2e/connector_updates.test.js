'use strict';

/** A connector's versions under running flows: the plan, seamless and breaking updates, rollback, removal (S96-S112, R21-R27). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const { Story, action } = require('./connector_story');
const { bundleZip } = require('./bundle_zip');
const { until } = require('./rest_client');

const FIRST = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }), Old: action({ version: '1.0.0' }) } };
const SECOND = { version: '1.1.0', components: { Send: action({ version: '1.1.0', fields: { text: {}, extra: {} } }), Old: action({ version: '1.1.0' }) } };
// A new required field, and a component that goes.
const MAJOR = {
    version: '2.0.0', changelog: { '2.0.0': ['(breaking change) Send needs a recipient.'] },
    components: { Send: action({ version: '2.0.0', fields: { text: {}, to: {} }, required: ['to'] }) }
};

describe('A connector is updated under running flows', () => {

    let story;
    let admin;

    before(async () => {
        story = await Story.begin('updates');
        await story.offer(FIRST, SECOND, MAJOR);
        admin = story.admin;
    });

    after(() => story?.end());

    const fresh = async version => {
        for (const { flowId } of await admin.get('/flows')) {
            await admin.stopFlow(flowId);
            await admin.delete(`/flows/${flowId}`);
        }
        if (await story.version() !== undefined) {
            await story.done('DELETE', '/connectors/story.mail?confirm=true');
        }
        await story.install(version);
    };

    test('S24 S27 Installing lists the components; a second click gets the running ticket', async () => {
        const [one, two] = await Promise.all([1, 2].map(() => admin.call('POST', '/connectors/story.mail/install', { json: { version: '1.0.0' } })));
        assert.equal(one.status, 202, one.text);
        assert.ok(two.status === 202 && two.body.ticket === one.body.ticket, two.text);
        const operation = await story.ended(one.body.ticket);
        assert.equal(operation.status, 'completed', JSON.stringify(operation));
        assert.equal(operation.phase, 'done');
        assert.deepEqual((await admin.get('/apps/components?app=story.mail')).map(({ name }) => name).sort(), ['story.mail.core.Old', 'story.mail.core.Send']);
        const again = await admin.call('POST', '/connectors/story.mail/install', { json: {} });
        assert.equal(again.status, 409);
        assert.equal(again.body.code, 'CONNECTOR_ALREADY_INSTALLED');
    });

    test('S97 S105 A compatible update stops nothing, asks nothing, and the next message runs the new code', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('seamless');
        await flow.call(1);
        assert.equal((await story.arrived('seamless', 1))[0].version, '1.0.0');
        const plan = await admin.get('/connectors/story.mail/plan?action=update&version=1.1.0');
        assert.equal(plan.requiresConfirmation, false);
        assert.deepEqual(plan.flows.map(({ flowId, verdict, stage }) => [flowId, verdict, stage]), [[flow.flowId, 'safe', 'running']]);
        const operation = await story.update({ version: '1.1.0' });
        assert.equal(operation.flows.total, 0);
        assert.equal(await story.stage(flow.flowId), 'running');
        await flow.call(2);
        assert.equal((await story.arrived('seamless', 2))[1].version, '1.1.0');
    });

    test('S99 S101 S106 S107 S110 S112 A breaking update is refused with its plan, then stops and marks what it hits', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('breaking');
        const other = await story.flow('unrelated', { type: 'patchbay.utils.http.Request', input: { url: `${story.sink.url}/x`, method: 'GET' } });
        const refused = await admin.call('POST', '/connectors/story.mail/update', { json: { version: '2.0.0' } });
        assert.equal(refused.status, 409);
        assert.equal(refused.body.code, 'CONNECTOR_BREAKING_CHANGE');
        const [row] = refused.body.data.flows;
        assert.equal(row.verdict, 'needs-owner');
        assert.deepEqual(row.changes.map(({ kind, where, field, action: todo, componentId }) => [kind, where, field, todo, componentId]),
            [['input-new-required', 'in.in.to', 'to', 'fill-field', flow.send]]);
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flow.flowId), 'running');

        const operation = await story.update({ version: '2.0.0', confirmBreaking: true, confirmationToken: refused.body.data.confirmationToken });
        assert.deepEqual([operation.flows.total, operation.flows.stopped], [1, 1]);
        assert.equal(await story.version(), '2.0.0');
        assert.equal(await story.stage(flow.flowId), 'stopped');
        assert.equal(await story.stage(other.flowId), 'running', 'S103');
        const stored = await admin.get(`/flows/${flow.flowId}`);
        assert.deepEqual(Object.keys(stored.flow[flow.send].config.transform.in[flow.hook].out.lambda), ['text'], 'its document is as it was');

        const accepted = await flow.call(7);
        assert.equal(accepted.status, 202, 'calls wait while it is stopped by an operation');
        const start = await admin.call('POST', `/flows/${flow.flowId}/coordinator`, { json: { command: 'start' } });
        assert.equal(start.status, 400, start.text);
        assert.match(start.text, /\bto\b/);
        const descriptor = structuredClone(stored.flow);
        descriptor[flow.send].config.transform.in[flow.hook].out.lambda.to = 'me@example.test';
        await admin.put(`/flows/${flow.flowId}`, { flow: descriptor });
        await admin.startFlow(flow.flowId);
        const [{ n, version }] = await story.arrived('breaking', 1);
        assert.deepEqual([n, version], ['7', '2.0.0'], 'the call that waited');
        assert.equal((await flow.call(8)).status, 200);
    });

    test('R6 Calls of a flow that an operation stopped wait, as many as may, also over a SIGKILL', async () => {
        await fresh('1.0.0');
        await story.set('PARKED_WEBHOOKS_LIMIT', 3);
        const flow = await story.flow('waiting');
        await story.update({ version: '2.0.0', confirmBreaking: true });
        assert.deepEqual([(await flow.call(1)).status, (await flow.call(2)).status], [202, 202]);
        await story.server.kill();
        await story.restart();
        admin = story.admin;
        assert.equal((await flow.call(3)).status, 202);
        const refused = await flow.call(4);
        assert.equal(refused.status, 503);
        assert.ok(Number(refused.headers['retry-after']) > 0);
        await story.rollback();
        assert.deepEqual((await story.arrived('waiting', 3)).map(({ n }) => n).sort(), ['1', '2', '3']);
        assert.equal((await flow.call(5)).status, 200);
        await story.set('PARKED_WEBHOOKS_LIMIT', 1000);
    });

    test('CONNECTOR_PLAN_CHANGED: another flow runs than the plan that was confirmed says', async () => {
        await fresh('1.0.0');
        await story.flow('planned');
        const { confirmationToken } = await admin.get('/connectors/story.mail/plan?version=2.0.0');
        await story.flow('planned too');
        const changed = await admin.call('POST', '/connectors/story.mail/update', { json: { version: '2.0.0', confirmBreaking: true, confirmationToken } });
        assert.equal(changed.status, 409);
        assert.equal(changed.body.code, 'CONNECTOR_PLAN_CHANGED');
        assert.equal(changed.body.data.flows.length, 2);
    });

    test('R26 stop-affected stops only what the plan says; the others go on with the new version', async () => {
        await fresh('1.0.0');
        const hit = await story.flow('hit');
        const spared = await story.flow('spared', { input: { text: 'x', to: 'me@example.test' } });
        const operation = await story.update({ version: '2.0.0', confirmBreaking: true, mode: 'stop-affected' });
        assert.equal(operation.flows.total, 1);
        assert.equal(await story.stage(hit.flowId), 'stopped');
        assert.equal(await story.stage(spared.flowId), 'running');
        await spared.call(1);
        assert.equal((await story.arrived('spared', 1))[0].version, '2.0.0');
    });

    test('Two majors serve different flows at once: side by side', async () => {
        await fresh('1.0.0');
        const old = await story.flow('old');
        const operation = await story.update({ version: '2.0.0', confirmBreaking: true, mode: 'side-by-side' });
        assert.equal(operation.flows.total, 0);
        const young = await story.flow('young', { input: { text: 'x', to: 'me@example.test' } });
        await old.call(1);
        await young.call(1);
        assert.equal((await story.arrived('old', 1))[0].version, '1.0.0');
        assert.equal((await story.arrived('young', 1))[0].version, '2.0.0');
        await story.server.kill();
        await story.restart();
        admin = story.admin;
        await old.call(2);
        assert.equal((await story.arrived('old', 2))[1].version, '1.0.0', 'also after a restart');
    });

    test('Two majors side by side have their own dependencies', async () => {
        const withPackage = number => ({
            version: number, name: 'story.deps', extra: { 'story/deps/node_modules/dep/index.js': `module.exports = 'dep of ${number}';\n` },
            components: { Send: action({ code: "'use strict';\nmodule.exports = { async receive(context) { await context.sendJson({ text: '1', version: require('dep') }, 'out'); } };\n" }) }
        });
        await story.offer(withPackage('1.0.0'), withPackage('2.0.0'));
        await story.install('1.0.0', 'story.deps');
        const old = await story.flow('old-deps', { type: 'story.deps.core.Send' });
        await story.update({ version: '2.0.0', confirmBreaking: true, mode: 'side-by-side' }, 'story.deps');
        const young = await story.flow('young-deps', { type: 'story.deps.core.Send' });
        await Promise.all([old.call(1), young.call(1)]);
        assert.equal((await story.arrived('old-deps', 1))[0].version, 'dep of 1.0.0');
        assert.equal((await story.arrived('young-deps', 1))[0].version, 'dep of 2.0.0');
    });

    test('S96 A downgrade is an update too, and says so', async () => {
        await fresh('1.1.0');
        const operation = await story.update({ version: '1.0.0' });
        assert.equal(await story.version(), '1.0.0');
        assert.ok(operation.warnings.some(text => text.startsWith('This is a downgrade')), JSON.stringify(operation.warnings));
        const again = await admin.call('POST', '/connectors/story.mail/update', { json: { version: '1.0.0' } });
        assert.deepEqual([again.status, again.body.code], [409, 'CONNECTOR_UP_TO_DATE']);
    });

    test('R25 A rollback brings back version and flows, in one call', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('back');
        const stopped = await story.flow('stopped', { start: false });
        await story.update({ version: '2.0.0', confirmBreaking: true });
        assert.equal((await flow.call(1)).status, 202);
        const operation = await story.rollback();
        assert.equal(operation.flows.restarted, 1);
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flow.flowId), 'running');
        assert.equal(await story.stage(stopped.flowId), 'stopped');
        assert.deepEqual((await story.arrived('back', 1)).map(({ n, version }) => [n, version]), [['1', '1.0.0']]);
        const nothing = await admin.call('POST', '/connectors/story.mail/rollback', { json: { operation: operation.undoes } });
        assert.equal(nothing.status, 409, nothing.text);
    });

    test('R25 A flow started since on the newer version keeps it through a rollback', async () => {
        await fresh('1.0.0');
        await story.update({ version: '2.0.0', confirmBreaking: true });
        const since = await story.flow('since', { input: { text: 'x', to: 'me@example.test' } });
        await story.rollback();
        assert.equal(await story.version(), '1.0.0');
        await since.call(1);
        assert.equal((await story.arrived('since', 1))[0].version, '2.0.0');
    });

    test('S45 S46 S47 T8 Removal asks when flows use it; stopFlows stops them first; reinstalling goes on', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('removed');
        const refused = await admin.call('DELETE', '/connectors/story.mail');
        assert.equal(refused.status, 409);
        assert.equal(refused.body.code, 'CONNECTOR_IN_USE');
        assert.equal(refused.body.data.flows[0].verdict, 'broken');
        await story.done('DELETE', '/connectors/story.mail?confirm=true&stopFlows=true');
        assert.equal(await story.version(), undefined);
        assert.equal(await story.stage(flow.flowId), 'stopped');
        assert.equal((await flow.call(1)).status, 202);
        const [kept] = (await admin.get('/connectors/trash')).filter(({ name, version }) => name === 'story.mail' && version === '1.0.0');
        await story.done('POST', `/connectors/trash/${encodeURIComponent(kept.id)}/restore`, {});
        assert.equal(await story.version(), '1.0.0');
        await admin.startFlow(flow.flowId);
        assert.equal((await story.arrived('removed', 1))[0].n, '1');
    });

    test('S90 S110 Publishing a breaking version over an installed one needs a confirmation', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('published');
        const refused = await admin.publish(bundleZip('story.mail', MAJOR), '?replaceAll=true');
        assert.match(refused.err, /not confirmed/);
        assert.ok(refused.data.some(({ message }) => message.includes('Field to is new')), JSON.stringify(refused));
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flow.flowId), 'running');
        const taken = await admin.publish(bundleZip('story.mail', MAJOR), '?replaceAll=true&confirmBreaking=true');
        assert.equal(taken.err, undefined, JSON.stringify(taken));
        assert.equal(await story.version(), '2.0.0');
        assert.equal(await story.stage(flow.flowId), 'stopped');
    });

    test('S111 A version that does not load leaves the old one and its flows running', async () => {
        await fresh('1.0.0');
        const flow = await story.flow('loads');
        await story.offer({ version: '3.0.0', components: { Send: action({ code: 'this is no JavaScript' }) } });
        const operation = await story.ended(await story.begun('POST', '/connectors/story.mail/update', { version: '3.0.0', confirmBreaking: true }));
        assert.equal(operation.status, 'failed', JSON.stringify(operation));
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flow.flowId), 'running');
        await flow.call(1);
        assert.equal((await story.arrived('loads', 1))[0].version, '1.0.0');
    });

    test('S98 S124 Plans, operations and the audit are for admins', async () => {
        const plain = await person(admin);
        for (const [method, url] of [['GET', '/connectors/story.mail/plan'], ['POST', '/connectors/story.mail/update'], ['DELETE', '/connectors/story.mail'], ['GET', '/connectors/operations']]) {
            assert.equal((await plain.call(method, url, { json: {} })).status, 403, url);
            assert.equal((await story.server.client().call(method, url, { json: {} })).status, 401, url);
        }
        const operations = await admin.get('/connectors/operations?limit=5');
        assert.equal(operations.length, 5);
        assert.ok(operations[0].started >= operations[1].started);
        await until(async () => (await admin.get('/connectors/operations?filter=status:in-progress')).length === 0, 'no operation');
    });
});

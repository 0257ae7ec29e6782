'use strict';

/** Installing and removing connectors as the people around it see it (S14, S25, S28, S36, S48-S50, S83, S88, S89, S100). */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const { Story, action } = require('./connector_story');
const { bundleZip } = require('./bundle_zip');

const AUTH = "'use strict';\nmodule.exports = { type: 'apiKey', definition: { auth: { apiKey: { type: 'text', name: 'Key' } }, validate: async () => true, requestProfileInfo: async () => ({ name: 'me' }), accountNameFromProfileInfo: 'name' } };\n";
const MAIL = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } };
const KEYED = {
    version: '1.0.0', extra: { 'story/keyed/auth.js': AUTH },
    components: { Send: action({ auth: { service: 'story:keyed' }, code: "'use strict';\nmodule.exports = { async receive(context) { await context.sendJson({ text: context.auth.apiKey, version: context.config?.region }, 'out'); } };\n" }) }
};
const MAJOR = { version: '2.0.0', components: { Send: action({ version: '2.0.0' }) } };

describe('Connectors come and go', () => {

    let story;
    let admin;

    before(async () => {
        story = await Story.begin('install');
        await story.offer(MAIL, MAJOR, { ...KEYED, name: 'story.keyed' });
        admin = story.admin;
    });

    after(() => story?.end());

    test('S25 S28 What is installed can be used at once, by everybody, in sessions that were open before', async () => {
        const user = await person(admin);
        assert.ok(!('story.mail' in await user.get('/apps')));
        await story.install('1.0.0');
        assert.ok('story.mail' in await user.get('/apps'));
        assert.deepEqual((await user.get('/components?selector=story.mail')), ['story.mail.core.Send']);
        const flow = await story.flow('at-once', { client: user });
        await flow.call(1);
        assert.equal((await story.arrived('at-once', 1))[0].version, '1.0.0');
    });

    test('S36 S42 A rule on one connector stands in the list of all rules', async () => {
        const rules = await admin.get('/acl/components');
        const { headers } = await admin.call('GET', '/connectors/story.mail/access');
        assert.ok(headers.etag);
        assert.ok(rules.some(({ role, resource }) => role === 'user' && resource === '*'));
        await admin.post('/acl/components', [...rules, { role: 'tester', resource: 'story.mail.*', action: ['*'], attributes: ['non-private'] }]);
        const { roles } = await admin.get('/connectors/story.mail/access');
        assert.ok(roles.some(({ role }) => role === 'tester'));
        await admin.post('/acl/components', rules);
    });

    test('S48 S49 S47 Removal says how many running flows it hits, and is possible: they run on and their components fail', async () => {
        const flow = await story.flow('forced');
        const refused = await admin.call('DELETE', '/connectors/story.mail');
        assert.equal(refused.body.code, 'CONNECTOR_IN_USE');
        assert.ok(refused.body.data.warnings.some(text => text.startsWith('2 running flows use it')), JSON.stringify(refused.body.data.warnings));
        await story.done('DELETE', '/connectors/story.mail?confirm=true');
        assert.equal(await story.stage(flow.flowId), 'running');
        assert.deepEqual((await admin.logs(flow.flowId)).filter(({ severity }) => severity === 'error'), []);
        assert.equal((await flow.call(1)).status, 200, 'components before it still run');
        const error = await admin.logged(flow.flowId, ({ severity }) => severity === 'error', 'the error of the missing component');
        assert.equal(error.componentId, flow.send);
        const plan = await admin.get('/connectors/story.mail/plan?action=install&version=1.0.0');
        assert.equal(plan.from, null);
        assert.equal(plan.flows.length, 2, 'planned as an update from the revision it had (R21)');
        await story.install('1.0.0');
        assert.equal((await story.arrived('forced', 1))[0].n, '1');
        await admin.stopFlow(flow.flowId);
        const none = await admin.get('/connectors/story.mail/plan?action=remove');
        assert.equal(none.counts.running.automations, 1, 'the one of the other user');
    });

    test('S100 The plan counts the running flows of each kind', async () => {
        await story.flow('kind');
        const plan = await admin.get('/connectors/story.mail/plan?version=2.0.0');
        assert.equal(plan.requiresConfirmation, true);
        assert.deepEqual(plan.counts.running, { automations: 2, integrations: 0 });
        assert.ok(plan.warnings.some(text => text.startsWith('2 running flows use it and are going to be stopped')), JSON.stringify(plan.warnings));
        assert.ok(plan.warnings.includes('Declared breaking, but no flow of yours is affected.'));
    });

    test('S50 Accounts, configuration and rules survive a removal', async () => {
        await story.install('1.0.0', 'story.keyed');
        const { accountId } = await admin.post('/accounts', { service: 'story:keyed', token: { apiKey: 'secret-key' }, profileInfo: { name: 'me' } });
        await admin.put('/service-config/story:keyed', { region: 'eu' });
        const flow = await story.flow('keyed', { type: 'story.keyed.core.Send', start: false });
        await admin.put(`/auth/component/${flow.send}/${accountId}`, {});
        await admin.startFlow(flow.flowId);
        await flow.call(1);
        assert.deepEqual((await story.arrived('keyed', 1))[0], { n: 'secret-key', version: 'eu' });
        await story.done('DELETE', '/connectors/story.keyed?confirm=true');
        await story.install('1.0.0', 'story.keyed');
        await flow.call(2);
        assert.deepEqual((await story.arrived('keyed', 2))[1], { n: 'secret-key', version: 'eu' });
    });

    test('S14 S83 S88 S89 A zip that was downloaded, published and installed is the same connector', async () => {
        const bytes = bundleZip('story.own', MAIL);
        const published = await admin.publish(bytes);
        assert.equal(published.err, undefined, JSON.stringify(published));
        const revision = () => fs.readdirSync(path.join(story.server.data, 'bundles/story.own')).sort();
        const [first] = revision();
        const own = await admin.get('/connectors/story.own');
        assert.deepEqual([own.installed, own.installedVersion, own.source], [true, '1.0.0', 'published']);
        assert.deepEqual((await admin.get('/connectors?pattern=story.own')).map(({ name }) => name), ['story.own']);
        const download = await admin.call('GET', '/connectors/story.own/download');
        assert.equal(download.headers['content-type'], 'application/zip');
        await story.done('DELETE', '/connectors/story.own');
        assert.equal((await admin.publish(download.bytes)).err, undefined);
        assert.deepEqual(revision(), [first], 'the same hash');
        story.catalogue.addZip('story.own', { version: '1.0.0' }, bytes);
        await story.refresh();
        await story.done('DELETE', '/connectors/story.own');
        await story.install('1.0.0', 'story.own');
        assert.deepEqual(revision(), [first]);
    });
});

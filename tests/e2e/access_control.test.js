'use strict';

/** rest-api §6, §29.5; S34-S44, S19, S20: who may see and use which connector. */

const assert = require('node:assert/strict');
const { after, afterEach, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { bundleZip } = require('./bundle_zip');

const CODE = "'use strict';\nmodule.exports = { receive(context) { return context.sendJson({}, 'out'); } };\n";
const DEFAULT = [
    { role: 'admin', resource: '*', action: ['*'], attributes: ['non-private'] },
    { role: 'user', resource: '*', action: ['*'], attributes: ['non-private'] },
    { role: 'tester', resource: '*', action: ['*'], attributes: ['non-private'] }
];

const rule = (role, resource, action = ['*'], attributes = ['non-private']) => ({ role, resource, action, attributes });
const apps = async client => Object.keys(await client.get('/apps')).sort();
const types = async (client, app) => (await client.get(`/apps/components?app=${app}`)).map(({ name }) => name).sort();

describe('Access control', () => {

    let server;
    let admin;
    let ann;
    let bob;
    let tester;

    const rules = () => admin.get('/acl/components');
    const setRules = list => admin.post('/acl/components', list);

    async function publish(name) {
        const result = await admin.publish(bundleZip(name, { components: {
            Card: { code: CODE },
            List: { code: CODE },
            Inner: { manifest: { private: true }, code: CODE }
        } }));
        assert.equal(result.err, undefined, JSON.stringify(result));
    }

    before(async () => {
        server = await Server.start({ name: 'access-control' });
        admin = await server.admin();
        ann = await person(admin);
        bob = await person(admin);
        tester = await person(admin, { scope: ['user', 'tester'] });
    });

    after(() => server?.stop());
    afterEach(() => setRules(DEFAULT));

    test('S34 A fresh tenant has the rule user * *', async () => {
        assert.deepEqual(await rules(), DEFAULT);
        await publish('appmixer.trello');
        await publish('appmixer.slack');
        assert.deepEqual(await apps(ann), ['appmixer.slack', 'appmixer.trello'], 'S28 installed is visible to an old session');
    });

    test('S37 Without it users see nothing at once, admins everything; what they saved stays and does not start', async () => {
        const flow = new FlowBuilder();
        flow.add('appmixer.trello.core.Card');
        const flowId = await ann.createFlow({ name: 'Trello', flow: flow.descriptor });
        await setRules(DEFAULT.filter(({ role }) => role !== 'user'));
        assert.deepEqual(await apps(ann), []);
        assert.deepEqual(await ann.get('/components'), []);
        assert.deepEqual(await types(ann, 'appmixer.trello'), []);
        assert.deepEqual(await apps(admin), ['appmixer.slack', 'appmixer.trello']);
        const body = refused(await ann.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } }), 403);
        assert.ok(JSON.stringify(body.data).includes('appmixer.trello.core.Card'));
        await setRules(DEFAULT);
        assert.deepEqual(await apps(ann), ['appmixer.slack', 'appmixer.trello']);
        await ann.startFlow(flowId);
        await setRules([]);
        assert.equal((await ann.get(`/flows/${flowId}`)).stage, 'running', 'T10 what runs goes on');
        await ann.stopFlow(flowId);
    });

    test('S38 S39 S40 S41 One rule for each installed connector: once, and later ones are not visible', async () => {
        await setRules([rule('admin', '*')]);
        assert.deepEqual(await apps(ann), []);
        const { added } = await admin.post('/acl/components/add-user-rules');
        assert.deepEqual(added, [rule('user', 'appmixer.slack.*'), rule('user', 'appmixer.trello.*')]);
        assert.deepEqual(await rules(), [rule('admin', '*'), ...added]);
        assert.deepEqual(await apps(ann), ['appmixer.slack', 'appmixer.trello']);
        assert.deepEqual(await admin.post('/acl/components/add-user-rules'), { added: [] });
        assert.equal((await rules()).length, 3, 'S41 no duplicates');
        await publish('acme.later');
        try {
            assert.deepEqual(await apps(ann), ['appmixer.slack', 'appmixer.trello'], 'S40');
            assert.deepEqual(await apps(admin), ['acme.later', 'appmixer.slack', 'appmixer.trello']);
            const flow = new FlowBuilder();
            flow.add('acme.later.core.Card');
            const flowId = await admin.createFlow({ name: 'Later', flow: flow.descriptor });
            await admin.startFlow(flowId);
            await admin.stopFlow(flowId);
            assert.deepEqual(await admin.post('/acl/components/add-user-rules'), { added: [rule('user', 'acme.later.*')] }, 'S41 exactly one new');
            assert.deepEqual(await apps(ann), ['acme.later', 'appmixer.slack', 'appmixer.trello']);
        } finally {
            await admin.delete('/components/acme.later');
        }
        refused(await ann.call('POST', '/acl/components/add-user-rules', { json: {} }), 403);
    });

    test('S43 The REST of the rules is for admins, and ignoreACL with it', async () => {
        assert.deepEqual(await admin.get('/acl-types'), ['routes', 'components']);
        assert.ok((await admin.get('/acl/components/resources')).includes('appmixer.trello.*'));
        assert.ok((await admin.get('/acl/components/actions')).includes('read'));
        assert.deepEqual(await admin.get('/acl/components/resource/appmixer.trello.*/attributes'), ['*', 'non-private', 'private']);
        assert.deepEqual(await admin.get('/acl/routes/resources'), ['*', 'flows']);
        for (const path of ['/acl-types', '/acl/components', '/acl/routes', '/acl/components/resources', '/acl/components/actions', '/acl/components/resource/*/attributes', '/roles']) {
            refused(await ann.call('GET', path), 403);
            refused(await server.client().call('GET', path), 401);
        }
        refused(await ann.call('POST', '/acl/components', { json: [] }), 403);
        refused(await admin.call('GET', '/acl/nothing'), 404);
        await setRules([]);
        assert.deepEqual(Object.keys(await admin.get('/apps?ignoreACL=true')).sort(), ['appmixer.slack', 'appmixer.trello']);
        for (const path of ['/apps?ignoreACL=true', '/components?ignoreACL=true', '/apps/components?app=appmixer.trello&ignoreACL=true']) {
            refused(await ann.call('GET', path), 400);
        }
        refused(await server.client().call('GET', '/apps?ignoreACL=true'), 400);
        assert.ok((await types(admin, 'appmixer.trello&ignoreACL=true')).includes('appmixer.trello.core.Inner'));
    });

    test('S44 Roles are scopes, addresses and domains; resources are prefixes; a denial wins', async () => {
        await setRules([rule('tester', 'appmixer.trello.*'), rule(ann.email, 'appmixer.slack')]);
        assert.deepEqual(await apps(tester), ['appmixer.trello']);
        assert.deepEqual(await apps(ann), ['appmixer.slack']);
        assert.deepEqual(await apps(bob), []);
        await setRules([rule('@example.test', 'appmixer.slack.*')]);
        assert.deepEqual(await apps(bob), ['appmixer.slack']);
        await setRules([rule('@elsewhere.test', '*')]);
        assert.deepEqual(await apps(bob), []);
        await setRules([rule('user', 'appmixer.trello.core.Card')]);
        assert.deepEqual(await types(bob, 'appmixer.trello'), ['appmixer.trello.core.Card']);
        await setRules([rule('user', 'appmixer.tre*')]);
        assert.deepEqual(await apps(bob), [], 'a prefix ends at a dot');
        await setRules([rule('user', '*'), rule(bob.email, 'appmixer.trello.*', ['!*'])]);
        assert.deepEqual([await apps(ann), await apps(bob)], [['appmixer.slack', 'appmixer.trello'], ['appmixer.slack']]);
    });

    test('S44 Attributes: private components show only where a rule admits them, and work for who may use the connector', async () => {
        const all = ['Card', 'Inner', 'List'].map(name => `appmixer.trello.core.${name}`);
        const [card, inner, list] = all;
        assert.deepEqual(await types(ann, 'appmixer.trello'), [card, list]);
        await setRules([rule('user', 'appmixer.trello.*', ['*'], ['*'])]);
        assert.deepEqual(await types(ann, 'appmixer.trello'), all);
        await setRules([rule('user', 'appmixer.trello.*', ['*'], ['private'])]);
        assert.deepEqual(await types(ann, 'appmixer.trello'), [inner]);
        await setRules([rule('user', 'appmixer.trello.*', ['*'], [])]);
        assert.deepEqual(await types(ann, 'appmixer.trello'), []);
    });

    test('S19 A connector\'s page shows the rules that apply to it, and no others', async () => {
        const list = [rule('user', '*'), rule('tester', 'appmixer.trello.*'), rule(ann.email, 'appmixer.trello.core.Card'), rule('user', 'appmixer.slack.*')];
        await setRules(list);
        const trello = await admin.get('/connectors/appmixer.trello/access');
        assert.deepEqual(trello.rules, list.slice(0, 3));
        assert.equal(trello.visibility, 'everyone');
        const of = role => trello.roles.find(entry => entry.role === role);
        assert.deepEqual(of('tester'), { role: 'tester', access: 'allow', attributes: ['non-private'], effective: true, components: {}, rules: [1] });
        assert.deepEqual(of(ann.email).components, { 'appmixer.trello.core.Card': 'allow' });
        refused(await admin.call('GET', '/connectors/not.installed/access'), 404);
        refused(await ann.call('GET', '/connectors/appmixer.trello/access'), 403);
    });

    test('S20 What the page says of a role is what the role sees, and the check says it of one user', async () => {
        await setRules([rule('tester', 'appmixer.*'), rule('user', 'appmixer.trello.core.List'), rule(bob.email, 'appmixer.trello.core.List', ['!*'])]);
        const { roles, visibility } = await admin.get('/connectors/appmixer.trello/access');
        assert.equal(visibility, 'custom');
        for (const [client, role] of [[ann, 'user'], [tester, 'tester'], [bob, bob.email], [admin, 'admin']]) {
            const { effective } = roles.find(entry => entry.role === role);
            assert.equal(effective, (await apps(client)).includes('appmixer.trello'), role);
            const check = await admin.get(`/connectors/appmixer.trello/access/check?userId=${client.id ?? admin.user.id}`);
            assert.equal(check.visible, effective, role);
        }
        assert.deepEqual((await admin.get(`/connectors/appmixer.trello/access/check?userId=${ann.id}`)).components,
            { 'appmixer.trello.core.Card': false, 'appmixer.trello.core.Inner': false, 'appmixer.trello.core.List': true });
        refused(await admin.call('GET', '/connectors/appmixer.trello/access/check'), 400);
        refused(await admin.call('GET', '/connectors/appmixer.trello/access/check?userId=000000000000000000000000'), 404);
    });

    test('S42 The page and the central list are one truth; a page that is out of date is refused with 412', async () => {
        const page = await admin.call('GET', '/connectors/appmixer.trello/access');
        const { etag } = page.headers;
        const roles = page.body.roles.map(entry => entry.role === 'user' ? { ...entry, access: 'deny' } : entry);
        const put = await admin.call('PUT', '/connectors/appmixer.trello/access', { json: { ...page.body, roles }, headers: { 'if-match': etag } });
        assert.equal(put.status, 200, put.text);
        assert.notEqual(put.headers.etag, etag);
        assert.deepEqual(await rules(), [...DEFAULT, rule('user', 'appmixer.trello.*', ['!*'], ['*'])]);
        assert.deepEqual(await apps(ann), ['appmixer.slack']);
        const late = refused(await admin.call('PUT', '/connectors/appmixer.trello/access', { json: { roles: [] }, headers: { 'if-match': etag } }), 412);
        assert.equal(late.code, 'CHANGED');
        assert.equal((await rules()).length, 4, 'nothing was changed');
        const list = await admin.call('GET', '/acl/components');
        refused(await admin.call('POST', '/acl/components', { json: [], headers: { 'if-match': etag } }), 412);
        assert.equal((await rules()).length, 4, 'nothing was changed');
        assert.equal((await admin.call('POST', '/acl/components', { json: list.body, headers: { 'if-match': list.headers.etag } })).status, 200);
        await setRules([...DEFAULT, rule('user', 'appmixer.trello.core.Card', ['!*'], ['*'])]);
        const seen = await admin.get('/connectors/appmixer.trello/access');
        assert.deepEqual(seen.roles.find(({ role }) => role === 'user').components, { 'appmixer.trello.core.Card': 'deny' }, 'and the reverse');
        await admin.put('/connectors/appmixer.trello/access', { roles: [] });
        assert.deepEqual(await rules(), DEFAULT, 'no role keeps rules of this connector');
        refused(await admin.call('PUT', '/connectors/appmixer.trello/access', { json: { roles: [{ role: 'user', access: 'sometimes' }] } }), 400);
        refused(await ann.call('PUT', '/connectors/appmixer.trello/access', { json: { roles: [] } }), 403);
    });

    test('Roles: scopes in use and those that rules name, with their users', async () => {
        await setRules([...DEFAULT, rule('@example.test', '*'), rule('nobody has it', '*')]);
        const roles = Object.fromEntries((await admin.get('/roles')).map(({ role, users }) => [role, users]));
        assert.deepEqual(roles, { '@example.test': 4, admin: 1, 'nobody has it': 0, tester: 1, user: 4 });
    });

    test('Each change of the rules leaves an entry of who made it', async () => {
        const { count } = await admin.get('/audit/count?filter=resource:acl');
        await admin.put('/connectors/appmixer.trello/access', { roles: [{ role: 'tester', access: 'deny' }] });
        await setRules(DEFAULT);
        await admin.post('/acl/components/add-user-rules');
        await admin.post('/acl/components/add-user-rules');
        const entries = await admin.get('/audit?filter=resource:acl');
        assert.equal(entries.length, count + 3, 'what changed nothing leaves none');
        assert.deepEqual(entries.slice(0, 3).map(({ action, name, userId }) => [action, name, userId]),
            [['change', 'components', admin.user.id], ['change', 'components', admin.user.id], ['change', 'appmixer.trello', admin.user.id]]);
        refused(await ann.call('GET', '/audit'), 403);
    });
});

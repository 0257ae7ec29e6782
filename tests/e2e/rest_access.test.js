'use strict';

/** Every route with no token, a wrong user, a plain user and an admin (architecture §7, S61, S124). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const HOOK = '11111111-1111-4111-8111-111111111111';

// [who may, method, path, body]; `{flow}`, `{version}`, `{template}` and `{store}` belong to a user, `{user}` is that user.
const ROUTES = [
    ['anyone', 'GET', '/'],
    ['anyone', 'GET', '/apps'],
    ['anyone', 'GET', '/components'],
    ['anyone', 'GET', '/openapi.json'],
    ['anyone', 'GET', '/health'],
    ['user', 'GET', '/user'],
    ['user', 'POST', '/user/change-password', {}],
    ['user', 'GET', '/apps/components?app=patchbay.utils.http'],
    ['user', 'GET', '/bundles'],
    ['user', 'GET', '/components/uploader/{nowhere}'],
    ['user', 'GET', '/components/foreign.service'],
    ['user', 'DELETE', '/components/foreign.service'],
    ['user', 'GET', '/flows'],
    ['user', 'GET', '/flows/count'],
    ['user', 'POST', '/flows', { name: 'x', flow: {} }],
    ['owner', 'GET', '/flows/{flow}'],
    ['owner', 'GET', '/flows/{flow}/validate'],
    ['owner', 'GET', '/flows/{flow}/coordinator/status'],
    ['owner', 'POST', '/flows/{flow}/coordinator', { command: 'stop' }],
    ['owner', 'POST', '/flows/{flow}', { command: 'stop' }],
    ['owner', 'POST', '/flows/{flow}/clone', {}],
    ['owner', 'POST', '/variables/{flow}/fetch', {}],
    ['owner', 'GET', '/flows/{flow}/counts'],
    ['owner', 'GET', '/flows/{flow}/versions'],
    ['owner', 'POST', '/flows/{flow}/versions', { label: 'Walked' }],
    ['owner', 'GET', '/flows/{flow}/versions/{version}'],
    ['owner', 'POST', '/flows/{flow}/versions/{version}/restore'],
    ['owner', 'POST', '/integrations/{template}/update-integration-instances', {}],
    ['owner', 'DELETE', '/integrations/{template}'],
    ['user', 'GET', '/integrations/status/{nowhere}'],
    ['owner', 'POST', '/flows/{flow}/test', { componentId: HOOK, payload: {} }],
    ['user', 'GET', '/logs'],
    ['user', 'POST', '/logs', {}],
    ['user', 'GET', '/stats/messages'],
    ['user', 'GET', '/telemetry'],
    ['user', 'GET', '/unprocessed-messages'],
    ['user', 'GET', '/unprocessed-messages/{nowhere}'],
    ['user', 'DELETE', '/unprocessed-messages/{nowhere}'],
    ['user', 'POST', '/unprocessed-messages/{nowhere}/retry'],
    ['user', 'POST', '/unprocessed-messages/bulk/retry', { ids: ['none'] }],
    ['user', 'POST', '/unprocessed-messages/bulk/delete', { ids: ['none'] }],
    ['user', 'GET', '/unprocessed-messages/bulk/{nowhere}'],
    ['user', 'DELETE', '/unprocessed-messages/bulk/{nowhere}'],
    ['user', 'POST', '/component/patchbay/none/none/None', {}],
    ['user', 'GET', '/stores'],
    ['owner', 'GET', '/stores/{store}'],
    ['owner', 'GET', '/store/{store}/key'],
    ['owner', 'GET', '/store?storeId={store}'],
    ['owner', 'GET', '/store/count?storeId={store}'],
    ['user', 'GET', '/accounts'],
    ['user', 'GET', '/accounts/000000000000000000000000'],
    ['user', 'GET', '/modifiers'],
    ['user', 'POST', '/modifiers/test', { helperFn: 'function () { return 1; }' }],
    ['user', 'POST', '/modifiers/transform', { transform: { lambda: {} } }],
    ['admin', 'GET', '/users'],
    ['admin', 'GET', '/metrics'],
    ['admin', 'GET', '/telemetry/messages'],
    ['admin', 'GET', '/telemetry/flows/{flow}'],
    ['admin', 'GET', '/plugins'],
    ['admin', 'GET', '/system-webhooks/deliveries'],
    ['admin', 'GET', '/system-webhooks/deliveries/count'],
    ['admin', 'GET', '/system-webhooks/deliveries/{nowhere}'],
    ['admin', 'POST', '/system-webhooks/deliveries/{nowhere}/retry'],
    ['admin', 'POST', '/system-webhooks/test', {}],
    ['admin', 'GET', '/users/count'],
    ['admin', 'GET', '/users/{user}'],
    ['admin', 'PUT', '/users/{user}', {}],
    ['admin', 'DELETE', '/users/000000000000000000000000'],
    ['admin', 'POST', '/user', { email: 'walk@example.test', password: 'long enough' }],
    ['admin', 'POST', '/user/reset-password', {}],
    ['admin', 'GET', '/config'],
    ['admin', 'GET', '/acl-types'],
    ['admin', 'GET', '/acl/components'],
    ['admin', 'POST', '/acl/nothing', []],
    ['admin', 'GET', '/acl/components/resources'],
    ['admin', 'GET', '/acl/components/actions'],
    ['admin', 'GET', '/acl/components/resource/*/attributes'],
    ['admin', 'POST', '/acl/components/add-user-rules'],
    ['admin', 'GET', '/roles'],
    ['admin', 'GET', '/connectors/patchbay.utils/access'],
    ['admin', 'PUT', '/connectors/not.installed/access', { roles: [] }],
    ['admin', 'GET', '/connectors/patchbay.utils/access/check?userId={user}'],
    ['admin', 'POST', '/flows/bulk/coordinator', { command: 'stop', flowIds: ['none'] }],
    ['admin', 'GET', '/flows/bulk/coordinator/{nowhere}'],
    ['admin', 'GET', '/audit'],
    ['admin', 'GET', '/audit/count'],
    ['admin', 'GET', '/stats/component-usage?componentType=trello'],
    ['admin', 'POST', '/config', { key: 'WALKED', value: 1 }],
    ['admin', 'DELETE', '/config/WALKED'],
    ['admin', 'GET', '/quota'],
    ['admin', 'PUT', '/quota/walk:nothing', { source: 'module.exports = { rules: [] };' }],
    ['admin', 'DELETE', '/quota/walk:nothing'],
    ['admin', 'GET', '/connectors'],
    ['admin', 'GET', '/connectors/count'],
    ['admin', 'POST', '/connectors/refresh'],
    ['admin', 'GET', '/connectors/patchbay.rss'],
    ['admin', 'GET', '/connectors/patchbay.rss/versions'],
    ['admin', 'GET', '/connectors/patchbay.rss/changelog'],
    ['admin', 'GET', '/connectors/patchbay.rss/download'],
    ['admin', 'GET', '/connectors/patchbay.rss/icon'],
    ['admin', 'GET', '/service-config'],
    ['admin', 'GET', '/service-config/walk:nothing'],
    ['admin', 'POST', '/service-config', { serviceId: 'walk:service' }],
    ['admin', 'PUT', '/service-config/walk:service', {}],
    ['admin', 'DELETE', '/service-config/walk:service']
];

describe('Who may call what', () => {

    let server;
    let admin;
    let owner;
    let wrong;
    let names;

    before(async () => {
        server = await Server.start({ name: 'access' });
        admin = await server.admin();
        owner = await person(admin);
        wrong = await person(admin);
        await publishStarters(admin, 'patchbay.utils.http');
        const flow = new FlowBuilder();
        flow.add('patchbay.utils.http.Webhook', { id: HOOK });
        const flowId = await owner.createFlow({ name: 'Walked', flow: flow.descriptor });
        const { storeId } = await owner.post('/stores', { name: 'Walked' });
        await owner.post(`/store/${storeId}/key`, { value: 1 });
        const { versionId } = await owner.post(`/flows/${flowId}/versions`);
        const templateId = await owner.createFlow({ name: 'Walked', type: 'integration-template', flow: {} });
        names = { flow: flowId, template: templateId, version: versionId, store: storeId, user: owner.id, nowhere: NOWHERE };
    });

    after(() => server?.stop());

    const call = (client, method, path, json) => client.call(method, path.replace(/\{(\w+)\}/g, (match, name) => names[name]), { json });

    test('Without a token: 401, but for what is public', async () => {
        for (const [who, method, path, json] of ROUTES) {
            const answer = await call(server.client(), method, path, json);
            if (who === 'anyone') {
                assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
            } else {
                assert.equal(answer.status, 401, `${method} ${path}: ${answer.text}`);
                refused(answer, 401);
            }
        }
    });

    test('S124 A plain user: 403 on all that is an admin\'s', async () => {
        for (const [who, method, path, json] of ROUTES.filter(([rule]) => rule === 'admin')) {
            const answer = await call(owner, method, path, json);
            assert.equal(answer.status, 403, `${who} ${method} ${path}: ${answer.text}`);
            refused(answer, 403);
        }
        assert.ok(!(await admin.get('/config')).some(({ key }) => key === 'WALKED'), 'nothing was written');
    });

    test('A user\'s own routes are neither 401, 403 as a role, nor an error of the server', async () => {
        for (const [who, method, path, json] of ROUTES.filter(([rule]) => rule === 'user' || rule === 'owner')) {
            const answer = await call(owner, method, path, json);
            assert.ok(answer.status !== 401 && answer.status < 500, `${who} ${method} ${path}: ${answer.status} ${answer.text}`);
            if (who === 'owner') {
                assert.equal(answer.status, 200, `${method} ${path}: ${answer.text}`);
            }
        }
    });

    test('Another user: 404, as if there were nothing', async () => {
        for (const [who, method, path, json] of ROUTES.filter(([rule]) => rule === 'owner')) {
            const answer = await call(wrong, method, path, json);
            assert.equal(answer.status, 404, `${who} ${method} ${path}: ${answer.text}`);
            refused(answer, 404);
        }
    });

    test('An admin passes everywhere', async () => {
        for (const [who, method, path, json] of ROUTES) {
            const answer = await call(admin, method, path, json);
            assert.ok(![401, 403].includes(answer.status) && answer.status < 500, `${who} ${method} ${path}: ${answer.status} ${answer.text}`);
        }
    });

    test('Every path of the server\'s own description asks for a token, or is known to be public', async () => {
        const { paths } = await server.client().get('/openapi.json');
        assert.ok(Object.keys(paths).length > 30, 'the description is whole');
        // Sign-in, what outsiders call, and what the field's clients ask for without a token.
        const open = /^\/(|apps|components|openapi\.json|health|user\/auth|user\/forgot-password.*|forgot-password.*|flows\/\{[^}]+\}\/components\/\{[^}]+\}|auth\/.*callback|backoffice.*|plugins\/\{rest\}|public-files\/.*|favicon.*)$/;
        const walked = [];
        for (const [path, methods] of Object.entries(paths)) {
            for (const method of Object.keys(methods).filter(name => /^(get|post|put|patch|delete)$/.test(name))) {
                if (open.test(path)) {
                    continue;
                }
                const answer = await server.client().call(method.toUpperCase(), path.replace(/\{[^}]+\}/g, NOWHERE), { json: method === 'get' ? undefined : {} });
                assert.equal(answer.status, 401, `${method} ${path}: ${answer.status} ${answer.text}`);
                walked.push(path);
            }
        }
        assert.ok(walked.length > 30);
    });

    test('R28 A component rule taken away: listing and starting end for users, saving does not, admins pass', async () => {
        const flow = new FlowBuilder();
        flow.add('patchbay.utils.http.Webhook');
        const rules = await admin.call('GET', '/acl/components');
        if (rules.status === 404) {
            return;
        }
        await admin.post('/acl/components', []);
        try {
            assert.deepEqual(await owner.get('/apps'), {});
            const flowId = await owner.createFlow({ name: 'Saved', flow: flow.descriptor });
            const body = refused(await owner.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } }), 403);
            assert.ok(JSON.stringify(body.data).includes('patchbay.utils.http.Webhook'));
            assert.ok('patchbay.utils.http' in await admin.get('/apps'));
        } finally {
            await admin.post('/acl/components', rules.body);
        }
    });
});

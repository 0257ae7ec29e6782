'use strict';

/** Real third-party connectors: a feed server, and a PostgreSQL of our own, both on loopback. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const refused = require('./refusal');
const { ROOT, Server } = require('./server');
const { publishStarters } = require('./starter_zips');
const postgres = require(path.join(ROOT, 'connectors/test/postgres_server.js'));

const TICK_PERIOD_MS = 300;

const feed = items => `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>http://127.0.0.1/</link><description>Tests</description>${
    items.map(n => `<item><title>Item ${n}</title><link>http://127.0.0.1/${n}</link><guid>item-${n}</guid><pubDate>Mon, 02 Mar 2026 08:${String(n).padStart(2, '0')}:00 GMT</pubDate></item>`).join('')
}</channel></rss>`;

describe('Third-party connectors', () => {

    let server;
    let admin;
    let sink;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'third-party' });
        admin = await server.admin();
        await admin.post('/config', { key: 'TICK_PERIOD', value: TICK_PERIOD_MS });
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls', 'patchbay.rss');
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const at = mark => sink.requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
    const arrived = async (mark, count) => {
        await sink.when(() => at(mark).length >= count, `${count} requests at /${mark}`, 60000);
        return at(mark);
    };

    test('The polling trigger of the RSS connector sends every new item once, over a restart too', async () => {
        let items = [1, 2];
        const feedServer = await Sink.start(() => ({ headers: { 'content-type': 'application/rss+xml' }, body: feed(items) }));
        try {
            const flow = new FlowBuilder();
            const trigger = flow.add('patchbay.rss.core.NewItem', { properties: { url: `${feedServer.url}/feed` } });
            flow.add('patchbay.utils.http.Request', { from: trigger, input: { url: `${sink.url}/items`, method: 'POST', body: { id: `{{{$.${trigger}.out.id}}}`, title: `{{{$.${trigger}.out.title}}}` } } });
            const flowId = await admin.createFlow({ name: 'Feed', flow: flow.descriptor });
            await admin.startFlow(flowId);
            const looks = count => feedServer.when(requests => requests.length >= count, `look ${count}`, 60000);
            await looks(2);
            assert.deepEqual(at('items'), [], 'what was there at the start is left out');
            items = [1, 2, 3, 4];
            assert.deepEqual((await arrived('items', 2)).map(({ id }) => id), ['item-3', 'item-4']);
            // The look that sent them has written down what it knows once the next but one has begun.
            await looks(feedServer.requests.length + 2);
            await server.kill();
            await server.start();
            admin = await server.admin();
            items = [2, 3, 4, 5];
            assert.deepEqual((await arrived('items', 3)).at(-1), { id: 'item-5', title: 'Item 5' });
            await looks(feedServer.requests.length + 2);
            assert.deepEqual(at('items').map(({ id }) => id), ['item-3', 'item-4', 'item-5']);
            await admin.stopFlow(flowId);
        } finally {
            await feedServer.stop();
        }
    });

    test('A feed that fails is logged at each tick, the flow stays running and recovers', async () => {
        let broken = true;
        let items = [1];
        const feedServer = await Sink.start(() => (broken ? { status: 500, body: 'out of order' } : { body: feed(items) }));
        try {
            const flow = new FlowBuilder();
            const trigger = flow.add('patchbay.rss.core.NewItem', { properties: { url: feedServer.url, existing: true } });
            flow.add('patchbay.utils.http.Request', { from: trigger, input: { url: `${sink.url}/recovered`, method: 'POST', body: { id: `{{{$.${trigger}.out.id}}}` } } });
            const flowId = await admin.createFlow({ name: 'Broken feed', flow: flow.descriptor });
            await admin.startFlow(flowId);
            await admin.logged(flowId, ({ severity, componentId }) => severity === 'error' && componentId === trigger, 'the error of the tick');
            assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'running');
            items = [1];
            broken = false;
            assert.deepEqual(await arrived('recovered', 1), [{ id: 'item-1' }]);
            await admin.stopFlow(flowId);
        } finally {
            await feedServer.stop();
        }
    });

    describe('PostgreSQL', { skip: postgres.missing }, () => {

        let database;
        let account;

        before(async () => {
            database = await postgres.startServer('sec ret"');
            await publishStarters(admin, 'patchbay.postgres');
        });

        after(() => database?.stop());

        test('An account is checked, sealed, and never given back', async () => {
            const refusal = refused(await admin.call('POST', '/accounts', { json: { service: 'patchbay:postgres', token: { ...database.auth, password: 'wrong' } } }), 400, /Invalid credentials/);
            assert.ok(!JSON.stringify(refusal).includes('wrong"'));
            account = await admin.post('/accounts', { service: 'patchbay:postgres', displayName: 'Tests', token: JSON.stringify(database.auth) });
            assert.match(account.accountId, /^[0-9a-f]{24}$/);
            assert.match(account.name, /^tester@127\.0\.0\.1/);
            const again = await admin.post('/accounts', { service: 'patchbay:postgres', displayName: 'Tests', token: database.auth });
            assert.equal(again.accountId, account.accountId, 'same service and display name: the same account');
            for (const path of ['/accounts', `/accounts/${account.accountId}`]) {
                assert.ok(!JSON.stringify(await admin.get(path)).includes('sec ret'), path);
            }
            assert.equal((await admin.post(`/accounts/${account.accountId}/test`)).revoked, false);
            for (const file of fs.readdirSync(server.data, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && entry.name.includes('.db'))) {
                assert.ok(!fs.readFileSync(path.join(file.parentPath, file.name)).includes('sec ret'), `${file.name} holds the secret in clear`);
            }
        });

        const assign = componentId => admin.must('PUT', `/auth/component/${componentId}/${account.accountId}`);

        let sql;

        test('A component without its account does not start; with it, the query runs', async () => {
            const flow = new FlowBuilder();
            const hook = flow.add('patchbay.utils.http.Webhook');
            const query = flow.add('patchbay.postgres.core.Query', { from: hook, input: { sql: `{{{$.${hook}.out.data.sql}}}` } });
            flow.add('patchbay.utils.http.Response', { from: query, input: { body: { rows: `{{{$.${query}.out.rows}}}` } } });
            const flowId = await admin.createFlow({ name: 'Query', flow: flow.descriptor });
            const refusal = refused(await admin.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } }), 400);
            assert.equal(refusal.data[0].componentId, query);
            assert.deepEqual(await admin.get(`/accounts/flow/${flowId}`), { [query]: null });
            assert.deepEqual(await assign(query), { accountId: account.accountId, componentId: query });
            await admin.startFlow(flowId);
            sql = async text => (await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { sql: text } })).body;
            await sql('CREATE TABLE orders (id serial PRIMARY KEY, name text)');
            await sql("INSERT INTO orders (name) VALUES ('before')");
            assert.deepEqual((await sql('SELECT name FROM orders')).rows, [{ name: 'before' }]);
        });

        test('The new-row trigger sends every row once, also those of the insert component', async () => {
            const flow = new FlowBuilder();
            const trigger = flow.add('patchbay.postgres.core.NewRow', { properties: { table: 'orders', column: 'id', existing: true } });
            flow.add('patchbay.utils.http.Request', { from: trigger, input: { url: `${sink.url}/rows`, method: 'POST', body: { name: `{{{$.${trigger}.out.name}}}` } } });
            const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
            const insert = flow.add('patchbay.postgres.core.InsertRow', { properties: { table: 'orders' }, from: hook, input: { values: { name: `{{{$.${hook}.out.data.name}}}` } } });
            const flowId = await admin.createFlow({ name: 'Watch', flow: flow.descriptor });
            await assign(trigger);
            await assign(insert);
            await admin.startFlow(flowId);
            assert.deepEqual(await arrived('rows', 1), [{ name: 'before' }]);
            await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { name: "in'serted" } });
            await sql("INSERT INTO orders (name) VALUES ('by query')");
            assert.deepEqual((await arrived('rows', 3)).map(({ name }) => name).sort(), ['before', 'by query', "in'serted"]);
            assert.deepEqual((await sql('SELECT count(*)::int AS n FROM orders')).rows, [{ n: 3 }]);
        });

        test('An account that is deleted stops the flows that use it', async () => {
            const flows = await admin.get(`/accounts/${account.accountId}/flows`);
            assert.equal(flows.length, 2);
            assert.deepEqual(await admin.delete(`/accounts/${account.accountId}`), { accountId: account.accountId });
            for (const { flowId } of flows) {
                assert.equal((await admin.get(`/flows/${flowId}`)).stage, 'stopped');
            }
        });
    });
});

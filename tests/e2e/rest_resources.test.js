'use strict';

/** rest-api §12 data stores, §19 logs, §21 unprocessed messages as lists, §16 modifiers. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

describe('Data stores', () => {

    let server;
    let user;
    let storeId;

    before(async () => {
        server = await Server.start({ name: 'stores' });
        user = await person(await server.admin());
    });

    after(() => server?.stop());

    const record = key => user.get(`/store/${storeId}/${encodeURIComponent(key)}`);

    test('A store is made, named, renamed and listed', async () => {
        ({ storeId } = await user.post('/stores', { name: 'Orders' }));
        assert.deepEqual(await user.get(`/stores/${storeId}`), { storeId, name: 'Orders' });
        assert.deepEqual(await user.put(`/stores/${storeId}`, { name: 'Invoices' }), { storeId, oldName: 'Orders' });
        assert.deepEqual(await user.get('/stores'), [{ storeId, name: 'Invoices' }]);
        refused(await user.call('POST', '/stores', { json: {} }), 400);
        refused(await user.call('GET', '/stores/000000000000000000000000'), 404);
    });

    test('The body is the value: text stays text, JSON stays JSON, keys may hold anything', async () => {
        const path = key => `/store/${storeId}/${encodeURIComponent(key)}`;
        await user.must('POST', path('text'), { body: 'plain', headers: { 'content-type': 'text/plain' } });
        assert.equal((await record('text')).value, 'plain');
        const written = await user.post(path('json'), { a: [1, null] });
        assert.deepEqual([written.key, written.value], ['json', { a: [1, null] }]);
        assert.ok(written.createdAt && written.updatedAt);
        for (const key of ['a/b', 'ü ñ', '50%', '...', 'a?b#c', 'count', 'x.json']) {
            await user.post(path(key), { key });
            assert.deepEqual((await record(key)).value, { key }, key);
        }
        assert.equal((await record('json')).storeId, storeId);
    });

    test('Records are listed, counted, renamed, changed and removed', async () => {
        const { count } = await user.get(`/store/count?storeId=${storeId}`);
        assert.equal(count, 9);
        assert.equal((await user.get(`/store?storeId=${storeId}&limit=4`)).length, 4);
        assert.deepEqual((await user.get(`/store?storeId=${storeId}&pattern=json`)).map(({ key }) => key).sort(), ['json', 'x.json']);
        await user.must('PATCH', `/store/${storeId}/json`, { json: { key: 'renamed', value: 2 } });
        assert.equal((await record('renamed')).value, 2);
        refused(await user.call('GET', `/store/${storeId}/json`), 404);
        refused(await user.call('PATCH', `/store/${storeId}/renamed`, { json: { key: 'text' } }), 409);
        assert.deepEqual(await user.delete(`/store/${storeId}/renamed`), {});
        assert.deepEqual(await user.must('DELETE', '/store', { json: [{ key: 'text', storeId }, { key: 'gone', storeId }] }), { deletedCount: 1 });
        assert.deepEqual(await user.delete(`/stores/${storeId}`), {});
        refused(await user.call('GET', `/store/${storeId}/count`), 404);
    });
});

describe('Logs and modifiers', () => {

    let server;
    let admin;
    let flowId;
    let hook;

    before(async () => {
        server = await Server.start({ name: 'logs' });
        admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        const flow = new FlowBuilder();
        hook = flow.add('patchbay.utils.http.Webhook');
        flow.add('patchbay.utils.http.Response', { from: hook, input: { body: `{{{$.${hook}.out.data}}}` } });
        flowId = await admin.createFlow({ name: 'Logged', flow: flow.descriptor });
        await admin.startFlow(flowId);
        for (const word of ['apple', 'banana', 'cherry']) {
            await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { word } });
        }
        await admin.logged(flowId, ({ msg }) => /cherry/.test(JSON.stringify(msg)), 'the last record');
    });

    after(() => server?.stop());

    const search = (query, more = {}) => admin.get(`/logs?${new URLSearchParams({ flowId, query, size: '100', ...more })}`);

    test('Hits are flat, newest first, with what the clients read', async () => {
        const { hits, buckets } = await admin.get(`/logs?flowId=${flowId}&size=100`);
        const times = hits.map(hit => hit.gridTimestamp);
        assert.deepEqual(times, [...times].sort().reverse());
        const data = hits.find(({ portType }) => portType === 'in');
        for (const key of ['_id', '_index', '@timestamp', 'severity', 'type', 'flowId', 'componentId', 'componentType', 'port', 'portType', 'correlationId', 'msg']) {
            assert.ok(data[key] !== undefined, key);
        }
        assert.equal(data.type, 'data');
        assert.equal(typeof data.msg, 'string');
        assert.ok(!('_source' in data));
        const [bucket] = buckets;
        assert.equal(typeof bucket.key, 'number');
        assert.equal(buckets.reduce((sum, { doc_count: count }) => sum + count, 0), hits.length);
    });

    test('The query language: fields, words, phrases, AND, OR, NOT, ranges, wildcards', async () => {
        const found = async query => (await search(query)).hits;
        assert.ok((await found('banana')).length > 0);
        assert.ok((await found('banana')).every(({ msg }) => /banana/.test(msg)));
        assert.ok((await found('banan*')).length > 0);
        assert.deepEqual(await found('nosuchword'), []);
        assert.ok((await found(`componentId:"${hook}" AND portType:out`)).every(({ componentId, portType }) => componentId === hook && portType === 'out'));
        assert.ok((await found('apple OR cherry')).length >= 2);
        assert.ok(!(await found('type:data NOT banana')).some(({ msg }) => /banana/.test(msg)));
        assert.ok((await found('gridTimestamp:["2020-01-01T00:00:00.000Z" TO *]')).length > 0);
        assert.deepEqual(await found('gridTimestamp:[* TO "2020-01-01T00:00:00.000Z"]'), []);
        assert.deepEqual(await found('severity:error'), []);
        refused(await admin.call('GET', `/logs?flowId=${flowId}&query=${encodeURIComponent('(unclosed AND')}`), 400);
    });

    test('Paging, port filter, and the metrics page\'s POST without a body', async () => {
        assert.equal((await search('*', { size: '2' })).hits.length, 2);
        const first = (await search('*', { size: '1' })).hits[0];
        const second = (await search('*', { size: '1', from: '1' })).hits[0];
        assert.notEqual(first._id, second._id);
        assert.ok((await admin.get(`/logs?flowId=${flowId}&portType=out&size=50`)).hits.every(({ portType }) => portType === 'out'));
        const posted = await admin.call('POST', `/logs?trace=true&excludes=msg&from=0&size=10&sort=gridTimestamp:desc&flowId=${flowId}`);
        assert.equal(posted.status, 200, posted.text);
        assert.ok(posted.body.hits.length > 0 && posted.body.hits.every(hit => !('msg' in hit)));
    });

    test('Nobody sees the log of another\'s flow', async () => {
        const stranger = await person(admin);
        const answer = await stranger.call('GET', `/logs?flowId=${flowId}`);
        assert.ok([403, 404].includes(answer.status) || (answer.status === 200 && answer.body.hits.length === 0), answer.text);
        assert.deepEqual((await stranger.get('/logs')).hits, []);
    });

    test('GET /modifiers gives the standard document', async () => {
        const { categories, modifiers } = await admin.get('/modifiers');
        assert.ok(categories.text && categories.list);
        for (const name of ['g_uppercase', 'g_jsonPath', 'g_now', 'g_javascript', 'g_map']) {
            assert.ok(Array.isArray(modifiers[name].category), name);
            assert.equal(typeof modifiers[name].label, 'string');
        }
        assert.ok(Object.keys(modifiers).length >= 84);
    });
});

'use strict';

/** rest-api §10: what a caller of a webhook gets. */

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const refused = require('./refusal');
const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

const webhook = body => ({ manifest: { trigger: true, webhook: true, inPorts: [] }, code: `'use strict';\nmodule.exports = { async receive(context) {\n${body}\n} };\n` });

const BUNDLE = {
    components: {
        Silent: webhook(''),
        Plain: webhook("return context.response('plain', 418, { 'Content-Type': 'text/plain', 'X-Own': 'yes' });"),
        Binary: webhook("return context.response(Buffer.from([0, 255, 128]), 200, { 'Content-Type': 'application/octet-stream' });"),
        Throws: webhook("throw new context.CancelError('refused by the component');"),
        Fails: webhook("throw new Error('not this time');"),
        Echo: webhook('return context.response(context.messages.webhook.content);'),
        Bytes: webhook('const { data } = context.messages.webhook.content; return context.response({ buffer: Buffer.isBuffer(data), hex: Buffer.from(data).toString("hex") });'),
        Pass: { code: "'use strict';\nmodule.exports = { async receive() {} };\n" },
        Trouble: { code: "'use strict';\nmodule.exports = { async receive(context) { throw new context.CancelError('downstream trouble'); } };\n" }
    }
};

describe('Webhooks', () => {

    let server;
    let admin;
    let outside;

    before(async () => {
        server = await Server.start({ name: 'webhooks' });
        admin = await server.admin();
        outside = server.client();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        const result = await admin.publish(bundleZip('test.hooks', BUNDLE));
        assert.equal(result.err, undefined, JSON.stringify(result));
    });

    after(() => server?.stop());

    /** Starts a flow whose trigger is `type`; `more(flow, hook)` adds to it. */
    async function running(type, more = () => {}) {
        const flow = new FlowBuilder();
        const hook = flow.add(type);
        more(flow, hook);
        const flowId = await admin.createFlow({ name: type, flow: flow.descriptor });
        await admin.startFlow(flowId);
        return { flowId, hook, path: `/flows/${flowId}/components/${hook}` };
    }

    test('The component\'s own status, headers and body come back, bytes too', async () => {
        const { path } = await running('test.hooks.core.Plain');
        const answer = await outside.call('POST', path, { json: {} });
        assert.deepEqual([answer.status, answer.text, answer.headers['x-own'], answer.headers['content-type']], [418, 'plain', 'yes', 'text/plain']);
        const binary = await running('test.hooks.core.Binary');
        assert.deepEqual([...(await outside.call('GET', binary.path)).bytes], [0, 255, 128]);
    });

    test('R1 A component that neither responds nor emits: 200 and an empty object', async () => {
        const { path } = await running('test.hooks.core.Silent');
        const answer = await outside.call('POST', path, { json: {} });
        assert.deepEqual([answer.status, answer.body], [200, {}]);
    });

    test('Every method, header, query parameter and kind of body reaches the component', async () => {
        const { path } = await running('test.hooks.core.Echo');
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
            const json = method === 'GET' || method === 'DELETE' ? undefined : { method };
            const { body } = await outside.call(method, `${path}?a=1&b=two%20words&a=3`, { json, headers: { 'X-Mixed-Case': 'Kept', 'content-type': 'application/json', authorization: `Bearer ${admin.token}` } });
            assert.equal(body.method, method);
            assert.equal(body.query.b, 'two words');
            assert.deepEqual([].concat(body.query.a), ['1', '3']);
            assert.equal(body.headers['x-mixed-case'], 'Kept');
            if (json) {
                assert.deepEqual(body.data, json);
            }
        }
        const send = async (body, type) => (await outside.call('POST', path, { body, headers: { 'content-type': type } })).body.data;
        assert.deepEqual(await send('a=1&b=two+words', 'application/x-www-form-urlencoded'), { a: '1', b: 'two words' });
        assert.equal(await send('a text', 'text/plain'), 'a text');
        assert.equal(await send('<a/>', 'application/xml'), '<a/>');
        assert.deepEqual(await send('[1,{"a":"ü"}]', 'application/json'), [1, { a: 'ü' }]);
        assert.equal(await send('"text"', 'application/json'), 'text');
    });

    test('Bytes that are no text arrive unharmed', async () => {
        const { path } = await running('test.hooks.core.Bytes');
        const { body } = await outside.call('POST', path, { body: Buffer.from([0, 255, 128, 10]), headers: { 'content-type': 'application/octet-stream' } });
        assert.deepEqual(body, { buffer: true, hex: '00ff800a' });
    });

    test('JSON that is none is an answer to the caller, not an error of the server', async () => {
        const { path } = await running('test.hooks.core.Echo');
        const answer = await outside.call('POST', path, { body: '{"broken"', headers: { 'content-type': 'application/json' } });
        assert.ok(answer.status === 400 || (answer.status === 200 && answer.body.data === '{"broken"'), answer.text);
    });

    test('An error of the component is 400 with its message and id', async () => {
        const { path, hook } = await running('test.hooks.core.Throws');
        const answer = await outside.call('POST', path, { json: {} });
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.text, /refused by the component/);
        assert.equal(answer.body.componentId, hook);
        assert.ok(!answer.body.rescheduled, 'a CancelError is not tried again');
    });

    test('An error that will be tried again says so', async () => {
        const { path } = await running('test.hooks.core.Fails');
        const answer = await outside.call('POST', path, { json: {} });
        assert.equal(answer.status, 400, answer.text);
        assert.match(answer.text, /not this time/);
        assert.ok(answer.body.rescheduled, answer.text);
        assert.ok(answer.body.messageId);
    });

    test('R1 What it emitted decides: the end of the trace is 200, a failure downstream 400', async () => {
        const fine = await running('patchbay.utils.http.Webhook', (flow, hook) => flow.add('test.hooks.core.Pass', { from: hook }));
        const answer = await outside.call('POST', fine.path, { json: {} });
        assert.deepEqual([answer.status, answer.body], [200, {}]);
        const bad = await running('patchbay.utils.http.Webhook', (flow, hook) => flow.add('test.hooks.core.Trouble', { from: hook }));
        const trouble = await outside.call('POST', bad.path, { json: {} });
        assert.equal(trouble.status, 400, trouble.text);
        assert.match(trouble.text, /downstream trouble/);
    });

    test('enqueueOnly=true is answered 202 at once, and processed', async () => {
        const sink = await Sink.start();
        const { path } = await running('patchbay.utils.http.Webhook', (flow, hook) => flow.add('patchbay.utils.http.Request', { from: hook, input: { url: sink.url, method: 'POST', body: { n: `{{{$.${hook}.out.data.n}}}` } } }));
        const answer = await outside.call('POST', `${path}?enqueueOnly=true`, { json: { n: 5 } });
        assert.equal(answer.status, 202, answer.text);
        assert.deepEqual((await sink.one(() => true)).body, { n: 5 });
        await sink.stop();
    });

    test('No answer within WEBHOOK_REQUEST_TIMEOUT is 202, and processing goes on', async () => {
        await admin.post('/config', { key: 'WEBHOOK_REQUEST_TIMEOUT', value: 300 });
        let release;
        const held = new Promise(resolve => { release = resolve; });
        const slow = http.createServer((request, response) => held.then(() => response.end('late'))).listen(0, '127.0.0.1');
        await new Promise(resolve => slow.once('listening', resolve));
        const sink = await Sink.start();
        const { path } = await running('patchbay.utils.http.Webhook', (flow, hook) => {
            const first = flow.add('patchbay.utils.http.Request', { from: hook, input: { url: `http://127.0.0.1:${slow.address().port}/` } });
            flow.add('patchbay.utils.http.Request', { from: first, input: { url: sink.url, method: 'POST', body: { got: `{{{$.${first}.out.body}}}` } } });
        });
        const answer = await outside.call('POST', path, { json: {} });
        assert.equal(answer.status, 202, answer.text);
        release();
        assert.deepEqual((await sink.one(() => true)).body, { got: 'late' });
        slow.close();
        await sink.stop();
        await admin.delete('/config/WEBHOOK_REQUEST_TIMEOUT');
    });

    test('What is no webhook is 404 in the one shape', async () => {
        const { flowId, hook, path } = await running('test.hooks.core.Echo', flow => flow.add('patchbay.utils.controls.OnStart', { id: 'starter' }));
        refused(await outside.call('POST', `/flows/${flowId}/components/starter`, { json: {} }), 404);
        refused(await outside.call('POST', `/flows/${flowId}/components/nothing`, { json: {} }), 404);
        refused(await outside.call('POST', `/flows/00000000-0000-4000-8000-000000000000/components/${hook}`, { json: {} }), 404);
        await admin.stopFlow(flowId);
        refused(await outside.call('POST', path, { json: {} }), 404);
    });

    test('A body over LIMIT_WEBHOOK_BYTES is 413; the limit can be changed', async () => {
        const { path } = await running('test.hooks.core.Silent');
        const big = { body: Buffer.alloc(1024 * 1024 + 1, 'x'), headers: { 'content-type': 'text/plain' } };
        const refusal = await outside.call('POST', path, big).catch(err => ({ broken: err }));
        assert.ok(refusal.broken || refusal.status === 413, refusal.text);
        await admin.post('/config', { key: 'LIMIT_WEBHOOK_BYTES', value: 2 * 1024 * 1024 });
        assert.equal((await outside.call('POST', path, big)).status, 200);
        await admin.delete('/config/LIMIT_WEBHOOK_BYTES');
    });

    test('The correlation id of the query is that of the run', async () => {
        const { flowId, path } = await running('test.hooks.core.Echo');
        await outside.call('POST', `${path}?correlationId=from-outside`, { json: {} });
        await admin.logged(flowId, ({ correlationId }) => correlationId === 'from-outside', 'a record of that correlation id');
    });
});

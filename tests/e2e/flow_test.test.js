'use strict';

/** Trying out one component of a flow (rest-api §8.11), as server-sent events. */

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, describe, test } = require('node:test');

const { bundleZip } = require('./bundle_zip');
const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

/** Reads events until the stream ends; `seen` is called with each. */
function events(client, path, json, seen = () => {}) {
    const body = JSON.stringify(json);
    return new Promise((resolve, reject) => {
        const request = http.request(client.url + path, {
            method: 'POST',
            headers: {
                authorization: `Bearer ${client.token}`, accept: 'text/event-stream',
                'content-type': 'application/json', 'content-length': Buffer.byteLength(body)
            }
        }, response => {
            const list = [];
            let text = '';
            assert.equal(response.statusCode, 200);
            assert.match(response.headers['content-type'], /^text\/event-stream/);
            response.setEncoding('utf8').on('data', chunk => {
                text += chunk;
                for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
                    const match = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end));
                    text = text.slice(end + 2);
                    if (match) {
                        list.push({ event: match[1], data: JSON.parse(match[2]) });
                        seen(list.at(-1), request);
                    }
                }
            });
            response.on('end', () => resolve(list));
            response.on('error', reject);
        });
        request.on('error', reject);
        request.end(body);
    });
}

const names = list => list.map(({ event }) => event);

describe('Trying out a component', () => {

    let server;
    let admin;
    let owner;
    let wrong;
    let flowId;
    const ids = {};

    before(async () => {
        server = await Server.start({ name: 'flow-test' });
        admin = await server.admin();
        owner = await person(admin);
        wrong = await person(admin);
        await publishStarters(admin, 'patchbay.utils.http');
        assert.equal((await admin.publish(testedBundle())).err, undefined);
        const flow = new FlowBuilder();
        ids.hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const tested = (name, more = {}) => flow.add(`acme.tested.core.${name}`, { from: ids.hook, input: { value: 'never used' }, ...more });
        ids.twice = tested('Twice');
        ids.state = tested('State');
        ids.throws = tested('Throws');
        ids.hangs = tested('Hangs');
        ids.timer = tested('Timer');
        ids.tick = flow.add('acme.tested.core.Tick');
        ids.silent = flow.add('acme.tested.core.Silent');
        flowId = await owner.createFlow({ name: 'Tried', flow: flow.descriptor });
    });

    after(() => server?.stop());

    const tryOut = (json, seen) => events(owner, `/flows/${flowId}/test`, json, seen);

    test('It tells start, each output in order, and the end; the transform is not applied', async () => {
        const list = await tryOut({ componentId: ids.twice, inputData: { in: { value: 7 } }, options: { timeout: 30000 } });
        assert.deepEqual(names(list), ['test:start', 'component:start', 'component:output', 'component:output', 'component:done', 'test:done']);
        const { testRunId } = list[0].data;
        assert.equal(typeof testRunId, 'string');
        assert.deepEqual(list[1].data, { componentId: ids.twice });
        assert.deepEqual(list[2].data, { componentId: ids.twice, port: 'out', data: { value: 7, nth: 1 } });
        assert.deepEqual(list[3].data, { componentId: ids.twice, port: 'other', data: { value: 7, nth: 2 } });
        assert.deepEqual(list.at(-1).data, { testRunId, status: 'completed' });
        assert.equal((await owner.get(`/flows/${flowId}`)).stage, 'stopped');
    });

    test('State is the test\'s own: nothing of the flow is read or left behind', async () => {
        for (let i = 0; i < 2; i++) {
            const list = await tryOut({ componentId: ids.state, payload: { value: 1 } });
            assert.deepEqual(list.find(({ event }) => event === 'component:output').data.data, { before: null, after: 1 });
        }
    });

    test('A webhook gets the payload as a call, a ticking component ticks', async () => {
        const hooked = await tryOut({ componentId: ids.hook, payload: { order: 5 } });
        const output = hooked.find(({ event }) => event === 'component:output').data;
        assert.deepEqual(output.data.data, { order: 5 });
        const ticked = await tryOut({ componentId: ids.tick });
        assert.deepEqual(ticked.find(({ event }) => event === 'component:output').data.data, { ticked: true });
    });

    test('Failures are events: what it threw, invalid input, what it may not do here, its time', async () => {
        const failed = async (json, message) => {
            const list = await tryOut(json);
            assert.deepEqual(names(list).slice(-2), ['component:error', 'test:error'], JSON.stringify(list));
            assert.match(list.at(-1).data.message, message);
            assert.match(list.at(-2).data.message, message);
            assert.equal(list.at(-2).data.componentId, json.componentId);
        };
        await failed({ componentId: ids.throws, inputData: { in: { value: 1 } } }, /it broke/);
        await failed({ componentId: ids.twice, inputData: { in: {} } }, /Validation error on ports: in/);
        await failed({ componentId: ids.timer, inputData: { in: { value: 1 } } }, /setTimeout is not available in a test/);
        await failed({ componentId: ids.hangs, inputData: { in: { value: 1 } }, options: { timeout: 1000 } }, /longer than it may/);
    });

    test('A client that leaves ends the call: its place is free again', async () => {
        for (let i = 0; i < 70; i++) {  // more than may be under way at once
            const left = tryOut({ componentId: ids.hangs, payload: { value: 1 } }, ({ event }, request) => {
                if (event === 'component:output') {
                    request.destroy();
                }
            });
            await assert.rejects(left, { code: 'ECONNRESET' });
        }
        const list = await tryOut({ componentId: ids.twice, inputData: { in: { value: 1 } } });
        assert.equal(list.at(-1).event, 'test:done');
    });

    test('What cannot begin is an ordinary error', async () => {
        const path = `/flows/${flowId}/test`;
        const input = { in: { value: 1 } };
        const cases = [
            [owner, {}, 400], [owner, { componentId: 'none' }, 404],
            [owner, { componentId: ids.twice, inputData: [1] }, 400],
            [owner, { componentId: ids.twice, inputData: { elsewhere: {} } }, 400],
            [owner, { componentId: ids.twice, inputData: input, options: { timeout: 'long' } }, 400],
            [owner, { componentId: ids.silent }, 400],
            [wrong, { componentId: ids.twice, inputData: input }, 404]
        ];
        for (const [client, json, status] of cases) {
            refused(await client.call('POST', path, { json }), status);
        }
        await owner.put(`/flows/${flowId}`, { sharedWith: [{ email: wrong.email, permissions: ['read', 'start', 'stop'] }] });
        refused(await wrong.call('POST', path, { json: { componentId: ids.twice, inputData: input } }), 403);
        const rules = await admin.get('/acl/components');
        await admin.post('/acl/components', []);
        try {
            refused(await owner.call('POST', path, { json: { componentId: ids.twice, inputData: input } }), 403);
        } finally {
            await admin.post('/acl/components', rules);
        }
    });

    test('A server that stops does not wait for a test', async () => {
        let stopped;
        const cut = tryOut({ componentId: ids.hangs, inputData: { in: { value: 1 } }, options: { timeout: 300000 } }, ({ event }) => {
            if (event === 'component:output') {
                stopped = server.stop();
            }
        });
        await cut.catch(() => {});
        assert.equal((await stopped).code, 0);
        await server.start();
    });
});

function testedBundle() {
    const schema = { type: 'object', properties: { value: {} }, required: ['value'] };
    const action = code => ({ manifest: { inPorts: [{ name: 'in', schema }], outPorts: ['out', 'other'] }, code: `module.exports = { ${code} };` });
    const trigger = (manifest, code) => ({ manifest: { inPorts: undefined, ...manifest }, code: `module.exports = { ${code} };` });
    return bundleZip('acme.tested', {
        components: {
            Twice: action(`async receive(context) {
                const { value } = context.messages.in.content;
                await context.sendJson({ value, nth: 1 }, 'out');
                await context.sendJson({ value, nth: 2 }, 'other');
            }`),
            State: action(`async receive(context) {
                const before = await context.stateGet('seen') ?? null;
                await context.stateSet('seen', 1);
                await context.sendJson({ before, after: await context.stateGet('seen') }, 'out');
            }`),
            Throws: action('async receive() { throw new Error("it broke"); }'),
            Hangs: action(`async receive(context) {
                await context.sendJson({ hangs: true }, 'out');
                await new Promise(() => setInterval(() => {}, 1000));
            }`),
            Timer: action('async receive(context) { await context.setTimeout({}, 1000); }'),
            Tick: trigger({ tick: true }, 'async tick(context) { await context.sendJson({ ticked: true }, "out"); }'),
            Silent: trigger({ trigger: true }, 'async start() {}')
        }
    });
}

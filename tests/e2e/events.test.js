'use strict';

/** GET /events: what happens, told as it happens, and only to whom it concerns. */

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const { until } = require('./rest_client');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

/** What one listener hears: `heard` is a list of {event, data}. */
function listen(url, token) {
    return new Promise((resolve, reject) => {
        const heard = [];
        const request = http.get(url, { headers: token ? { authorization: `Bearer ${token}` } : {} }, response => {
            let text = '';
            response.setEncoding('utf8').on('data', chunk => {
                text += chunk;
                const blocks = text.split('\n\n');
                text = blocks.pop();
                for (const block of blocks) {
                    const found = /^event: (.*)\ndata: (.*)$/.exec(block);
                    if (found) {
                        heard.push({ event: found[1], data: JSON.parse(found[2]) });
                    }
                }
            });
            response.on('error', () => {});
            resolve({ status: response.statusCode, heard, close: () => request.destroy() });
        });
        request.on('error', reject);
    });
}

describe('Events', () => {
    let server;
    let admin;
    let ann;
    let bob;

    before(async () => {
        server = await Server.start({ name: 'events', args: ['--empty'] });
        admin = await server.admin();
        ann = await person(admin);
        bob = await person(admin);
    });
    after(() => server?.stop());

    test('An admin hears of an operation and of what it changed; an owner only that components are others now', async () => {
        const all = await listen(`${server.url}/events`, admin.token);
        const own = await listen(`${server.url}/events`, ann.token);
        await publishStarters(admin, 'patchbay.utils.http');
        const { data } = await until(() => all.heard.find(({ event }) => event === 'connector.installed'), 'the event');
        assert.equal(data.name, 'patchbay.utils.http');
        assert.ok(all.heard.some(({ event, data: operation }) => event === 'connector.operation' && operation.status === 'completed'));
        await until(() => own.heard.length > 0, 'the owner\'s event');
        await admin.post('/connectors/refresh', {});
        await until(() => all.heard.some(({ event }) => event === 'catalogue.refreshed'), 'the refresh');
        assert.deepEqual(own.heard, [{ event: 'components.changed', data: {} }]);
        all.close();
        own.close();
    });

    test('R26 A start and a stop are told to the flow\'s owner and to admins, to no stranger', async () => {
        const flow = new FlowBuilder();
        flow.add('patchbay.utils.http.Webhook');
        const flowId = await ann.createFlow({ name: 'told', flow: flow.descriptor });
        const listeners = await Promise.all([admin, ann, bob].map(({ token }) => listen(`${server.url}/events`, token)));
        await ann.startFlow(flowId);
        await ann.stopFlow(flowId);
        const stages = ({ heard }) => heard.filter(({ event }) => event === 'flow.stage').map(({ data }) => data);
        const told = [{ flowId, stage: 'running' }, { flowId, stage: 'stopped' }];
        await until(() => stages(listeners[0]).length === 2 && stages(listeners[1]).length === 2, 'both stages');
        assert.deepEqual(listeners.map(stages), [told, told, []]);
        listeners.forEach(listener => listener.close());
    });

    test('A ticket opens the stream once; without token or ticket nobody listens', async () => {
        const { ticket } = await bob.post('/events/ticket', {});
        const first = await listen(`${server.url}/events?ticket=${ticket}`);
        const second = await listen(`${server.url}/events?ticket=${ticket}`);
        const nobody = await listen(`${server.url}/events`);
        assert.deepEqual([first, second, nobody].map(({ status }) => status), [200, 401, 401]);
        [first, second, nobody].forEach(listener => listener.close());
    });

    test('Who listens does not keep the server from ending', async () => {
        const listener = await listen(`${server.url}/events`, admin.token);
        const { code } = await server.stop();
        assert.equal(code, 0);
        listener.close();
    });
});

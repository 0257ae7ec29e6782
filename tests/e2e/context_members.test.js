'use strict';

/** What a component is given, sends, reports and asks other servers (component-runtime §2, §3, §4, §6, §8.1, §8.2, §8.9), from inside a worker. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const ContextProbes = require('./context_probes');
const { ROOT } = require('./server');

const AUTH = `'use strict';
module.exports = {
    type: 'apiKey',
    definition: {
        auth: { apiKey: { type: 'text', name: 'Key' } }, validate: async () => true, requestProfileInfo: async () => ({ name: 'Ada' }), accountNameFromProfileInfo: 'name'
    }
};
`;
const out = { outPorts: [{ name: 'out' }] };
const withErr = { outPorts: [{ name: 'out' }, { name: 'err' }] };

const PROBES = {
    Identity: {
        receive: ({ id, componentId, componentType, flowId, flowInfo, userId, userInfo, customFields, appmixerApiUrl, gridInstanceId, callerId, type, signal }) => ({
            id, componentId, componentType, flowId, flowInfo, userId, userInfo, customFields, appmixerApiUrl, gridInstanceId, callerId, type, signal
        })
    },
    Again: {
        silent: true,
        async receive(context) {
            const { again } = await post(context, { id: context.id, in: context.messages.in.content.n });
            if (again) {
                throw new Error('once more');
            }
        }
    },
    Messages: {
        receive: context => ({
            messages: context.messages, scope: context.scope, descriptor: context.flowDescriptor, properties: context.properties,
            absent: [context.messages.webhook, context.messages.timeout, context.messages.tick]
        })
    },
    Changes: {
        receive(context) {
            const { messages, scope, state, properties, flowDescriptor, config, auth, customFields } = context;
            const objects = [messages.in.content, scope, state, properties, flowDescriptor, config, auth, customFields];
            const before = JSON.stringify(objects);
            for (const one of objects) {
                one.changed = true;
                delete one.kept;
            }
            context.flowDescriptor[context.componentId].label = 'changed';
            return before;
        }
    },
    Account: {
        manifest: { auth: { service: 'test:members' } },
        receive: context => ({ auth: context.auth, config: context.config, profileInfo: context.profileInfo, properties: context.properties })
    },
    Receiver: {
        silent: true,
        async receive(context) {
            const { content, headers, correlationId, contentType } = context.messages.in;
            await post(context, { content, headers, correlationId, contentType, scope: context.scope });
        }
    },
    Sender: {
        manifest: out,
        async receive(context) {
            const dated = { at: new Date(0), absent: undefined, bytes: Buffer.from([1, 2]), text: 'ž', none: null };
            const sent = await context.sendJson(dated, 'out');
            await context.sendJson('text', 'out');
            await context.sendJson({ n: 1 }, 'out', { headers: { colour: 'blue' } });
            await context.sendJson({ n: 2 }, 'out', { scope: { other: { out: { x: 1 } } } });
            return { sent, correlationId: context.messages.in.correlationId };
        }
    },
    Arrays: {
        manifest: out,
        async receive(context) {
            await context.sendArray([{ n: 0 }, { n: 1 }, { n: 2 }], 'out');
            await context.sendArray([3], 'out', { concurrency: 2 });
            await context.sendArray([], 'out');
            await context.send({ n: 4 }, 'out', 'application/json');
            await context.send('five', 'out', 'text/plain', { headers: { five: '5' } });
        }
    },
    Refused: {
        async receive(context) {
            const wide = 'x'.repeat(15 * 1024 * 1024);
            return {
                sendJson: await failure(() => context.sendJson({}, 'nowhere')), sendArray: await failure(() => context.sendArray([], 'nowhere')),
                send: await failure(() => context.send('', 'nowhere', 'text/plain')), large: await failure(() => context.sendJson(wide, 'out')),
                caught: await (async () => context.sendJson({}, 'nowhere'))().catch(err => err instanceof context.CancelError)
            };
        }
    },
    Unheeded: { async receive(context) { await context.sendJson({}, 'nowhere'); } },
    Errs: { manifest: withErr, async receive(context) { await context.sendError(Object.assign(new Error('to the port'), { code: 'E1' })); } },
    ErrsLogged: { async receive(context) { await context.sendError(new Error('to the log')); } },
    Errors: {
        async receive(context) {
            const inner = ({ error }) => (error instanceof Error ? error.message : error);
            const seen = err => ({
                name: err.name, message: err.message, error: inner(err), data: err.data, code: err.code, isError: err instanceof Error, isCancel: err instanceof context.CancelError
            });
            const thrown = make => { try { make(); } catch (err) { return seen(err); } };
            const { CancelError } = context;
            return {
                plain: seen(new context.CancelError('no')), data: seen(new CancelError('no', { a: 1 }, 404)),
                error: seen(new CancelError('no', new Error('inner'))), other: seen(new context.ContextCancelError('no')), bare: thrown(() => CancelError('no', { a: 1 })),
                cancelError: thrown(() => context.cancelError('no')), cancel: thrown(() => context.cancel('no')), createError: seen(context.createError('no', { a: 1 }, 5))
            };
        }
    },
    GivesUp: { async receive(context) { throw new context.CancelError('given up', { why: 'no stock' }); } },
    Http: {
        async receive(context) {
            const { httpRequest } = context;
            const { url } = context.properties;
            const seen = ({ data, status }) => ({ data, status });
            const Form = require('form-data');
            const form = new Form();
            form.append('field', 'value');
            const { Readable } = require('node:stream');
            const stream = (await httpRequest({ url, responseType: 'stream' })).data;
            let streamed = '';
            for await (const piece of stream) {
                streamed += piece;
            }
            const whole = await httpRequest({ url, method: 'POST', headers: { 'X-Own': 'yes' }, data: { a: 1 }, params: { q: 'a b' }, json: true });
            const refused = await httpRequest({ url: `${url}?status=418` }).catch(err => err);
            return {
                whole: { ...seen(whole), statusText: whole.statusText, type: whole.headers['content-type'], method: whole.config.method, request: typeof whole.request },
                get: seen(await httpRequest.get(url, { params: { n: 1 } })), post: seen(await httpRequest.post(url, { n: 2 })), put: seen(await httpRequest.put(url, { n: 3 })),
                patch: seen(await httpRequest.patch(url, { n: 4 })), delete: seen(await httpRequest.delete(url)), request: seen(await httpRequest.request({ url, method: 'options' })),
                computed: seen(await httpRequest['post'](url, 'text', { headers: { 'Content-Type': 'text/plain' } })),
                create: seen(await httpRequest.create({ baseURL: url, headers: { 'X-Default': 'set' } }).get('/below')),
                basic: seen(await httpRequest({ url, auth: { username: 'ada', password: 'secret' } })), bytes: seen(await httpRequest.post(url, Buffer.from('raw'))),
                form: seen(await httpRequest.post(url, form, { headers: form.getHeaders() })), sent: seen(await httpRequest.post(url, Readable.from(['in ', 'pieces']))),
                array: Buffer.isBuffer((await httpRequest({ url, responseType: 'arraybuffer' })).data), streamed: JSON.parse(streamed).method,
                tolerated: (await httpRequest({ url: `${url}?status=500`, validateStatus: () => true })).status,
                refused: {
                    message: refused.message, code: refused.code, data: refused.response.data.query, status: refused.response.status,
                    text: refused.response.statusText, type: refused.response.headers['content-type']
                },
                late: await httpRequest({ url: 'http://127.0.0.1:1/' }).catch(err => ({ code: err.code, response: err.response }))
            };
        }
    },
    Logs: {
        async receive(context) {
            const round = { message: 'goes round' };
            round.self = round;
            const promise = context.log({ step: 'one object', n: 1 });
            await promise;
            await context.log('one text');
            await context.log('a text with data', { n: 2 });
            for (const level of ['info', 'error', 'debug', 'warn', 'trace']) {
                await context.log(level, `level ${level}`);
            }
            await context.log('warn', 'level, text and data', { n: 3 });
            await context.log('error', 'circular', round);
            await context.log(round);
            await context.log();
            await context.log('info', 'last');
            return typeof promise.then;
        }
    },
    Threads: {
        async receive(context) {
            const { processItem } = context.utils;
            const poll = known => {
                const actual = [];
                const fresh = [];
                [{ id: 1 }, { id: 2 }].forEach(processItem.bind(null, known, actual, fresh, ({ id }) => id));
                return { actual, fresh };
            };
            return {
                first: poll(), later: poll(new Set([1])),
                sum: await context.execOnWorker((left, right) => left + right.n, [1, { n: 2 }]), awaited: await context.execOnWorker(async () => 'awaited', []),
                elsewhere: await context.execOnWorker(() => require('node:worker_threads').isMainThread, []),
                thrown: await failure(() => context.execOnWorker(() => { throw new TypeError('inside'); }, [])),
                none: await failure(() => context.execOnWorker('text'))
            };
        }
    }
};

describe('What a component is given and what it sends', () => {

    let probes;

    before(async () => {
        const answer = ({ method, url, headers, body }) => {
            const { pathname, searchParams } = new URL(url, 'http://sink');
            if (pathname === '/again') {
                return { body: JSON.stringify({ again: probes.sink.requests.filter(request => request.url === url).length < 3 }) };
            }
            const query = Object.fromEntries(searchParams);
            return pathname.startsWith('/http') ? { status: Number(query.status ?? 200), body: JSON.stringify({ method, pathname, query, headers, body }) } : {};
        };
        probes = await ContextProbes.begin('test.members', PROBES, { extra: { 'test/members/auth.js': AUTH }, answer, config: { RETRY_INIT_EXP: 50, RETRY_MAX_EXP: 100 } });
    });

    after(() => probes?.end());

    test('Every member that docs/context.md names is named by a test', () => {
        const page = fs.readFileSync(path.join(ROOT, 'docs/context.md'), 'utf8');
        const [, table] = page.split('## Components');
        const rows = table.split('## Plugins')[0].split('\n').filter(line => line.startsWith('| `') && !line.includes('| not done'));
        const members = rows.flatMap(row => row.split('|')[1].match(/`[^`]+`/g)).map(name => name.replace(/`|\.\*/g, ''));
        const titles = fs.readdirSync(__dirname).filter(name => /^context_.*\.test\.js$/.test(name))
            .flatMap(name => fs.readFileSync(path.join(__dirname, name), 'utf8').match(/^ {4}test\('.*', /gm)).join('\n');
        assert.ok(members.length > 60, String(members.length));
        assert.deepEqual(members.filter(name => !new RegExp(`(?<![\\w.])${name.replace('.', '\\.')}(?!\\w)`).test(titles)), []);
    });

    test('componentId, flowId, flowInfo, componentType, appmixerApiUrl, gridInstanceId, userId, customFields: who it is and where it runs', async () => {
        const flow = await probes.flow('Identity', { document: { customFields: { team: 'red' } } });
        const seen = await flow.seen();
        assert.equal(seen.componentId, flow.probe);
        assert.equal(seen.flowId, flow.flowId);
        assert.deepEqual(seen.flowInfo, { flowId: flow.flowId, flowName: 'Identity' });
        assert.equal(seen.componentType, 'test.members.core.Identity');
        assert.equal(seen.appmixerApiUrl, probes.server.url);
        assert.equal(typeof seen.gridInstanceId, 'string');
        assert.equal(seen.userId, probes.admin.user.id);
        assert.deepEqual(seen.customFields, { team: 'red' });
        assert.deepEqual([seen.callerId, seen.type, seen.signal], ['(undefined)', '(undefined)', '(undefined)']);
        assert.equal(typeof seen.id, 'string');
        assert.notEqual((await flow.seen()).id, seen.id);
    });

    test('id: the same at every attempt of a message, another for another message', async () => {
        const flow = await probes.flow('Again', { properties: { url: probes.url('again') } });
        assert.equal((await flow.call({ n: 1 })).status, 400);
        const first = (await probes.posted('again', 3)).map(({ id }) => id);
        assert.deepEqual(new Set(first).size, 1);
        await flow.call({ n: 2 });
        const [other] = (await probes.posted('again', 4)).slice(3);
        assert.equal(other.in, 2);
        assert.notEqual(other.id, first[0]);
    });

    test('messages, scope, flowDescriptor: the input before and after its transform, all before it, the flow as saved', async () => {
        const { flowId, entry, probe, seen } = await probes.flow('Messages', {
            label: 'The probe', more: (flow, node, from) => Object.assign(flow.descriptor[node].config, { transform: { in: { [from]: { out: {
                type: 'json2new', lambda: { text: 'n is {{{m}}}' }, modifiers: { text: { m: { variable: `$.${from}.out.n`, functions: [] } } }
            } } } } })
        });
        const { messages, scope, descriptor, properties, absent } = await seen({ n: 7 });
        assert.deepEqual(Object.keys(messages), ['in']);
        const { correlationId, ...message } = messages.in;
        const walked = { [entry]: { out: { n: 7 } }, _walkthrough: [{ targetId: probe, links: [{ sourceId: entry, sourceOut: 'out', targetIn: 'in' }] }] };
        assert.match(correlationId, /./);
        assert.deepEqual(message, { content: { text: 'n is 7' }, originalContent: { n: 7 }, contentType: 'application/json', contentEncoding: 'utf8', scope: walked });
        assert.deepEqual(scope, walked);
        assert.deepEqual(properties, {});
        assert.deepEqual(absent, ['(undefined)', '(undefined)', '(undefined)']);
        assert.deepEqual(descriptor, (await probes.admin.get(`/flows/${flowId}`)).flow);
        assert.deepEqual([descriptor[probe].label, descriptor[probe].type, descriptor[probe].source.in], ['The probe', 'test.members.core.Messages', { [entry]: ['out'] }]);
        assert.ok(descriptor[probe].config.transform.in[entry].out.modifiers.text.m);
    });

    test('messages, properties, state, scope, flowDescriptor, config, customFields: copies of the call, whose changes do not leak', async () => {
        const flow = await probes.flow('Changes', { properties: { kept: 1 }, document: { customFields: { kept: 2 } } });
        const first = await flow.seen({ kept: 3 });
        assert.match(first, /"kept":3.*"kept":1.*"kept":2/);
        assert.equal(await flow.seen({ kept: 3 }), first);
    });

    test('auth, config, profileInfo, properties: fields of the account, and the configuration in both', async () => {
        const { admin } = probes;
        await admin.put('/service-config/test:members', { region: 'eu' });
        const { accountId } = await admin.post('/accounts', { service: 'test:members', token: { apiKey: 'k1' } });
        const seen = await probes.seen('Account', { properties: { depth: 2 }, prepare: (flowId, probe) => admin.put(`/auth/component/${probe}/${accountId}`, {}) });
        assert.deepEqual(seen.config, { region: 'eu' });
        assert.deepEqual(seen.profileInfo, { name: 'Ada' });
        const { apiKey, region, profileInfo, userId, service } = seen.auth;
        assert.deepEqual({ apiKey, region, profileInfo, userId, service }, { apiKey: 'k1', region: 'eu', profileInfo: { name: 'Ada' }, userId: admin.user.id, service: 'test:members' });
        assert.deepEqual(seen.properties, { depth: 2 });
    });

    test('sendJson: content as JSON, with the correlation id of the input, the scope or one given, and headers', async () => {
        const { entry, probe, seen } = await probes.flow('Sender', { more: (flow, node) => flow.add(probes.type('Receiver'), { from: node, properties: { url: probes.url('sent') } }) });
        const { correlationId, sent } = await seen({ in: 1 });
        assert.equal(sent, '(undefined)');
        const received = await probes.posted('sent', 4);
        const one = wanted => received.find(({ content }) => wanted(content));
        assert.deepEqual(one(({ at }) => at).content, { at: '1970-01-01T00:00:00.000Z', bytes: { type: 'Buffer', data: [1, 2] }, text: 'ž', none: null });
        assert.ok(one(content => content === 'text'));
        assert.deepEqual(one(({ n }) => n === 1).headers, { colour: 'blue' });
        assert.ok(received.every(message => message.correlationId === correlationId && message.contentType === 'application/json'));
        assert.deepEqual(one(({ n }) => n === 1).scope[entry], { out: { in: 1 } });
        const { scope } = one(({ n }) => n === 2);
        assert.deepEqual([scope.other, scope[probe], scope[entry]], [{ out: { x: 1 } }, { out: { n: 2 } }, undefined]);
    });

    test('sendArray, send: one message an item; another content type', async () => {
        const { seen } = await probes.flow('Arrays', { more: (flow, node) => flow.add(probes.type('Receiver'), { from: node, properties: { url: probes.url('items') } }) });
        await seen();
        const received = await probes.posted('items', 6);
        assert.deepEqual(received.map(({ content }) => content.n ?? content).sort(), [0, 1, 2, 3, 4, 'five']);
        assert.deepEqual(received.find(({ content }) => content === 'five').headers, { five: '5' });
        assert.deepEqual(received.map(({ contentType }) => contentType).sort(), [...Array(5).fill('application/json'), 'text/plain']);
    });

    test('sendJson, sendArray, send: an unknown port or too large a message is a CancelError', async () => {
        const answer = await probes.flow('Unheeded').then(flow => flow.call());
        assert.equal(answer.status, 400);
        assert.match(answer.body.message, /^Trying to send message to non existing port nowhere/);
        assert.equal(answer.body.rescheduled, undefined);
        const seen = await probes.seen('Refused');
        for (const name of ['sendJson', 'sendArray', 'send']) {
            assert.equal(seen[name].name, 'ContextCancelError');
            assert.match(seen[name].message, /^Trying to send message to non existing port nowhere/);
        }
        assert.equal(seen.large.name, 'ContextCancelError');
        assert.match(seen.large.message, /larger than 15728640 bytes/);
        assert.equal(seen.caught, true);
    });

    test('sendError: to the port err, else into the log', async () => {
        const { seen } = await probes.flow('Errs', { more: (flow, node) => flow.add(probes.type('Receiver'), { from: { id: node, port: 'err' }, properties: { url: probes.url('err') } }) });
        await seen();
        const [{ content }] = await probes.posted('err');
        assert.deepEqual([content.name, content.message, content.code], ['Error', 'to the port', 'E1']);
        const logged = await probes.flow('ErrsLogged');
        assert.equal((await logged.call()).status, 200);
        await probes.admin.logged(logged.flowId, ({ severity, msg }) => severity === 'error' && /to the log/.test(msg), 'the error');
    });

    test('CancelError, ContextCancelError, cancelError, cancel, createError: one error, with new and without', async () => {
        const seen = await probes.seen('Errors');
        const no = { name: 'ContextCancelError', message: 'no', error: '(undefined)', data: '(undefined)', code: 500, isError: true, isCancel: true };
        const withData = { ...no, error: { a: 1 }, data: { a: 1 } };
        assert.deepEqual(seen, {
            plain: no, data: { ...withData, code: 404 }, error: { ...no, error: 'inner' }, other: no, bare: withData, cancelError: no, cancel: no, createError: { ...withData, code: 5 }
        });
    });

    test('CancelError: no retry, the waiting caller gets 400 with its message and component', async () => {
        const { flowId, probe, call } = await probes.flow('GivesUp');
        const { status, body } = await call();
        assert.deepEqual([status, body.message, body.componentId, body.rescheduled], [400, 'given up', probe, undefined]);
        await probes.admin.logged(flowId, hit => hit.componentId === probe && hit.severity === 'error' && /given up/.test(hit.msg), 'the error');
    });

    test('httpRequest: the interface of axios', async () => {
        const seen = await probes.seen('Http', { properties: { url: probes.url('http') } });
        const { whole } = seen;
        assert.deepEqual([whole.status, whole.statusText, whole.type, whole.method, whole.request], [200, 'OK', 'application/json', 'post', 'object']);
        assert.deepEqual([whole.data.method, whole.data.query, whole.data.body, whole.data.headers['x-own']], ['POST', { q: 'a b' }, { a: 1 }, 'yes']);
        assert.equal(whole.data.headers['user-agent'], 'Patchbay');
        const made = name => [seen[name].status, seen[name].data.method, seen[name].data.body];
        assert.deepEqual(['get', 'post', 'put', 'patch', 'delete', 'request', 'computed'].map(made), [
            [200, 'GET', ''], [200, 'POST', { n: 2 }], [200, 'PUT', { n: 3 }], [200, 'PATCH', { n: 4 }], [200, 'DELETE', ''], [200, 'OPTIONS', ''], [200, 'POST', 'text']
        ]);
        assert.deepEqual(seen.get.data.query, { n: '1' });
        assert.deepEqual([seen.create.data.pathname, seen.create.data.headers['x-default']], ['/http/below', 'set']);
        assert.equal(seen.basic.data.headers.authorization, `Basic ${Buffer.from('ada:secret').toString('base64')}`);
        assert.deepEqual([seen.bytes.data.body, seen.sent.data.body, seen.array, seen.streamed, seen.tolerated], ['raw', 'in pieces', true, 'GET', 500]);
        assert.match(seen.form.data.body, /name="field"\r\n\r\nvalue/);
        assert.deepEqual(seen.refused, {
            message: 'Request failed with status code 418', code: 'ERR_BAD_REQUEST', data: { status: '418' }, status: 418, text: 'I\'m a Teapot', type: 'application/json'
        });
        assert.deepEqual(seen.late, { code: 'ECONNREFUSED', response: '(undefined)' });
    });

    test('log: one, two or three arguments, never throws, with the ids of its call', async () => {
        const { flowId, probe, seen } = await probes.flow('Logs');
        assert.equal(await seen(), 'function');
        const last = await probes.admin.logged(flowId, ({ msg }) => msg === 'last', 'the last record');
        const hits = (await probes.admin.get(`/logs?flowId=${flowId}&size=100&trace=true`)).hits.filter(hit => hit.componentId === probe);
        const one = text => hits.find(({ msg }) => msg?.includes(text)) ?? assert.fail(`no record says ${text}: ${JSON.stringify(hits)}`);
        const text = hit => JSON.stringify(hit);
        assert.match(text(one('one object')), /"n\\*":1/);
        assert.equal(one('one text').severity, 'info');
        assert.match(text(one('a text with data')), /"n\\*":2/);
        for (const level of ['info', 'error', 'debug', 'warn', 'trace']) {
            assert.equal(one(`level ${level}`).severity, level);
        }
        assert.match(text(one('level, text and data')), /"n\\*":3/);
        assert.match(text(one('circular')), /goes round/);
        assert.ok(last.correlationId);
        assert.deepEqual([last.flowId, last.componentType], [flowId, 'test.members.core.Logs']);
    });

    test('utils.processItem, execOnWorker: items never seen before; a function in a thread of its own', async () => {
        const seen = await probes.seen('Threads');
        assert.deepEqual(seen.first, { actual: [1, 2], fresh: [] });
        assert.deepEqual(seen.later, { actual: [1, 2], fresh: [{ id: 2 }] });
        assert.deepEqual([seen.sum, seen.awaited, seen.elsewhere], [3, 'awaited', false]);
        assert.deepEqual([seen.thrown.name, seen.thrown.message], ['TypeError', 'inside']);
        assert.match(seen.none.message, /needs a function/);
    });
});

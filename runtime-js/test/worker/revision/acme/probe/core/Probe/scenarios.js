'use strict';

const { PassThrough, Readable } = require('node:stream');
const { once } = require('node:events');

// What sendsOn, whose call is over by then, was told; resolved by it.
let reportRefusals;
const refusals = new Promise(resolve => {
    reportRefusals = resolve;
});
const kId = '11111111-2222-4333-8444-555555555555';

module.exports = {

    async identity(context) {
        const { id, componentId, componentType, flowId, userId, appmixerApiUrl, gridInstanceId, flowInfo, customFields, userInfo } = context;
        const { auth, config, profileInfo, properties, scope } = context;
        await context.sendJson({
            id, componentId, componentType, flowId, userId, appmixerApiUrl, gridInstanceId, flowInfo, customFields, userInfo,
            auth, config, profileInfo, properties, scope, label: context.flowDescriptor[componentId].label, state: context.state,
            message: context.messages.in, absent: context.messages.webhook === undefined
        }, 'out');
    },

    async mutate(context) {
        context.flowDescriptor[context.componentId].label = 'changed';
        context.customFields.extra = 1;
        context.properties = { replaced: true };
        await context.sendJson({ label: context.flowDescriptor[context.componentId].label, properties: context.properties }, 'out');
    },

    async sends(context) {
        const { sendJson, sendArray, send, sendError } = context;
        await sendJson({ at: new Date('2026-01-02T03:04:05Z'), gone: undefined, bytes: Buffer.from('hi') }, 'out');
        await sendJson('scoped', 'out', { scope: { c0: { out: 1 } }, headers: { kind: 'x' } });
        await sendArray(['a', 'b'], 'out');
        await send('<p/>', 'out', 'text/xml');
        await sendError(new context.CancelError('reported'));
    },

    async flushBeforeWrite(context) {
        context.sendJson(1, 'out');
        const waiting = context.stateSet('seen', 1);
        context.sendJson(2, 'out');
        await waiting;
    },

    async flood(context, { lines }) {
        for (let line = 0; line < lines; line++) {
            process.stdout.write('flood'.repeat(200) + '\n');
        }
        await context.sendJson('flooded', 'out');
    },

    async many(context, { count }) {
        for (let index = 0; index < count; index++) {
            context.sendJson(index, 'out');
        }
    },

    async slow(context) {
        await context.sendJson('first', 'out');
        await context.stateGet('gate');
        await context.sendJson('second', 'out');
    },

    async late(context) {
        context.stateGet('later').then(() => context.sendJson('too late', 'out'));
    },

    cancel(context) {
        throw new context.CancelError('No such row', { row: 7 }, 404);
    },

    async cancelWithoutNew(context) {
        context.sendJson('dropped', 'out');
        throw context.cancelError('given up', new Error('inner'));
    },

    async unknownPort(context) {
        context.sendJson({}, 'nowhere');
    },

    async tooLarge(context) {
        await context.sendJson('x'.repeat(16 * 1024 * 1024), 'out');
    },

    async tooLargeState(context) {
        await context.stateSet('big', 'x'.repeat(17 * 1024 * 1024));
    },

    async axiosLike() {
        const err = new Error('Request failed with status code 429');
        err.code = 'ERR_BAD_REQUEST';
        err.config = { headers: { Authorization: 'Bearer secret' } };
        err.request = { socket: {} };
        err.request.socket.parser = err.request;
        err.response = { status: 429, data: { reason: 'slow down' }, request: err.request };
        throw err;
    },

    async invalidToken() {
        throw Object.assign(new Error('expired'), { name: 'InvalidTokenError' });
    },

    async throwsText() {
        throw 'just text'; // eslint-disable-line no-throw-literal
    },

    async throwsNothing() {
        throw undefined; // eslint-disable-line no-throw-literal
    },

    async circular() {
        const data = { name: 'loop' };
        data.self = data;
        throw Object.assign(new Error('circular'), { data });
    },

    async huge() {
        throw Object.assign(new Error('m'.repeat(1e6)), { data: { text: 'd'.repeat(1e6) } });
    },

    throwsLater() {
        setImmediate(() => {
            throw new Error('from a callback');
        });
        return new Promise(() => undefined);
    },

    async rejectsAside(context) {
        Promise.reject(new Error('nobody awaits me'));
        await context.stateGet('gate');
    },

    async logs(context) {
        await context.log({ step: 'begin', rows: 2 });
        await context.log('plain text');
        await context.log('error', 'with data', { a: 1 });
        await context.log('warn', { message: 'object message', b: 2 });
        const loop = {};
        loop.loop = loop;
        await context.log(loop);
        await context.log(null);
    },

    async state(context) {
        const known = await context.loadState();
        const before = await context.stateGet('a.b/c');
        await context.saveState({ known: [1] });
        await context.stateSet('k', { v: 1 });
        await context.stateUnset('k');
        const total = await context.stateInc('n', 2);
        const old = await context.stateInc('n', 1, true);
        const set = await context.stateAddToSet('ids', 'x');
        const less = await context.stateRemoveFromSet('ids', 'x');
        await context.stateClear();
        await context.sendJson({ known, before: before === undefined ? 'none' : before, total, old, set, less }, 'out');
    },

    async assignState(context) {
        context.state.known = ['a'];
        context.state = { known: ['a', 'b'] };
        await context.sendJson(context.state, 'out');
    },

    async sharedState(context) {
        await context.flow.stateSet('run', 1);
        const run = await context.flow.stateGet('run');
        const all = await context.flow.loadState();
        const receivers = await context.service.stateAddToSet('receivers', { id: 1 });
        const pairs = await context.service.loadState();
        await context.sendJson({ run, all, receivers, pairs }, 'out');
    },

    async badState(context) {
        await context.saveState('text');
    },

    async timeouts(context) {
        const timeoutId = await context.setTimeout({ scenario: 'echoTimeout' }, 5000);
        await context.clearTimeout(timeoutId);
        await context.sendJson({ timeoutId }, 'out');
    },

    async echoTimeout(context) {
        await context.sendJson({ timeoutId: context.messages.timeout.timeoutId }, 'out');
    },

    async webhookUrl(context) {
        await context.sendJson({ url: context.getWebhookUrl() }, 'out');
    },

    async respondsLast(context) {
        await context.sendJson('before', 'out');
        await context.response({ ok: 1 });
    },

    // Sends around it, then another call or an error.
    async respondsAndGoesOn(context, { fails }) {
        await context.sendJson('before', 'out');
        await context.response({ ok: 1 });
        await context.sendJson('after', 'out');
        if (fails) {
            throw new Error('after the response');
        }
    },

    async respondsAndWaits(context) {
        await context.response({ ok: 1 });
        await context.stateGet('key');
    },

    async responses(context) {
        await context.response();
        await context.response('text', 202, { 'Content-Type': 'text/plain' });
        await context.response({ ok: 1 }, 200, {}, 'other-correlation');
    },

    async lock(context) {
        const lock = await context.lock('rows', { ttl: '5000', maxRetryCount: 0 });
        await lock.extend(1000);
        await lock.unlock();
    },

    async lockBusy(context) {
        try {
            await context.lock('rows', 7);
        } catch (err) {
            await context.sendJson({ name: err.name, attempts: err.attempts, isError: err instanceof Error }, 'out');
        }
    },

    async cache(context) {
        const missing = await context.staticCache.get('k');
        await context.staticCache.set('k', { v: 1 }, 60000);
        const found = await context.staticCache.get('k');
        await context.staticCache.remove('k');
        await context.sendJson({ missing: missing === undefined, found }, 'out');
    },

    async stores(context) {
        const { store } = context;
        const record = await store.set('s1', 'key', { v: 1 });
        const got = await store.get('s1', 'key');
        const byPattern = await store.find('s1', 'ke');
        await store.find('s1', { query: { key: { $nin: ['x'] } }, limit: 5, offset: 0, sort: { key: 1 } });
        const cursor = store.getCursor('s1', { key: 'key' }, { sort: { key: 1 } });
        const total = await cursor.count();
        const first = await cursor.next();
        const end = await cursor.next();
        await cursor.close();
        const list = await store.listStores();
        await store.registerWebhook('s1', ['insert']);
        await store.unregisterWebhook('s1');
        await store.remove('s1', 'key');
        await store.clear('s1');
        await context.sendJson({ record, got, byPattern, total, first, end, list }, 'out');
    },

    async saveText(context) {
        const saved = await context.saveFileStream('report.csv', 'a,b\n1,2\n', kId);
        await context.sendJson({ fileId: saved.metadata.fileId, length: saved.length }, 'out');
    },

    async readBack(context) {
        const info = await context.getFileInfo(kId);
        const stream = await context.getFileReadStream(kId, { start: 2, end: 5 });
        let text = '';
        stream.on('data', chunk => {
            text += chunk;
        });
        await once(stream, 'end');
        const whole = await context.loadFile(kId);
        await context.removeFile(kId);
        await context.sendJson({ name: info.filename, text, whole: whole.toString() }, 'out');
    },

    async replaceText(context) {
        const stream = new PassThrough();
        stream.end('new');
        await context.replaceFileStream(kId, stream);
        await context.saveFile('old.bin', 'application/octet-stream', Buffer.from([1, 2]));
    },

    async saveLarge(context, { bytes }) {
        async function* source() {
            for (let left = bytes; left > 0; left -= 70000) {
                yield Buffer.alloc(Math.min(left, 70000), 'x');
            }
        }
        await context.saveFileStream('large.bin', Readable.from(source()));
    },

    async saveBroken(context) {
        async function* source() {
            yield Buffer.from('part');
            throw new Error('the source broke');
        }
        await context.saveFileStream('broken.bin', Readable.from(source()));
    },

    async stopFlow(context) {
        await context.stopFlow();
    },

    async callApi(context) {
        const made = await context.callAppmixer({ endPoint: '/stores', method: 'POST', body: { name: 'n' }, qs: { a: 1 } });
        try {
            await context.callAppmixer({ endPoint: '/missing' });
        } catch (err) {
            await context.sendJson({ made, statusCode: err.statusCode, error: err.error }, 'out');
        }
    },

    async processItem(context) {
        const actual = [];
        const fresh = [];
        const sort = context.utils.processItem.bind(null, new Set([1]), actual, fresh, item => item.id);
        [{ id: 1 }, { id: 2 }].forEach(item => sort(item));
        await context.sendJson({ actual, fresh }, 'out');
    },

    async ambient(context) {
        const names = ['lodash', 'bluebird', 'moment', 'moment-timezone', 'uuid', 'form-data', 'axios', 'request', 'request-promise',
            'jsonata', 'check-types', 'appmixer-lib'];
        const missing = names.filter(name => !require(name));
        const { util } = require('appmixer-lib');
        const pages = new util.PagingAggregator(async (args, offset) => args.slice(offset, offset + 2), (all, page) => all.concat(page),
            (all, page, offset, count) => all.length < 5 ? offset + count : -1);
        const err = util.HttpError.returnHttpError({ message: 'gone', statusCode: 410 });
        const deals = [{ id: 1, at: 'a', by: 'ada' }, { id: 2, at: 'b' }];
        const options = { mappingFunction: ({ at }) => ({ at }), includeOldData: true };
        const first = util.component.checkListForChanges(deals, [], 'id', options);
        const changed = [{ id: 1, at: 'z' }, { id: 2, at: 'b', by: 'bob' }, { id: 3, at: 'c' }];
        const { changes } = util.component.checkListForChanges(changed, JSON.parse(JSON.stringify(first.newState)), 'id', options);
        await context.sendJson({ changes, missing, all: await pages.fetch([1, 2, 3, 4, 5], 0, 2), status: err.statusCode, name: err.name }, 'out');
    },

    async http(context, { url }) {
        const answer = await context.httpRequest.get(url, { params: { q: 'a b' } });
        await context.sendJson({ status: answer.status, data: answer.data }, 'out');
    },

    async listens(context) {
        await context.addListener('order', { shop: 1 });
        await context.removeListener('order');
        await context.sendJson('listened', 'out');
    },

    async asksComponents(context) {
        const folders = await context.componentStaticCall('acme.probe.core.ListItems', 'out', { messages: { in: { of: 1 } }, properties: { deep: true }, transform: './ListItems#toSelectArray' });
        const fields = await context.loadOutputSchemaProperties('c0');
        const refused = await context.componentStaticCall('acme.none.core.Gone', 'out').catch(({ name, message }) => `${name}: ${message}`);
        await context.sendJson({ folders, fields, refused }, 'out');
    },

    async signals(context) {
        await context.sendJson('before', 'out');
        await context.sendSignal({ kind: 'go' });
    },

    async sendsOn(context) {
        await context.stateGet('gate').catch(() => undefined);
        const refused = [];
        for (const send of [() => context.sendJson(1, 'out'), () => context.sendArray([1, 2], 'out'), () => context.send('x', 'out', 'text/plain')]) {
            await send().catch(err => refused.push(err.message));
        }
        context.sendJson('nobody waits', 'out');
        reportRefusals(refused);
    },

    refused: async context => context.sendJson(await refusals, 'out')
};

'use strict';

/** What outlives a call: state, locks, the cache, data stores and files (component-runtime §5, §8.3 to §8.5, §8.8), from inside a worker. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const ContextProbes = require('./context_probes');

const UUID = '0f0f2c4e-8d53-4a3f-9c7e-2f7d1c1f0a01';

const PROBES = {
    // One of context, context.flow, context.service; `data.of` names it.
    State: {
        async receive(context) {
            const { of } = context.messages.in.content;
            const scope = of === 'component' ? context : context[of];
            const key = 'https://a.test/x.y:$1';
            const seen = { none: await scope.stateGet(key), empty: await scope.loadState() };
            seen.set = await scope.stateSet(key, { n: 1, list: [null, 'ž'] });
            seen.get = await scope.stateGet(key);
            seen.falsy = [await scope.stateSet('zero', 0), await scope.stateGet('zero'), await scope.stateSet('null', null), await scope.stateGet('null')];
            seen.inc = [await scope.stateInc('n', 2), await scope.stateInc('n', 3), await scope.stateInc('n', -1, true), await scope.stateGet('n'), await scope.stateInc('half', 0.5)];
            seen.notANumber = await failure(() => scope.stateInc(key, 1));
            await scope.stateAddToSet('set', { a: 1, b: [2] });
            await scope.stateAddToSet('set', { b: [2], a: 1 });
            await scope.stateAddToSet('set', 'x');
            seen.added = await scope.stateGet('set');
            await scope.stateRemoveFromSet('set', { b: [2], a: 1 });
            await scope.stateRemoveFromSet('set', 'never there');
            seen.removed = await scope.stateGet('set');
            seen.notASet = await failure(() => scope.stateAddToSet('n', 1));
            seen.unset = [await scope.stateUnset(key), await scope.stateUnset('never there'), await scope.stateGet(key)];
            seen.all = await scope.loadState();
            seen.large = await failure(() => scope.stateSet('large', 'x'.repeat(16 * 1024 * 1024)));
            seen.noKey = await failure(() => scope.stateGet());
            seen.clear = await scope.stateClear();
            seen.cleared = await scope.loadState();
            return seen;
        }
    },
    Snapshot: {
        async receive(context) {
            const { content } = context.messages.in;
            const seen = { before: context.state, loaded: await context.loadState() };
            if (content.save) {
                seen.saved = await context.saveState(content.save);
                seen.refreshed = context.state;
                seen.after = await context.loadState();
            }
            if (content.assign) {
                context.state = content.assign;
                seen.assigned = context.state;
            }
            if (content.refuse) {
                seen.refused = [await failure(() => context.saveState()), await failure(() => context.saveState('text')), await failure(() => context.saveState(null))];
                seen.large = await failure(() => context.saveState({ text: 'x'.repeat(16 * 1024 * 1024) }));
            }
            return seen;
        }
    },
    Kept: {
        manifest: { state: { persistent: true } },
        receive: async context => ({ own: await context.stateInc('n', 1), flow: await context.flow.stateInc('n', 1), service: await context.service.stateInc('kept', 1) })
    },
    Plain: { receive: async context => ({ own: await context.stateInc('n', 1), flow: await context.flow.stateInc('n', 1), service: await context.service.stateInc('plain', 1) }) },
    Locks: {
        async receive(context) {
            const lock = await context.lock('one', { ttl: '60000' });
            const seen = {
                members: [typeof lock.unlock, typeof lock.extend], held: await failure(() => context.lock('one', { maxRetryCount: 0 })),
                retried: await failure(() => context.lock('one', { retryDelay: '1', maxRetryCount: '2' })), other: typeof (await context.lock('two', 5)).unlock,
                extended: await lock.extend(60000), unlocked: await lock.unlock(), twice: await lock.unlock(), late: await failure(() => lock.extend(1000))
            };
            const short = await context.lock('one', { ttl: 1, maxRetryCount: 0 });
            const next = await context.lock('one', { retryDelay: 5, maxRetryCount: 1000 });
            return {
                ...seen, expired: await failure(() => short.extend(1000)), harmless: await short.unlock(),
                still: await failure(() => context.lock('one', { maxRetryCount: 0 })), given: await next.unlock()
            };
        }
    },
    TriesLock: { silent: true, receive: async context => context.sendJson(await failure(() => context.lock('shared', { maxRetryCount: 0 })), 'out') },
    HoldsLock: {
        async receive(context) {
            await context.lock('shared');
            const tried = service => context.componentStaticCall(`${service}.core.TriesLock`, 'out', {});
            return { own: await tried('test.keeps'), foreign: await tried('test.neighbour') };
        }
    },
    Hangs: {
        async receive(context) {
            await context.lock('of one that hangs', { ttl: 3600000, maxRetryCount: 0 });
            await post(context, { locked: true });
            await new Promise(() => {});
        }
    },
    Cache: {
        async receive(context) {
            const { staticCache } = context;
            const seen = { left: await staticCache.get('left'), none: await staticCache.get('none') };
            seen.set = await staticCache.set('key', { a: [1] });
            seen.get = await staticCache.get('key');
            await staticCache.set('long', 'kept', 600000);
            seen.long = await staticCache.get('long');
            await staticCache.set('short', 'gone', 1);
            for (seen.short = 'gone'; seen.short === 'gone';) {
                seen.short = await staticCache.get('short');
            }
            seen.removed = [await staticCache.remove('key'), await staticCache.remove('never there'), await staticCache.get('key')];
            await staticCache.set('left', 'by the first');
            return seen;
        }
    },
    Stores: {
        async receive(context) {
            const { store } = context;
            const { storeId } = context.properties;
            const values = records => records.map(({ key, value }) => [key, value]);
            const seen = { listed: await store.listStores(), none: await store.get(storeId, 'a') };
            seen.set = await store.set(storeId, 'a', { n: 1 });
            seen.again = await store.set(storeId, 'a', { n: 2 });
            seen.get = await store.get(storeId, 'a');
            for (const key of ['b1', 'b2', 'c']) {
                await store.set(storeId, key, key);
            }
            seen.found = [
                values(await store.find(storeId, 'b')).sort(), values(await store.find(storeId, { query: { key: { $nin: ['a', 'b1'] } }, sort: 'key:-1' })),
                values(await store.find(storeId, { query: {}, sort: { key: 1 }, limit: 2, offset: 1 })), values(await store.find(storeId, { query: { value: 'nothing' } }))
            ];
            const cursor = store.getCursor(storeId, { key: { $ne: 'a' } }, { sort: { key: 1 } });
            seen.cursor = { count: await cursor.count(), first: (await cursor.next()).key };
            seen.rest = [(await cursor.next()).key, (await cursor.next()).key, await cursor.next(), await cursor.close()];
            await store.remove(storeId, 'a');
            seen.removed = await store.get(storeId, 'a');
            await store.clear(storeId);
            seen.cleared = await store.find(storeId, {});
            seen.unknown = await failure(() => store.get('0123456789abcdef01234567', 'a'));
            seen.large = await failure(() => store.set(storeId, 'large', 'x'.repeat(16 * 1024 * 1024)));
            return seen;
        }
    },
    Watches: {
        manifest: { webhook: true, trigger: true, inPorts: [] },
        silent: true,
        start: context => context.store.registerWebhook(context.properties.storeId, context.properties.events),
        stop: context => context.store.unregisterWebhook(context.properties.storeId),
        async receive(context) { await post(context, context.messages.webhook.content.data); }
    },
    Files: {
        async receive(context) {
            const { Readable } = require('node:stream');
            const { fileId } = context.properties;
            const text = async stream => {
                let all = '';
                for await (const piece of stream) {
                    all += piece;
                }
                return all;
            };
            const saved = await context.saveFileStream('rows.csv', Readable.from(['a,b\n', '1,2\n']), fileId);
            const seen = {
                saved, info: await context.getFileInfo(fileId), read: await text(await context.getFileReadStream(fileId)),
                range: await text(await context.getFileReadStream(fileId, { start: 2, end: 4 })), direct: await text(context.readFileStream(fileId)),
                whole: (await context.loadFile(fileId)).toString('hex'),
                buffer: await context.saveFileStream('plain.bin', Buffer.from([0, 255])), string: await context.saveFileStream('note.txt', 'žluť'),
                older: await context.saveFile('page', 'text/html', Buffer.from('<p>'))
            };
            seen.bytes = (await context.loadFile(seen.buffer.fileId)).toString('hex');
            // Written while it is read, as connectors do that change a file in place.
            const source = await context.getFileReadStream(fileId);
            seen.replaced = await context.replaceFileStream(fileId, source.map(piece => String(piece).toUpperCase()));
            seen.after = (await context.loadFile(fileId)).toString();
            seen.taken = await failure(() => context.saveFileStream('again.csv', 'x', fileId));
            seen.badId = await failure(() => context.saveFileStream('x', 'x', 'no id'));
            const older = await context.saveFileStream('x', '', 'abcdefabcdefabcdefabcdef');
            seen.olderId = [older.fileId, older.length, (await context.loadFile(older.fileId)).length];
            seen.archived = await context.archiveFile(fileId);
            seen.removed = await context.removeFile(fileId);
            const unknown = '0123456789abcdef01234567';
            seen.unknown = {};
            for (const name of ['getFileInfo', 'getFileReadStream', 'loadFile', 'removeFile', 'archiveFile']) {
                seen.unknown[name] = (await failure(() => context[name](unknown))).message;
            }
            seen.unknown.replaceFileStream = (await failure(() => context.replaceFileStream(unknown, 'x'))).message;
            seen.unknown.readFileStream = (await failure(() => text(context.readFileStream(fileId)))).message;
            seen.content = await failure(() => context.saveFileStream('x', 5));
            return seen;
        }
    }
};

describe('What outlives a call of a component', () => {

    let probes;

    before(async () => {
        probes = await ContextProbes.begin('test.keeps', PROBES);
    });

    after(() => probes?.end());

    const NOTHING = '(undefined)';

    async function checkState(of) {
        const flow = await probes.flow('State');
        const seen = await flow.seen({ of });
        assert.deepEqual([seen.none, seen.set, seen.get], [NOTHING, NOTHING, { n: 1, list: [null, 'ž'] }]);
        assert.deepEqual(seen.falsy, [NOTHING, 0, NOTHING, null]);
        assert.deepEqual(seen.inc, [2, 5, 5, 4, 0.5]);
        assert.match(seen.notANumber.message, /does not hold a number/);
        assert.deepEqual(seen.added, [{ a: 1, b: [2] }, 'x']);
        assert.deepEqual(seen.removed, ['x']);
        assert.match(seen.notASet.message, /does not hold a set/);
        assert.deepEqual(seen.unset, [NOTHING, NOTHING, NOTHING]);
        assert.equal(seen.large.name, 'ContextCancelError');
        assert.match(seen.noKey.message, /key is missing/);
        assert.equal(seen.clear, NOTHING);
        return seen;
    }
    const LEFT = { zero: 0, null: null, n: 4, half: 0.5, set: ['x'] };

    test('stateGet, stateSet, stateUnset, stateClear, stateInc, stateAddToSet, stateRemoveFromSet, loadState: of the component', async () => {
        const { empty, all, cleared } = await checkState('component');
        assert.deepEqual([empty, all, cleared], [{}, LEFT, {}]);
    });

    test('flow.stateGet and all others: the same for the flow', async () => {
        const { empty, all, cleared } = await checkState('flow');
        assert.deepEqual([empty, all, cleared], [{}, LEFT, {}]);
    });

    test('service.stateGet and all others: the same for the service, whose loadState is a list of pairs', async () => {
        const { empty, all, cleared } = await checkState('service');
        const pairs = Object.entries(LEFT).map(([key, value]) => ({ key, value }));
        const byKey = (a, b) => (a.key < b.key ? -1 : 1);
        assert.deepEqual([empty, all.sort(byKey), cleared], [[], pairs.sort(byKey), []]);
    });

    test('state, saveState, loadState: a snapshot before the call, replaced as a whole', async () => {
        const flow = await probes.flow('Snapshot');
        assert.deepEqual(await flow.seen(), { before: {}, loaded: {} });
        assert.deepEqual(await flow.seen({ save: { a: 1, 'b.c/d:$e': [2] } }), { before: {}, loaded: {}, saved: NOTHING, refreshed: {}, after: { a: 1, 'b.c/d:$e': [2] } });
        const before = { a: 1, 'b.c/d:$e': [2] };
        assert.deepEqual(await flow.seen({ save: { other: 1 } }), { before, loaded: before, saved: NOTHING, refreshed: before, after: { other: 1 } });
        assert.deepEqual(await flow.seen({ assign: { assigned: true } }), { before: { other: 1 }, loaded: { other: 1 }, assigned: { assigned: true } });
        const { before: last, refused, large } = await flow.seen({ refuse: true });
        assert.deepEqual(last, { assigned: true });
        refused.forEach(({ message }) => assert.match(message, /saveState needs an object/));
        assert.equal(large.name, 'ContextCancelError');
    });

    test('state: ends with the run of the flow, unless its manifest keeps it; service state stays', async () => {
        for (const [name, own, service] of [['Plain', 1, 3], ['Kept', 3, 3]]) {
            const flow = await probes.flow(name);
            assert.deepEqual(await flow.seen(), { own: 1, flow: 1, service: 1 });
            assert.deepEqual(await flow.seen(), { own: 2, flow: 2, service: 2 });
            await probes.admin.stopFlow(flow.flowId);
            await probes.admin.startFlow(flow.flowId);
            assert.deepEqual(await flow.seen(), { own, flow: 1, service });
            assert.deepEqual(await probes.seen(name), { own: 1, flow: 1, service: 4 }, 'another flow');
        }
    });

    test('lock: one at a time, given back or expired, LockError with attempts', async () => {
        const seen = await probes.seen('Locks');
        assert.deepEqual(seen.members, ['function', 'function']);
        assert.deepEqual([seen.held.name, seen.held.attempts, seen.held.isError], ['LockError', 1, true]);
        assert.deepEqual([seen.retried.name, seen.retried.attempts], ['LockError', 3]);
        assert.deepEqual([seen.other, seen.extended, seen.unlocked, seen.twice], ['function', NOTHING, NOTHING, NOTHING]);
        assert.match(seen.late.message, /no longer held/);
        assert.match(seen.expired.message, /no longer held/);
        assert.deepEqual([seen.harmless, seen.given, seen.still.name], [NOTHING, NOTHING, 'LockError']);
    });

    test('lock: of one service', async () => {
        await probes.publish('test.neighbour', { TriesLock: PROBES.TriesLock });
        const { own, foreign } = await probes.seen('HoldsLock');
        assert.deepEqual([own.name, foreign], ['LockError', 'no error']);
    });

    test('lock: free once the flow of the call that holds it is stopped', async () => {
        const properties = { url: probes.url('hangs') };
        for (const count of [1, 2]) {
            const { flowId, call } = await probes.flow('Hangs', { properties });
            const answer = call();
            await probes.posted('hangs', count);
            await probes.admin.stopFlow(flowId);
            await answer;
        }
    });

    test('staticCache: get, set with a time to live, remove; of one flow', async () => {
        const wanted = { left: NOTHING, none: NOTHING, set: NOTHING, get: { a: [1] }, long: 'kept', short: NOTHING, removed: [NOTHING, NOTHING, NOTHING] };
        const flow = await probes.flow('Cache');
        assert.deepEqual(await flow.seen(), wanted);
        assert.deepEqual(await flow.seen(), { ...wanted, left: 'by the first' });
        assert.deepEqual(await probes.seen('Cache'), wanted, 'another flow');
    });

    test('store: set, get, find, getCursor, remove, clear, listStores', async () => {
        const { storeId } = await probes.admin.post('/stores', { name: 'Probed' });
        const seen = await probes.seen('Stores', { properties: { storeId } });
        assert.ok(seen.listed.some(one => one.storeId === storeId && one.name === 'Probed'));
        assert.equal(seen.none, null);
        assert.deepEqual([seen.set.key, seen.set.storeId, seen.set.value], ['a', storeId, { n: 1 }]);
        assert.deepEqual([seen.again.value, seen.again.createdAt], [{ n: 2 }, seen.set.createdAt]);
        assert.deepEqual(seen.get, seen.again);
        assert.ok(seen.get.updatedAt >= seen.get.createdAt);
        assert.deepEqual(seen.found, [[['b1', 'b1'], ['b2', 'b2']], [['c', 'c'], ['b2', 'b2']], [['b1', 'b1'], ['b2', 'b2']], []]);
        assert.deepEqual(seen.cursor, { count: 3, first: 'b1' });
        assert.deepEqual(seen.rest, ['b2', 'c', null, NOTHING]);
        assert.deepEqual([seen.removed, seen.cleared], [null, []]);
        assert.match(seen.unknown.message, /was not found/);
        assert.equal(seen.large.name, 'ContextCancelError');
    });

    test('store: registerWebhook, unregisterWebhook: each change calls the component', async () => {
        const { admin } = probes;
        const { storeId } = await admin.post('/stores', { name: 'Watched' });
        const all = await probes.alone('Watches', { properties: { storeId, url: probes.url('changes') } });
        await probes.alone('Watches', { properties: { storeId, url: probes.url('removals'), events: ['delete'] } });
        const change = (method, json) => admin.must(method, `/store/${storeId}/k`, { json });
        const changes = async count => (await probes.posted('changes', count)).at(-1);
        await change('POST', { n: 1 });
        const inserted = await changes(1);
        assert.deepEqual([inserted.type, inserted.currentValue.key, inserted.currentValue.storeId, inserted.currentValue.value], ['insert', 'k', storeId, { n: 1 }]);
        assert.ok(inserted.currentValue.createdAt && inserted.currentValue.updatedAt);
        await change('POST', { n: 2 });
        const updated = await changes(2);
        assert.deepEqual([updated.type, updated.currentValue.value, updated.oldValue], ['update', { n: 2 }, { n: 1 }]);
        await admin.must('DELETE', `/store/${storeId}/k`);
        assert.equal((await changes(3)).type, 'delete');
        assert.deepEqual((await probes.posted('removals')).map(({ type }) => type), ['delete']);
        await admin.stopFlow(all.flowId);
        await change('POST', { n: 3 });
        await admin.must('DELETE', `/store/${storeId}/k`);
        await probes.posted('removals', 2);
        assert.equal((await probes.posted('changes', 3)).length, 3);
    });

    test('saveFileStream, getFileReadStream, getFileInfo, replaceFileStream, saveFile, loadFile, removeFile, readFileStream, archiveFile: files', async () => {
        const { flowId, seen: call } = await probes.flow('Files', { properties: { fileId: UUID } });
        const seen = await call();
        const { fileId, filename, length, contentType, metadata } = seen.saved;
        assert.deepEqual({ fileId, filename, length, contentType }, { fileId: UUID, filename: 'rows.csv', length: 8, contentType: 'text/csv' });
        assert.deepEqual(metadata, { userId: probes.admin.user.id, fileId: UUID, originFlowId: flowId });
        assert.match(seen.saved.uploadDate, /^\d{4}-.*Z$/);
        assert.deepEqual(seen.info, seen.saved);
        const text = 'a,b\n1,2\n';
        assert.deepEqual([seen.read, seen.range, seen.direct, seen.whole], [text, 'b\n1', text, Buffer.from(text).toString('hex')]);
        assert.match(seen.buffer.fileId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.deepEqual([seen.bytes, seen.buffer.length, seen.string.length, seen.string.contentType.split(';')[0]], ['00ff', 2, 6, 'text/plain']);
        assert.deepEqual([seen.older.filename, seen.older.contentType, seen.older.length], ['page', 'text/html', 3]);
        assert.deepEqual([seen.replaced.fileId, seen.replaced.filename, seen.after], [UUID, 'rows.csv', text.toUpperCase()]);
        assert.match(seen.taken.message, /already exists/);
        assert.match(seen.badId.message, /must be a UUID/);
        assert.deepEqual(seen.olderId, ['abcdefabcdefabcdefabcdef', 0, 0]);
        assert.deepEqual([seen.archived, seen.removed], [{ fileId: UUID }, { fileId: UUID }]);
        for (const [name, message] of Object.entries(seen.unknown)) {
            assert.match(message, /was not found/, name);
        }
        assert.match(seen.content.message, /must be a stream, a Buffer or a string/);
        await probes.admin.logged(flowId, ({ msg, severity }) => severity === 'warn' && /was not archived/.test(msg), 'that there is no archive');
    });
});

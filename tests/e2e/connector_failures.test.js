'use strict';

/**
 * Twenty ways an operation on a connector fails: after each, everything is as it was before: the same revision, the same
 * stages of flows, the same rules, no staging folder, and the flows work (S26, S111, R22).
 */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const FaultyDisk = require('../soak/faulty_disk');
const { Story, action } = require('./connector_story');
const { bundleFiles, zip } = require('./bundle_zip');
const { until } = require('./rest_client');

const LIBRARY = process.env.PATCHBAY_FAULTY_DISK || path.join(__dirname, '../../build/release/bin/faulty_disk.so');
const OLD = { version: '1.0.0', components: { Send: action({ version: '1.0.0' }) } };
const NEW = version => ({ version, components: { Send: action({ version, fields: { text: {}, to: {} }, required: ['to'] }) } });

const BOMB = Buffer.alloc(40 * 1024 * 1024);
const files = (version, change) => {
    const all = bundleFiles('story.mail', NEW(version));
    change(all);
    return zip(all);
};
const codeOf = text => all => { all['story/mail/core/Send/Send.js'] = text; };

/** name → bytes of a bundle that cannot be installed. */
const BROKEN = {
    'another connector': version => zip(bundleFiles('story.other', NEW(version))),
    'no zip': () => Buffer.from('this is no zip'),
    'a zip that was cut off': version => files(version, () => {}).subarray(0, 600),
    'a path that leads out': version => files(version, all => { all['story/mail/../../../evil.js'] = 'x'; }),
    'a name twice, in other letters': version => files(version, all => { all['story/mail/CORE/Send/Send.js'] = 'x'; }),
    'a bomb': version => files(version, all => { all['story/mail/core/Send/big.bin'] = BOMB; }),
    'a manifest that is no JSON': version => files(version, all => { all['story/mail/core/Send/component.json'] = '{'; }),
    'a service without its fields': version => files(version, all => { all['story/mail/service.json'] = '{"name":"story.mail"}'; }),
    'a component named unlike its folder': version => files(version, all => {
        all['story/mail/core/Send/component.json'] = all['story/mail/core/Send/component.json'].replace('core.Send"', 'core.Sent"');
    }),
    'a newer engine': version => files(version, all => { all['story/mail/bundle.json'] = JSON.stringify({ name: 'story.mail', version, engine: '>=99.0.0' }); }),
    'a dependency from the machine': version => files(version, all => {
        all['story/mail/package.json'] = JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { left: 'file:../../left' } });
    }),
    'a dependency that npm cannot install': version => files(version, all => {
        all['story/mail/package.json'] = JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { moment: 'no tag' } });
    }),
    'a dependency that nobody has, needed by all': version => files(version, all => {
        all['story/mail/package.json'] = JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { '@patchbay-test-nobody/nothing': '99.99.99' } });
        codeOf("require('@patchbay-test-nobody/nothing');")(all);
    }),
    'code that does not load': version => files(version, codeOf('this is no JavaScript')),
    'code that throws': version => files(version, codeOf("throw new Error('no');")),
    'code that ends its process': version => files(version, codeOf('process.exit(3);')),
    'no code at all': version => files(version, all => { delete all['story/mail/core/Send/Send.js']; })
};

describe('An operation that fails changes nothing', () => {

    let story;
    let disk;
    let flows;
    let number = 1;

    before(async () => {
        const { temporaryFolder } = require('./server');
        const folder = temporaryFolder('faults');
        story = await Story.begin('failures', { npm_config_fetch_retries: '0' }, server => {
            disk = new FaultyDisk(LIBRARY, folder, server.data);
            Object.assign(server.env, disk.env);
        });
        await story.offer(OLD);
        await story.install('1.0.0');
        await story.admin.post('/acl/components', [{ role: 'user', resource: 'story.mail.*', action: ['*'], attributes: ['non-private'] }]);
        flows = { running: await story.flow('running'), also: await story.flow('also'), stopped: await story.flow('stopped', { start: false }) };
    });

    after(() => story?.end());

    async function snapshot() {
        const download = await story.admin.call('GET', '/components/story.mail');
        return {
            version: await story.version(),
            bundle: crypto.createHash('sha256').update(download.bytes).digest('hex'),
            folders: fs.readdirSync(path.join(story.server.data, 'bundles/story.mail')).sort(),
            staging: fs.readdirSync(path.join(story.server.data, 'bundles/.staging')),
            stages: await Promise.all(Object.values(flows).map(({ flowId }) => story.stage(flowId))),
            documents: await Promise.all(Object.values(flows).map(async ({ flowId }) => (await story.admin.get(`/flows/${flowId}`)).flow)),
            attention: (await story.admin.get('/flows?filter=attention:true')).length,
            rules: await story.admin.get('/acl/components')
        };
    }

    async function works() {
        const before = story.at('running').length;
        assert.equal((await flows.running.call(before)).status, 200);
        assert.equal((await story.arrived('running', before + 1))[before].version, '1.0.0');
    }

    async function offer(bytes) {
        number += 1;
        const version = `2.0.${number}`;
        story.catalogue.addZip('story.mail', { version }, bytes ? bytes(version) : zip(bundleFiles('story.mail', NEW(version))));
        await story.refresh();
        return version;
    }

    const begin = version => story.admin.call('POST', '/connectors/story.mail/update', { json: { version, confirmBreaking: true } });

    for (const [name, bytes] of Object.entries(BROKEN)) {
        test(`S26 S111 ${name}`, async () => {
            const was = await snapshot();
            const answer = await begin(await offer(bytes));
            if (answer.status === 202) {
                const operation = await story.ended(answer.body.ticket);
                assert.equal(operation.status, 'failed', JSON.stringify(operation));
                assert.ok(operation.err.length > 20, operation.err);
            } else {
                assert.ok(answer.status >= 400 && answer.status < 500, answer.text);
            }
            assert.deepEqual(await snapshot(), was);
            await works();
        });
    }

    test('S26 the zip is not the one its catalogue describes', async () => {
        const was = await snapshot();
        const version = await offer();
        fs.appendFileSync(path.join(story.catalogue.folder, `story.mail-${version}.zip`), 'x');
        const operation = await story.ended((await begin(version)).body.ticket);
        assert.match(operation.err, /not the file its catalogue describes/);
        assert.deepEqual(await snapshot(), was);
        await works();
    });

    test('R22 it is cancelled while it stops flows', async () => {
        const was = await snapshot();
        const version = await offer();
        const { ticket } = (await begin(version)).body;
        const cancelled = await story.admin.call('DELETE', `/connectors/operations/${ticket}`);
        const operation = await story.ended(ticket);
        assert.equal(operation.status, cancelled.status === 200 ? 'cancelled' : 'completed');
        if (cancelled.status !== 200) {
            await story.rollback();
        }
        await until(async () => JSON.stringify((await snapshot()).stages) === JSON.stringify(was.stages), 'the flows to run again');
        assert.deepEqual({ ...(await snapshot()), folders: null }, { ...was, folders: null });
        await works();
    });

    test('S126 the server is killed in it', async () => {
        const was = await snapshot();
        const { ticket } = (await begin(await offer())).body;
        await story.server.kill();
        await story.restart();
        const operation = await story.ended(ticket);
        if (operation.status === 'completed') {
            await story.rollback();
        }
        await until(async () => JSON.stringify((await snapshot()).stages) === JSON.stringify(was.stages), 'the flows to run again');
        assert.deepEqual({ ...(await snapshot()), folders: null }, { ...was, folders: null });
        await works();
    });

    // At once, and once it is under way.
    for (const [name, fault, early] of [
        ['the disk is full', [FaultyDisk.FULL], true], ['the disk becomes full in it', [FaultyDisk.FULL], false],
        ['the disk fails in it, each call', [FaultyDisk.ERRORS, 1000], false], ['the disk fails now and then', [FaultyDisk.ERRORS, 200], false]
    ]) {
        test(`R22 ${name}: old, or new and taken back`, async () => {
            const was = await snapshot();
            const version = await offer();
            const failedBefore = disk.count;
            if (early) {
                disk.set(...fault);
            }
            const answer = await begin(version);
            disk.set(...fault);
            const ended = async () => answer.status !== 202 || (await story.admin.call('GET', `/connectors/operations/${answer.body.ticket}`)).body?.status !== 'in-progress';
            await until(async () => disk.count > failedBefore + 1 || await ended(), 'faults, or the end');
            disk.set(0);
            if (answer.status === 202) {
                const operation = await story.ended(answer.body.ticket);
                console.log(`${name}: ${operation.status} ${operation.code ?? ''}, ${disk.count - failedBefore} calls failed`);
                if (operation.status === 'completed') {
                    await story.rollback();
                }
            }
            await until(async () => JSON.stringify((await snapshot()).stages) === JSON.stringify(was.stages), 'the flows to run again');
            assert.deepEqual({ ...(await snapshot()), folders: null }, { ...was, folders: null });
            await works();
        });
    }

    test('R25 the receiver of WEBHOOK_FLOW_STOPPED is down: the update goes through, and a rollback takes it back', async () => {
        const was = await snapshot();
        await story.set('WEBHOOK_FLOW_STOPPED', 'http://127.0.0.1:9/nobody');
        await story.update({ version: await offer(), confirmBreaking: true });
        assert.notDeepEqual((await snapshot()).stages, was.stages);
        await story.rollback();
        await story.set('WEBHOOK_FLOW_STOPPED', '');
        assert.deepEqual({ ...(await snapshot()), folders: null }, { ...was, folders: null });
        await works();
    });
});

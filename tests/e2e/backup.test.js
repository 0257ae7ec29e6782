'use strict';

/** `patchbay backup`: a copy of a data folder in use, and a server started on it. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { after, before, describe, test } = require('node:test');

const { BINARY, Server, temporaryFolder } = require('./server');
const { Story, action } = require('./connector_story');
const { until } = require('./rest_client');

const V = version => ({ version, components: { Send: action({ version }) } });

describe('patchbay backup', () => {

    const folder = temporaryFolder('backup');
    const inFolder = name => path.join(folder, name);
    let story;
    let flow;
    let file;

    before(async () => {
        story = await Story.begin('backed-up');
        await story.offer(V('1.0.0'), V('1.1.0'));
        await story.install('1.0.0');
        await story.update({ version: '1.1.0' });
        flow = await story.flow('kept');
        file = await story.admin.must('POST', '/files', {
            body: '--xx\r\nContent-Disposition: form-data; name="file"; filename="kept.txt"\r\n\r\na file of somebody\r\n--xx--\r\n',
            headers: {
                'content-type': 'multipart/form-data; boundary=xx',
                'uploader-chunk-number': '1', 'uploader-chunks-total': '1', 'uploader-file-name': 'kept.txt'
            }
        });
    });

    after(() => story?.end());

    const run = (...args) => spawnSync(BINARY, ['backup', ...args], { encoding: 'utf8' });

    function refused(pattern, ...args) {
        const { status, stdout, stderr } = run(...args);
        assert.equal(status, 2, stderr);
        assert.equal(stdout, '');
        assert.match(stderr, pattern);
    }

    /** A server on a copy, in place of the other. */
    async function restored(data) {
        const server = new Server({ name: 'restored' });
        server.port = story.server.port;
        fs.cpSync(data, server.data, { recursive: true });
        await server.start();
        return server;
    }

    test('A server under load is copied as of one moment; a server on the copy has all that was accepted before, and delivers what waits', async () => {
        await story.set('RETRY_INIT_EXP', 3000);
        let open = false;
        story.sink.answer = request => {
            request.answered = request.url === '/waits' && !open ? 500 : 200;
            return { status: request.answered };
        };
        const waits = await story.flow('waits');
        assert.equal((await waits.call('w')).status, 200);
        await story.arrived('waits', 1);

        let n = 0;
        let loaded = true;
        const load = (async () => {
            while (loaded) {
                assert.equal((await flow.call(n)).status, 200);
                n += 1;
            }
        })();
        await story.arrived('kept', 5);
        const before = n;
        const child = spawn(BINARY, ['backup', '--data', story.server.data, '--to', inFolder('copy'), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
        let printed = '';
        child.stdout.on('data', chunk => { printed += chunk; });
        const [code] = await once(child, 'close');
        loaded = false;
        await load;
        assert.ok(n > before, 'calls were taken while it was made');
        assert.equal(code, 0);
        const report = JSON.parse(printed);
        assert.deepEqual(report, { to: inFolder('copy'), logs: true, secretKey: true, connectors: report.connectors, files: 1, leftOut: [] });
        assert.equal(report.connectors, 4, 'two starters, and story.mail twice: the older one is in the trash');
        assert.deepEqual(fs.readdirSync(inFolder('copy')).sort(), ['bundles', 'files', 'logs.db', 'patchbay.db', 'secret.key']);
        assert.equal(fs.statSync(inFolder('copy')).mode & 0o777, 0o700);
        assert.equal(fs.statSync(inFolder('copy/secret.key')).mode & 0o777, 0o600);

        await story.arrived('kept', n);
        await story.server.stop();
        open = true;
        const server = await restored(inFolder('copy'));
        try {
            const admin = await server.admin();
            const { version } = (await admin.get('/bundles')).find(({ bundleId }) => bundleId === 'story.mail');
            assert.equal(version, '1.1.0');
            assert.equal((await admin.get(`/flows/${flow.flowId}`)).stage, 'running');
            assert.equal((await admin.call('GET', `/files/${file.fileId}`)).text, 'a file of somebody');
            const had = story.at('kept').length;
            assert.equal((await flow.call('after')).status, 200);
            await story.arrived('kept', had + 1);
            await story.sink.one(request => request.url === '/waits' && request.answered === 200, 'the message that waited in the copy');
            const rolledBack = await admin.call('POST', '/connectors/story.mail/rollback', { json: {} });
            assert.equal(rolledBack.status, 202, 'the version in the trash came along');
            await until(async () => (await admin.get(`/connectors/operations/${rolledBack.body.ticket}`)).status === 'completed', 'the rollback');
        } finally {
            await server.stop();
        }
    });

    test('What would overwrite or copy itself is refused, and what is no data folder; nothing is left behind', () => {
        fs.mkdirSync(inFolder('there'));
        fs.mkdirSync(inFolder('empty'));
        refused(/is no data folder: it has no patchbay\.db/, '--data', inFolder('empty'), '--to', inFolder('x'));
        refused(/exists already; nothing was changed/, '--data', story.server.data, '--to', inFolder('there'));
        refused(/would lie in the data folder itself/, '--data', story.server.data, '--to', path.join(story.server.data, 'backup'));
        refused(/There is no folder/, '--data', story.server.data, '--to', inFolder('no/such'));
        assert.ok(!fs.readdirSync(folder).some(name => name.endsWith('.partial')));
    });

    test('A damaged database is told, and no backup made of it; damaged logs and what nobody has are left out', () => {
        const data = inFolder('damaged');
        fs.cpSync(inFolder('copy'), data, { recursive: true });
        fs.writeFileSync(path.join(data, 'logs.db'), 'x'.repeat(50000));
        fs.rmSync(path.join(data, 'files'), { recursive: true });
        const { status, stderr } = run('--data', data, '--to', `${inFolder('partly')}/`);
        assert.equal(status, 10);
        assert.match(stderr, /left out: files\/\w\w\/\w{32}\n/);
        assert.match(stderr, /left out: logs\.db \(/);
        assert.deepEqual(fs.readdirSync(inFolder('partly')).sort(), ['bundles', 'files', 'patchbay.db', 'secret.key']);

        const database = path.join(data, 'patchbay.db');
        const size = fs.statSync(database).size;
        const fd = fs.openSync(database, 'r+');
        fs.writeSync(fd, Buffer.alloc(size / 2, 'x'), 0, size / 2, size / 2);
        fs.closeSync(fd);
        refused(/damaged/, '--data', data, '--to', inFolder('y'));
        assert.ok(!fs.existsSync(inFolder('y')) && !fs.existsSync(inFolder('y.partial')));
    });
});

'use strict';

/** `patchbay catalogue build`, and the catalogue and connector pages over REST (rest-api §29.1, §29.2). */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { bundleFiles, bundleZip } = require('./bundle_zip');
const { BINARY, Server, temporaryFolder } = require('./server');

const CODE = 'module.exports = { async receive(context) { await context.sendJson({}, "out"); } };';
const TRIGGER = 'module.exports = { async tick(context) {} };';

const components = (...more) => ({
    Send: { code: CODE },
    New: { manifest: { inPorts: undefined, tick: true }, code: TRIGGER },
    Hidden: { manifest: { private: true }, code: CODE },
    ...Object.fromEntries(more.map(name => [name, { code: CODE }]))
});

const HISTORY = {
    '1.9.9': ['First.'],
    '1.10.0': ['A fix.', 'Another.'],
    '2.0.0': ['(breaking change) Renamed fields.', 'Faster.'],
    '3.0.0': ['[Breaking Change]: New sign-in.']
};
const upTo = version => Object.fromEntries(Object.entries(HISTORY).slice(0, Object.keys(HISTORY).indexOf(version) + 1));
const mail = version => ({ version, changelog: upTo(version), components: components() });

function writeTree(root, files) {
    for (const [file, content] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
        fs.writeFileSync(path.join(root, file), content);
    }
}

const build = (...args) => spawnSync(BINARY, ['catalogue', 'build', ...args], { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600' } });
const SHIPPED = path.join(path.dirname(BINARY), '../share/patchbay/catalogue');
const readIndex = folder => JSON.parse(fs.readFileSync(path.join(folder, 'index.json'), 'utf8'));
const names = rows => rows.map(({ name }) => name);

describe('patchbay catalogue build', () => {

    const folder = temporaryFolder('catalogue');
    const tree = path.join(folder, 'tree');
    const out = path.join(folder, 'out');

    before(() => {
        writeTree(path.join(tree, 'src'), bundleFiles('test.mail', mail('1.9.9')));
        writeTree(path.join(tree, 'src'), bundleFiles('test.chat', { components: components() }));
    });

    test('Makes an index and zips; the same tree gives the same bytes; exit code 0', () => {
        for (const name of [out, path.join(folder, 'again')]) {
            const { status, stderr, stdout } = build('--from', tree, '--out', name, '--json');
            assert.equal(status, 0, stderr);
            assert.deepEqual(JSON.parse(stdout).packed.map(row => row.file), ['test.chat-1.0.0.zip', 'test.mail-1.9.9.zip']);
        }
        for (const file of fs.readdirSync(out)) {
            assert.ok(fs.readFileSync(path.join(out, file)).equals(fs.readFileSync(path.join(folder, 'again', file))), file);
        }
        const { format, generated, connectors } = readIndex(out);
        assert.deepEqual([format, generated], [1, '2026-01-01T00:00:00.000Z']);
        assert.deepEqual(connectors[1].components.map(({ name, kind, private: hidden }) => [name.split('.').pop(), kind, hidden]),
            [['Hidden', 'action', true], ['New', 'trigger', undefined], ['Send', 'action', undefined]]);
    });

    test('A folder grows over releases, and a bundle that cannot be packed is told with file and reason: exit code 10', () => {
        writeTree(path.join(tree, 'src'), bundleFiles('test.mail', mail('1.10.0')));
        writeTree(path.join(tree, 'src'), { 'test/bad/bundle.json': '{ "name": "test.bad" }' });
        const { status, stderr, stdout } = build('--from', tree, '--out', out);
        assert.equal(status, 10);
        assert.match(stderr, /left out: .*test\/bad\/bundle\.json: .*version/);
        assert.match(stdout, /^test\.mail 1\.10\.0 .*\n1 packed, 1 stood there already, 1 left out\.$/m);
        assert.deepEqual(readIndex(out).connectors.map(({ name, version }) => `${name} ${version}`), ['test.chat 1.0.0', 'test.mail 1.10.0', 'test.mail 1.9.9']);
    });

    test('Nothing readable: exit code 2', () => {
        fs.mkdirSync(path.join(folder, 'empty'));
        for (const from of [path.join(folder, 'empty'), path.join(folder, 'missing')]) {
            const { status, stderr } = build('--from', from, '--out', path.join(folder, 'none'));
            assert.equal(status, 2);
            assert.match(stderr, /empty|missing/);
        }
        assert.ok(!fs.existsSync(path.join(folder, 'none')));
    });
});

describe('The connector catalogue', () => {

    const folder = temporaryFolder('offers');
    const out = path.join(folder, 'catalogue');
    let server;
    let admin;
    let user;

    /** Adds one version of a bundle to the catalogue. */
    function release(name, description) {
        const tree = fs.mkdtempSync(path.join(folder, 'tree-'));
        writeTree(tree, bundleFiles(name, description));
        const { status, stderr } = build('--from', tree, '--out', out);
        assert.equal(status, 0, stderr);
    }

    const publish = async (name, description) => {
        const result = await admin.publish(bundleZip(name, description));
        assert.ok(!result.err, result.err);
    };
    const list = query => admin.get(`/connectors${query ?? ''}`);
    const row = async name => (await list()).find(one => one.name === name);

    before(async () => {
        for (const version of ['1.9.9', '1.10.0']) {
            release('test.mail', mail(version));
        }
        release('test.chat', { components: components(), changelog: { '1.0.0': 'One text.' } });
        release('test.beta', { version: '1.0.0', components: components() });
        release('test.beta', { version: '1.0.0-rc.2', components: components() });
        release('test.beta', { version: '1.0.0-rc.10', components: components() });
        release('test.future', { engine: '>=7', components: components() });
        server = await Server.start({ name: 'catalogue' });
        admin = await server.admin();
        user = await person(admin);
        await admin.post('/config', { key: 'CONNECTOR_CATALOGUE_URL', value: [`file://${out}`] });
        await publish('test.mail', mail('1.9.9'));
        await publish('test.own', { components: components() });
    });

    after(() => server?.stop());

    test('S2 All connectors once: the starters, the catalogue\'s, and the privately uploaded', async () => {
        const rows = await list();
        assert.deepEqual(names(rows), [...new Set(names(rows))]);
        for (const name of ['patchbay.rss', 'patchbay.utils.http', 'test.beta', 'test.chat', 'test.future', 'test.mail', 'test.own']) {
            assert.ok(names(rows).includes(name), name);
        }
        for (const { name, label, icon, description, vendor } of rows) {
            assert.ok(label && description, name);
            assert.match(icon, /^data:image\//, name);
            assert.equal(vendor, name.split('.')[0]);
        }
        assert.equal((await admin.get('/connectors/count')).count, rows.length);
        assert.deepEqual([(await row('test.own')).source, (await row('test.own')).availableVersion], ['published', null]);
        assert.equal((await row('test.chat')).source, 'marketplace');
    });

    test('S6 S7 S9 Search by name, filter by installed, and both together', async () => {
        assert.deepEqual(names(await list('?pattern=TEST.MA')), ['test.mail']);
        assert.deepEqual(names(await list('?installed=true')), ['test.mail', 'test.own']);
        const all = names(await list());
        assert.deepEqual([...names(await list('?installed=false')), 'test.mail', 'test.own'].sort(), all);
        assert.deepEqual(names(await list('?installed=true&pattern=own')), ['test.own']);
        assert.deepEqual(names(await list('?vendor=test&installed=false&sort=name:-1&limit=2')), ['test.future', 'test.chat']);
        assert.deepEqual(await list('?category=none'), []);
        assert.deepEqual(Object.keys((await list('?vendor=test&projection=name,installed'))[0]).sort(), ['installed', 'name']);
        refused(await admin.call('GET', '/connectors?installed=maybe'), 400, /installed/);
    });

    test('S8 S23 S94 S96 An update is offered when the catalogue has a newer version: 1.10.0 is newer than 1.9.9', async () => {
        assert.deepEqual(names(await list('?updateAvailable=true')), ['test.mail']);
        assert.equal((await admin.get('/connectors/count?updateAvailable=true')).count, 1);
        const { installedVersion, availableVersion, updateAvailable, breaking, compatible, operation, installedAt, updatedAt } = await row('test.mail');
        assert.deepEqual({ installedVersion, availableVersion, updateAvailable, breaking, compatible, operation },
            { installedVersion: '1.9.9', availableVersion: '1.10.0', updateAvailable: true, breaking: false, compatible: true, operation: null });
        assert.match(installedAt, /^\d{4}-.*Z$/);
        assert.equal(updatedAt, installedAt);
    });

    test('S96 A release stands above its pre-releases, which are ordered by number; what is no version is refused at publish', async () => {
        const versions = await admin.get('/connectors/test.beta/versions');
        assert.deepEqual(versions.map(({ version }) => version), ['1.0.0', '1.0.0-rc.10', '1.0.0-rc.2']);
        assert.equal((await row('test.beta')).availableVersion, '1.0.0');
        const result = await admin.publish(bundleZip('test.odd', { version: '1.0', components: components() }));
        assert.ok(result.err);
        assert.match(JSON.stringify(result.data), /version/);
        assert.equal(await row('test.odd'), undefined);
    });

    test('S15 What does not fit this server is shown and said to be incompatible', async () => {
        const { compatible, availableVersion, installed, updateAvailable } = await row('test.future');
        assert.deepEqual([compatible, availableVersion, installed, updateAvailable], [false, '1.0.0', false, false]);
    });

    test('S12 S16 S17 The page of a connector: description, components with their kinds, versions, modules', async () => {
        for (const name of ['test.mail', 'test.chat']) {
            const page = await admin.get(`/connectors/${name}`);
            assert.equal(page.description, `Tests: ${name}.`);
            assert.deepEqual(page.components.map(({ name: type, label, kind, private: hidden, description }) => [type, label, kind, hidden, description]), [
                [`${name}.core.Hidden`, 'Hidden', 'action', true, 'Tests: Hidden.'],
                [`${name}.core.New`, 'New', 'trigger', false, 'Tests: New.'],
                [`${name}.core.Send`, 'Send', 'action', false, 'Tests: Send.']
            ]);
            assert.deepEqual(page.modules, [`${name}.core`]);
            assert.equal(page.engine, '>=6.0.0');
            assert.deepEqual([page.auth, page.quota], [null, null]);
            assert.deepEqual(page.usage, { flowsRunning: 0, flowsStopped: 0, users: 0 });
        }
        assert.deepEqual((await admin.get('/connectors/test.mail')).versions, ['1.10.0', '1.9.9']);
        refused(await admin.call('GET', '/connectors/test.nothing'), 404, /test\.nothing/);
    });

    test('The page says which account it needs, whether that is configured, its quota and who uses it', async () => {
        const quota = 'module.exports = { rules: [{ limit: 10, window: 1000, throttling: "window-sliding" }] };';
        const auth = 'module.exports = { type: "oauth2", definition: { authUrl: "http://localhost/", requestAccessToken: "http://localhost/" } };';
        await publish('test.signed', {
            components: { Send: { manifest: { auth: { service: 'test:signed' }, quota: { manager: 'test:signed' } }, code: CODE } },
            extra: { 'test/signed/auth.js': auth, 'test/signed/quota.js': quota }
        });
        const page = () => admin.get('/connectors/test.signed');
        assert.deepEqual((await page()).auth, { service: 'test:signed', type: 'oauth2', requiredKeys: ['clientId', 'clientSecret'], configured: false });
        assert.deepEqual((await page()).quota, { name: 'test:signed', isCustom: null });
        await admin.post('/service-config', { serviceId: 'test:signed', clientId: 'a', clientSecret: 'b' });
        await admin.put('/quota/test:signed', { source: quota });
        assert.equal((await page()).auth.configured, true);
        assert.equal((await page()).quota.isCustom, true);
        const flow = new FlowBuilder();
        flow.add('test.mail.core.Send');
        flow.add('test.mail.core.Hidden');
        await user.createFlow({ name: 'Uses it', flow: flow.descriptor });
        assert.deepEqual((await admin.get('/connectors/test.mail')).usage, { flowsRunning: 0, flowsStopped: 1, users: 1 });
    });

    test('S13 S14 The zip of an installed and of an offered connector can be published again', async () => {
        const offered = await admin.call('GET', '/connectors/test.chat/download');
        assert.equal(offered.headers['content-type'], 'application/zip');
        assert.equal(offered.headers['content-disposition'], 'attachment; filename="test.chat-1.0.0.zip"');
        assert.equal(offered.bytes.subarray(30, 40).toString(), 'test/chat/', 'the vendor is its root folder');
        assert.ok(!(await admin.publish(offered.bytes)).err);
        const before = (await admin.get('/connectors/test.chat')).components;
        const installed = await admin.call('GET', '/connectors/test.chat/download?version=1.0.0');
        await admin.delete('/components/test.chat');
        assert.equal((await row('test.chat')).installed, false);
        assert.ok(!(await admin.publish(installed.bytes)).err);
        assert.deepEqual((await admin.get('/connectors/test.chat')).components, before);
        await admin.delete('/components/test.chat');
        const newer = await admin.call('GET', '/connectors/test.mail/download?version=1.10.0');
        assert.match(newer.headers['content-disposition'], /test\.mail-1\.10\.0\.zip/);
        refused(await admin.call('GET', '/connectors/test.mail/download?version=9.0.0'), 409, /9\.0\.0/);
        refused(await admin.call('GET', '/connectors/test.mail/download?version=soon'), 400);
    });

    test('S21 S95 S98 The changelog between the installed version and the newest, newest first', async () => {
        const changelog = query => admin.get(`/connectors/test.mail/changelog${query ?? ''}`);
        assert.deepEqual(await changelog(), [{ version: '1.10.0', breaking: false, changes: [{ text: 'A fix.', breaking: false }, { text: 'Another.', breaking: false }] }]);
        for (const version of ['2.0.0', '3.0.0']) {
            release('test.mail', mail(version));
        }
        const rows = readIndex(out).connectors.length + readIndex(SHIPPED).connectors.length;
        assert.deepEqual(await admin.post('/connectors/refresh'), { refreshed: rows, error: null });
        assert.deepEqual([(await row('test.mail')).availableVersion, (await row('test.mail')).breaking], ['3.0.0', true]);
        assert.deepEqual(await changelog('?from=1.10.0'), [
            { version: '3.0.0', breaking: true, changes: [{ text: 'New sign-in.', breaking: true }] },
            { version: '2.0.0', breaking: true, changes: [{ text: 'Renamed fields.', breaking: true }, { text: 'Faster.', breaking: false }] }
        ]);
        assert.deepEqual((await changelog('?from=0&to=1.10.0')).map(({ version }) => version), ['1.10.0', '1.9.9']);
        assert.deepEqual((await admin.get('/connectors/test.chat/changelog')), [{ version: '1.0.0', breaking: false, changes: [{ text: 'One text.', breaking: false }] }]);
        refused(await admin.call('GET', '/connectors/test.mail/changelog?from=soon'), 400);
    });

    test('S45 Versions: installed, in the trash and on offer', async () => {
        await publish('test.own', { version: '1.1.0', components: components() });
        const versions = await admin.get('/connectors/test.own/versions');
        assert.deepEqual(versions.map(({ version, installed, trashed, offered, compatible }) => ({ version, installed, trashed, offered, compatible })), [
            { version: '1.1.0', installed: true, trashed: false, offered: false, compatible: true },
            { version: '1.0.0', installed: false, trashed: true, offered: false, compatible: true }
        ]);
        assert.deepEqual((await admin.get('/connectors/test.mail/versions')).map(({ version, installed, offered }) => [version, installed, offered]),
            [['3.0.0', false, true], ['2.0.0', false, true], ['1.10.0', false, true], ['1.9.9', true, true]]);
        const old = await admin.call('GET', '/connectors/test.own/download?version=1.0.0');
        assert.equal(old.status, 200);
    });

    test('S2 The icon is a picture that can do nothing, and is asked about by its tag', async () => {
        const icon = await admin.call('GET', '/connectors/test.mail/icon');
        assert.equal(icon.headers['content-type'], 'image/svg+xml');
        assert.match(icon.text, /^<svg/);
        assert.match(icon.headers['content-security-policy'], /^default-src 'none';.*sandbox/);
        assert.equal(icon.headers['x-content-type-options'], 'nosniff');
        const again = await admin.call('GET', '/connectors/test.mail/icon', { headers: { 'if-none-match': icon.headers.etag } });
        assert.deepEqual([again.status, again.bytes.length], [304, 0]);
    });

    test('A catalogue that is gone or not supported keeps what it gave, is told in a header, and is no error', async () => {
        const before = names(await list());
        fs.renameSync(out, `${out}-away`);
        const { refreshed, error } = await admin.post('/connectors/refresh');
        assert.ok(refreshed > 0);
        assert.match(error, /has no index\.json/);
        const answer = await admin.call('GET', '/connectors');
        assert.deepEqual(names(answer.body), before);
        assert.match(answer.headers['x-catalogue-error'], /has no index\.json/);
        await admin.post('/config', { key: 'CONNECTOR_CATALOGUE_URL', value: 'https://catalogue.example.test/' });
        const without = await admin.call('GET', '/connectors');
        assert.match(without.headers['x-catalogue-error'], /not supported yet/);
        assert.ok(!names(without.body).includes('test.future'));
        assert.ok(names(without.body).includes('test.own'), 'what is installed is always there');
    });

    test('S1 S124 Without a token 401, as a plain user 403', async () => {
        for (const [method, route] of [['GET', ''], ['GET', '/count'], ['POST', '/refresh'], ...['', '/versions', '/changelog', '/download', '/icon'].map(end => ['GET', `/test.mail${end}`])]) {
            refused(await server.client().call(method, `/connectors${route}`), 401);
            refused(await user.call(method, `/connectors${route}`), 403);
        }
    });
});

describe('A server started with --empty', () => {

    test('S2 offers no starters', async () => {
        const server = await Server.start({ name: 'empty', args: ['--empty'] });
        try {
            const answer = await (await server.admin()).call('GET', '/connectors');
            assert.deepEqual(answer.body, []);
            assert.equal(answer.headers['x-catalogue-error'], undefined);
        } finally {
            await server.stop();
        }
    });
});

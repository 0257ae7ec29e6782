'use strict';

/** rest-api §7: publishing, listing, downloading and removing components. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { execFileSync } = require('node:child_process');

const person = require('./people');
const refused = require('./refusal');
const { bundleFiles, bundleZip, zip } = require('./bundle_zip');
const { Server } = require('./server');
const { publishStarters, starterZip } = require('./starter_zips');
const { until } = require('./rest_client');

const ECHO = "'use strict';\nmodule.exports = { async receive(context) { await context.sendJson(context.messages.in.content, 'out'); } };\n";
const INVOICES = { components: { Create: { code: ECHO }, Watch: { manifest: { trigger: true, tick: true, inPorts: [] }, code: "module.exports = { async tick() {} };\n" }, Hidden: { manifest: { private: true }, code: ECHO } } };

/** Names of the files in a zip, by the system's own reader. */
function entries(server, bytes) {
    const file = path.join(server.folder, 'download.zip');
    fs.writeFileSync(file, bytes);
    const script = 'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))';
    return execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }).trim().split('\n').filter(name => !name.endsWith('/'));
}

describe('Components', () => {

    let server;
    let admin;
    let plain;
    let vendor;

    before(async () => {
        server = await Server.start({ name: 'components' });
        admin = await server.admin();
        plain = await person(admin);
        vendor = await person(admin, { vendor: ['acme'] });
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
    });

    after(() => server?.stop());

    const octets = { 'content-type': 'application/octet-stream' };

    test('S82 A user publishes for his vendor, also in chunks without a length as the official client does', async () => {
        const answer = await vendor.call('POST', '/components', { body: bundleZip('acme.invoices', INVOICES), headers: { ...octets, 'transfer-encoding': 'chunked' } });
        assert.equal(answer.status, 200, answer.text);
        assert.match(answer.body.ticket, /^[0-9a-f-]{36}$/);
        const end = await until(async () => {
            const state = await vendor.get(`/components/uploader/${answer.body.ticket}`);
            return state.finished ? state : null;
        }, 'the end of the publishing');
        assert.equal(end.err, undefined, JSON.stringify(end));
        assert.ok(!('error' in end));
        refused(await plain.call('GET', `/components/uploader/${answer.body.ticket}`), 404);
    });

    test('S124 Others may not publish for that vendor', async () => {
        refused(await plain.call('POST', '/components', { body: bundleZip('acme.other', INVOICES), headers: octets }), 403);
        refused(await vendor.call('POST', '/components', { body: bundleZip('foreign.service', INVOICES), headers: octets }), 403);
        refused(await server.client().call('POST', '/components', { body: bundleZip('acme.other', INVOICES), headers: octets }), 401);
    });

    test('What is no zip, empty or too big is refused at once', async () => {
        refused(await admin.call('POST', '/components', { body: '', headers: octets }), 400);
        refused(await admin.call('POST', '/components', { body: 'no zip at all', headers: octets }), 400);
        refused(await admin.call('POST', '/components', { body: bundleZip('acme.cut', INVOICES).subarray(0, 700), headers: octets }), 400);
        const tooBig = await admin.call('POST', '/components', { body: Buffer.alloc(11 * 1024 * 1024, 'P'), headers: octets }).catch(err => ({ broken: err }));
        assert.ok(tooBig.broken || tooBig.status === 413, tooBig.text);
        if (!tooBig.broken) {
            refused(tooBig, 413);
        }
        refused(await admin.call('GET', '/components/uploader/00000000-0000-4000-8000-000000000000'), 404);
    });

    const broken = {
        'a manifest that is no JSON': files => { files['acme/broken/core/Create/component.json'] = '{'; },
        'a component named otherwise than its folder': files => { files['acme/broken/core/Create/component.json'] = files['acme/broken/core/Create/component.json'].replace('core.Create"', 'core.Elsewhere"'); },
        'a service without label': files => { files['acme/broken/service.json'] = '{"name":"acme.broken"}'; },
        'a version that is none': files => { files['acme/broken/bundle.json'] = '{"name":"acme.broken","version":"newest"}'; },
        'a newer engine': files => { files['acme/broken/bundle.json'] = '{"name":"acme.broken","version":"1.0.0","engine":">=99.0.0"}'; },
        'code of which nothing loads': files => { Object.keys(files).filter(name => name.endsWith('.js')).forEach(name => { files[name] = 'syntax error('; }); },
        'a component without code': files => { Object.keys(files).filter(name => name.endsWith('.js')).forEach(name => { delete files[name]; }); },
        'a path out of its folder': files => { files['acme/broken/../../evil.js'] = 'x'; },
        'an absolute path': files => { files['/tmp/evil.js'] = 'x'; },
        'names that differ by case only': files => { files['acme/broken/SERVICE.json'] = files['acme/broken/service.json']; }
    };
    for (const [what, spoil] of Object.entries(broken)) {
        test(`S26 S84 ${what[0].toUpperCase()}${what.slice(1)} is refused with its reason, and nothing of it is visible`, async () => {
            const files = bundleFiles('acme.broken', INVOICES);
            spoil(files);
            const answer = await admin.call('POST', '/components', { body: zip(files), headers: octets });
            if (answer.status === 200) {
                const result = await admin.publish(zip(files));
                assert.equal(typeof result.err, 'string', JSON.stringify(result));
                assert.ok(result.err.length > 0);
                assert.match(result.finished, /^\d{4}-/);
                assert.ok(result.data === undefined || (Array.isArray(result.data) && result.data.every(({ message }) => typeof message === 'string')), JSON.stringify(result.data));
            } else {
                refused(answer, 400);
            }
            assert.deepEqual((await admin.get('/components')).filter(name => name.startsWith('acme.broken')), []);
            assert.ok(!('acme.broken' in await admin.get('/apps')));
            refused(await admin.call('GET', '/components/acme.broken'), 404);
        });
    }

    test('GET /components: names, or manifests; by selector; private ones hidden on demand; without a token', async () => {
        assert.deepEqual(await admin.get('/components?selector=acme.invoices&private=no'), ['acme.invoices.core.Create', 'acme.invoices.core.Watch']);
        const manifests = await server.client().get('/components?manifest=yes&private=no');
        const create = manifests.find(({ name }) => name === 'acme.invoices.core.Create');
        assert.equal(create.version, '1.0.0');
        assert.ok(!manifests.some(({ private: hidden }) => hidden));
        assert.deepEqual(await admin.get('/components?selector=acme.nothing'), []);
    });

    test('GET /apps with and without a token: an object by name, all five texts in each', async () => {
        for (const client of [admin, plain, server.client()]) {
            const apps = await client.get('/apps');
            assert.ok('acme.invoices' in apps && 'patchbay.utils.http' in apps, Object.keys(apps).join());
            for (const [name, app] of Object.entries(apps)) {
                assert.equal(app.name, name);
                for (const key of ['label', 'category', 'description', 'icon']) {
                    assert.equal(typeof app[key], 'string', `${name}.${key}`);
                }
            }
            assert.deepEqual(Object.keys(apps), Object.keys(apps).sort());
        }
    });

    test('GET /apps/components: ports as objects, dot boundaries, [] for the unknown, 400 without app', async () => {
        const of = async app => (await admin.get(`/apps/components?app=${app}`)).map(({ name }) => name).sort();
        assert.deepEqual(await of('acme.invoices.core.Create'), ['acme.invoices.core.Create']);
        assert.ok((await of('acme.invoices')).includes('acme.invoices.core.Watch'));
        assert.ok((await of('patchbay.utils')).includes('patchbay.utils.controls.SetVariable'), 'a service lists all its modules');
        assert.deepEqual(await of('acme.inv'), []);
        refused(await admin.call('GET', '/apps/components'), 400);
        const [webhook] = await admin.get('/apps/components?app=patchbay.utils.http.Webhook');
        assert.equal(webhook.outPorts[0].name, 'out');
        assert.match(webhook.icon, /^data:image/);
    });

    test('GET /bundles lists each service and each module with its version', async () => {
        const bundles = await admin.get('/bundles');
        assert.ok(Array.isArray(bundles));
        const version = name => bundles.find(({ bundleId }) => bundleId === name)?.version;
        assert.equal(version('acme.invoices'), '1.0.0');
        assert.equal(version('acme.invoices.core'), '1.0.0');
        assert.equal(version('patchbay.utils.http'), '1.0.0');
        assert.ok(bundles.every(({ name, bundleId }) => name === bundleId));
    });

    test('S13 S14 A download is a zip that can be published again and changes nothing', async () => {
        const answer = await vendor.call('GET', '/components/acme.invoices');
        assert.equal(answer.status, 200);
        assert.match(answer.headers['content-type'], /^application\/zip/);
        assert.match(answer.headers['content-disposition'], /attachment/);
        assert.deepEqual(entries(server, answer.bytes).sort(), Object.keys(bundleFiles('acme.invoices', INVOICES)).sort());
        const again = await vendor.publish(answer.bytes);
        assert.equal(again.err, undefined, JSON.stringify(again));
    });

    test('A download of a component or of one file; others may not, and nothing is 404', async () => {
        const component = await vendor.call('GET', '/components/acme.invoices.core.Create');
        assert.ok(entries(server, component.bytes).includes('acme/invoices/core/Create/Create.js'));
        const file = await vendor.call('GET', '/components/acme.invoices/service.json');
        assert.deepEqual(entries(server, file.bytes), ['acme/invoices/service.json']);
        refused(await plain.call('GET', '/components/acme.invoices'), 403);
        refused(await vendor.call('GET', '/components/acme.nothing'), 404);
        for (const escape of ['acme.invoices/..%2f..%2f..%2fsecret', 'acme.invoices/../../x', 'acme.invoices/%2e%2e/%2e%2e/x']) {
            const answer = await vendor.call('GET', `/components/${escape}`);
            assert.ok([400, 403, 404].includes(answer.status), `${escape}: ${answer.status}`);
        }
    });

    test('A newer minor version replaces the older one, for new and for running flows', async () => {
        const result = await vendor.publish(bundleZip('acme.invoices', { ...INVOICES, version: '1.1.0', changelog: { '1.1.0': ['Better.'], '1.0.0': ['First version.'] } }));
        assert.equal(result.err, undefined, JSON.stringify(result));
        assert.equal((await admin.get('/bundles')).find(({ name }) => name === 'acme.invoices').version, '1.1.0');
    });

    test('replaceAll=true takes out what the new zip no longer has', async () => {
        const { Create } = INVOICES.components;
        const result = await vendor.publish(bundleZip('acme.invoices', { version: '1.1.1', changelog: { '1.1.1': ['x'] }, components: { Create } }), '?replaceAll=true');
        assert.equal(result.err, undefined, JSON.stringify(result));
        assert.deepEqual(await admin.get('/components?selector=acme.invoices'), ['acme.invoices.core.Create']);
    });

    test('S85 Removing takes exactly its subtree, on dot boundaries', async () => {
        await vendor.publish(bundleZip('acme.inv', INVOICES));
        refused(await plain.call('DELETE', '/components/acme.inv'), 403);
        assert.deepEqual(await vendor.delete('/components/acme.inv.core.Hidden'), {});
        assert.ok(!(await admin.get('/components')).includes('acme.inv.core.Hidden'));
        assert.ok((await admin.get('/components')).includes('acme.inv.core.Create'));
        assert.deepEqual(await vendor.delete('/components/acme.inv'), {});
        assert.deepEqual(await admin.get('/components?selector=acme.inv'), []);
        assert.deepEqual(await admin.get('/components?selector=acme.invoices'), ['acme.invoices.core.Create']);
        refused(await vendor.call('DELETE', '/components/acme.inv'), 404);
    });

    test('S83 Thirty publishes at once all have their turn', async () => {
        const names = Array.from({ length: 30 }, (_, n) => `acme.turn${n}`);
        const results = await Promise.all(names.map(name => admin.publish(bundleZip(name, { components: { Echo: { code: ECHO } } }))));
        assert.deepEqual(results.map(({ err }) => err).filter(Boolean), []);
        const apps = await admin.get('/apps');
        assert.deepEqual(names.filter(name => !(name in apps)), []);
    });

    test('R12 A component that does not load is listed with its error, the rest of the bundle works', async () => {
        const result = await admin.publish(bundleZip('acme.half', { components: { Good: { code: ECHO }, Bad: { code: "require('no-such-package');" } } }));
        assert.equal(result.err, undefined, JSON.stringify(result));
        const bad = (await admin.get('/apps/components?app=acme.half')).find(({ name }) => name.endsWith('Bad'));
        assert.match(JSON.stringify(bad.loadError), /no-such-package/);
    });

    test('All of it survives a restart', async () => {
        await server.kill();
        await server.start();
        admin = await server.admin();
        assert.deepEqual(await admin.get('/components?selector=acme.invoices'), ['acme.invoices.core.Create']);
        assert.equal(starterZip('patchbay.utils.http').length > 0, true);
        assert.ok('patchbay.utils.controls' in await admin.get('/apps'));
    });
});

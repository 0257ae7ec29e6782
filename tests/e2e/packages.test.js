'use strict';

/**
 * The npm packages of a bundle (R12, R19), with the real npm: what a lock pins, what a bundle carries, and what nobody has.
 * A component here tells what it found by loading or not.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const { bundleZip } = require('./bundle_zip');
const { Server } = require('./server');

const RUN = 'module.exports = { receive(context) { return context.sendJson({}, \'out\'); } };\n';
const needs = name => `require('${name}');\n${RUN}`;
const needsVersion = (name, version) => `if (require('${name}/package.json').version !== '${version}') { throw new Error('not the version of the lock'); }\n${RUN}`;

const packageJson = dependencies => JSON.stringify({ name: 'tests', version: '1.0.0', dependencies });

// The hash is the registry's for this version.
const LOCK = JSON.stringify({
    name: 'tests', version: '1.0.0', lockfileVersion: 3, requires: true,
    packages: {
        '': { name: 'tests', version: '1.0.0', dependencies: { ms: '^2.1.0' } },
        'node_modules/ms': {
            version: '2.1.1', resolved: 'https://registry.invalid/ms/-/ms-2.1.1.tgz',
            integrity: 'sha512-tgp+dl5cGk28utYktBsrFqA7HKgrhgPsg6Z/EfhWI4gl1Hwq8B/GmY/0oXZ6nF8hDVesS/FpnYaD/kOWhYQvyg=='
        }
    }
});

describe('Packages of a bundle', () => {

    let server;
    let admin;

    before(async () => {
        server = await Server.start({ name: 'packages', env: { npm_config_fetch_retries: '0' } });
        admin = await server.admin();
    });

    after(() => server?.stop());

    const publish = (client, service, components, files) => client.publish(bundleZip(service, {
        components: Object.fromEntries(Object.entries(components).map(([name, code]) => [name, { code }])),
        extra: Object.fromEntries(Object.entries(files).map(([name, text]) => [`${service.replaceAll('.', '/')}/${name}`, text]))
    }));
    const loadErrors = async (client, service) =>
        Object.fromEntries((await client.get(`/apps/components?app=${service}`)).map(({ name, loadError }) => [name.split('.').pop(), loadError]));

    test('R19 A lock of the bundle decides versions, wherever its addresses lead', async () => {
        const result = await publish(admin, 'acme.locked', { Locked: needsVersion('ms', '2.1.1') }, { 'package.json': packageJson({ ms: '^2.1.0' }), 'package-lock.json': LOCK });
        assert.equal(result.err, undefined, JSON.stringify(result));
        assert.deepEqual(result.warnings ?? [], []);
        assert.deepEqual(await loadErrors(admin, 'acme.locked'), { Locked: undefined });
    });

    test('R19 A lock whose hash is not the registry\'s is not trusted', async () => {
        const lock = LOCK.replace('sha512-tgp', 'sha512-AAA');
        const result = await publish(admin, 'acme.forged', { Locked: needsVersion('ms', '2.1.1') }, { 'package.json': packageJson({ ms: '^2.1.0' }), 'package-lock.json': lock });
        assert.match(result.err, /not the version of the lock/, 'npm went by the range instead, which gives a newer one');
    });

    test('R12 A package that nobody has keeps those components out that need it, and is told', async () => {
        const result = await publish(admin, 'acme.rare', { Plain: needs('ms'), Rare: needs('@patchbay-test-nobody/nothing'), Old: needs('moment') }, {
            'package.json': packageJson({ 'ms': '2.1.3', '@patchbay-test-nobody/nothing': '^1.0.0', 'moment': '999.0.0' })
        });
        assert.equal(result.err, undefined, JSON.stringify(result));
        for (const name of ['@patchbay-test-nobody/nothing', 'moment']) {
            assert.ok(result.warnings.some(text => text.startsWith(`acme/rare: the registry does not have ${name} in the version asked for`)), JSON.stringify(result.warnings));
        }
        const errors = await loadErrors(admin, 'acme.rare');
        assert.equal(errors.Plain, undefined);
        assert.match(JSON.stringify(errors.Rare), /Cannot find module '@patchbay-test-nobody\/nothing'/);
    });

    test('R19 Code that lies elsewhere is not fetched for a package of the registry either', async () => {
        // This version of a client library asks for a fork in a git repository.
        const result = await publish(admin, 'acme.forks', { Plain: needs('ms'), Forked: needs('clearbit') }, { 'package.json': packageJson({ ms: '2.1.3', clearbit: '1.3.5' }) });
        assert.equal(result.err, undefined, JSON.stringify(result));
        assert.ok(result.warnings.some(text => text.startsWith('acme/forks: the registry does not have clearbit in the version asked for, or not all that it needs')), JSON.stringify(result.warnings));
        const errors = await loadErrors(admin, 'acme.forks');
        assert.equal(errors.Plain, undefined);
        assert.match(JSON.stringify(errors.Forked), /Cannot find module 'clearbit'/);
    });

    test('R19 A bundle that carries its node_modules installs without a registry; one that does not is refused whole', async () => {
        const offline = await Server.start({ name: 'packages-offline', env: { npm_config_fetch_retries: '0', npm_config_registry: 'http://127.0.0.1:9/' } });
        try {
            const client = await offline.admin();
            const carried = await publish(client, 'acme.carried', { Carried: needs('left') }, {
                'package.json': packageJson({ left: '1.0.0' }), 'node_modules/left/index.js': 'module.exports = 1;\n'
            });
            assert.equal(carried.err, undefined, JSON.stringify(carried));
            assert.deepEqual(await loadErrors(client, 'acme.carried'), { Carried: undefined });

            const refusedOne = await publish(client, 'acme.bare', { Bare: RUN }, { 'package.json': packageJson({ left: '1.0.0' }) });
            assert.match(refusedOne.err, /npm could not install the dependencies of acme\/bare\. Nothing was installed\./);
            assert.deepEqual(await client.get('/components?selector=acme.bare'), []);
        } finally {
            await offline.stop();
        }
    });
});

'use strict';

/** `patchbay connector diff`: two bundles compared offline, as zips and as folders. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { before, describe, test } = require('node:test');

const { bundleFiles, bundleZip } = require('./bundle_zip');
const { BINARY, temporaryFolder } = require('./server');

const code = 'module.exports = {};';
const port = (fields, required = []) => [{ name: 'in', schema: { type: 'object', properties: fields, required } }];
const version = (number, changelog, components) => ({ version: number, changelog: { [number]: changelog }, components });

const OLD = version('1.0.0', ['First.'], {
    Send: { manifest: { inPorts: port({ to: { type: 'string' }, text: { type: 'string' } }) }, code },
    Gone: { code }
});
const NEW = version('1.0.1', ['A fix.'], {
    Send: { manifest: { inPorts: port({ to: { type: 'string' }, text: { type: 'string' }, from: { type: 'string' } }, ['from']), outPorts: [{ name: 'sent' }] }, code }
});
const HARMLESS = version('2.0.0', ['Breaking: a new way inside.'], OLD.components);

describe('patchbay connector diff', () => {

    const folder = temporaryFolder('diff');
    const zips = {};

    before(() => {
        for (const [name, description] of Object.entries({ OLD, NEW, HARMLESS })) {
            zips[name] = path.join(folder, `${name}.zip`);
            fs.writeFileSync(zips[name], bundleZip('test.mail', description));
            for (const [file, content] of Object.entries(bundleFiles('test.mail', description))) {
                fs.mkdirSync(path.dirname(path.join(folder, name, file)), { recursive: true });
                fs.writeFileSync(path.join(folder, name, file), content);
            }
        }
    });

    const diff = (...args) => spawnSync(BINARY, ['connector', 'diff', ...args], { encoding: 'utf8' });

    test('Breaking changes: exit code 10, one JSON document with --json', () => {
        const { status, stdout } = diff(zips.OLD, zips.NEW, '--json');
        assert.equal(status, 10);
        const { changes, ...rest } = JSON.parse(stdout);
        assert.deepEqual(rest, { bundle: 'test.mail', from: '1.0.0', to: '1.0.1', declaredBreaking: false, breaking: true });
        assert.deepEqual(changes.map(({ component, kind, where, severity }) => [component, kind, where, severity]), [
            ['test.mail.core.Gone', 'component-removed', '', 'breaking'],
            ['test.mail.core.Send', 'input-new-required', 'in.in.from', 'breaking'],
            ['test.mail.core.Send', 'output-port-renamed', 'out.out', 'breaking-if-used']
        ]);
        assert.ok(changes.every(({ message }) => message.length > 10));
    });

    test('Folders say the same as zips, in words too', () => {
        assert.equal(diff(path.join(folder, 'OLD'), path.join(folder, 'NEW'), '--json').stdout, diff(zips.OLD, zips.NEW, '--json').stdout);
        const { status, stdout } = diff(path.join(folder, 'OLD'), zips.NEW);
        assert.equal(status, 10);
        assert.match(stdout, /^test\.mail 1\.0\.0 → 1\.0\.1: Breaking, although nothing declares it\./);
        assert.match(stdout, /Breaks every flow that uses the component:\n {2}test\.mail\.core\.Gone/);
    });

    test('A major step that breaks no manifest is declared, not breaking: exit code 0', () => {
        const { status, stdout } = diff(zips.OLD, zips.HARMLESS);
        assert.equal(status, 0);
        assert.match(stdout, /Declared breaking, but no manifest breaks a flow/);
    });

    test('What cannot be read ends with 2 and says which file and why', () => {
        fs.writeFileSync(path.join(folder, 'text.zip'), 'no zip');
        fs.writeFileSync(path.join(folder, 'other.zip'), bundleZip('test.other', OLD));
        fs.mkdirSync(path.join(folder, 'empty'));
        for (const [file, words] of [['text.zip', /zip/], ['missing.zip', /missing\.zip/], ['empty', /no bundle\.json/], ['other.zip', /test\.other.*nothing to compare/], ['.', /second bundle/]]) {
            const { status, stdout, stderr } = diff(zips.OLD, path.join(folder, file));
            assert.equal(status, 2, file);
            assert.equal(stdout, '');
            assert.match(stderr, words);
        }
    });
});

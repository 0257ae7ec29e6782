'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { test } = require('node:test');

const Ajv = createRequire(path.join(__dirname, '../../runtime-js/package.json'))('ajv').default;

const ROOT = path.join(__dirname, '..');
const files = fs.readdirSync(path.join(ROOT, 'patchbay'), { recursive: true }).filter(file => !file.includes('node_modules'));
const manifests = files.filter(file => path.basename(file) === 'component.json').map(file => {
    const folder = path.join(ROOT, 'patchbay', path.dirname(file));
    return { folder, manifest: JSON.parse(fs.readFileSync(path.join(folder, 'component.json'), 'utf8')) };
});
const folderOf = type => manifests.find(({ manifest }) => manifest.name === type)?.folder;

/** Every object with the key, anywhere below. */
function* having(key, value) {
    if (typeof value === 'object' && value !== null) {
        if (key in value) {
            yield value[key];
        }
        for (const child of Object.values(value)) {
            yield* having(key, child);
        }
    }
}

test('there are components', () => assert.ok(manifests.length >= 30));

for (const { folder, manifest } of manifests) {
    test(`${manifest.name}: manifest and code fit together`, () => {
        const name = path.basename(folder);
        const code = fs.readFileSync(path.join(folder, `${name}.js`), 'utf8');
        for (const [flag, method] of [['tick', 'tick'], ['webhook', 'receive']]) {
            assert.ok(!manifest[flag] || code.includes(`async ${method}(context)`), `${flag} needs ${method}()`);
        }
        assert.ok(!manifest.inPorts?.length || code.includes('async receive(context)'));
        const ports = (manifest.outPorts ?? []).map(port => port.name);
        for (const [, port] of code.matchAll(/sendJson\([^]*?, '(\w+)'\)/g)) {
            assert.ok(ports.includes(port), `sends to the port ${port}`);
        }
        for (const { schema, inspector } of [manifest.properties ?? {}, ...(manifest.inPorts ?? [])]) {
            new Ajv({ strict: false, formats: { date: true, 'date-time': true } }).compile(schema ?? {});
            for (const field of Object.keys(inspector?.inputs ?? {})) {
                assert.ok(field in schema.properties, `the field ${field} is in the form but not in the schema`);
            }
        }
    });

    test(`${manifest.name}: what fills its form exists`, () => {
        for (const { url, data } of having('source', manifest)) {
            const type = /^\/component\/([\w/]+)\?outPort=out$/.exec(url)[1].replaceAll('/', '.');
            assert.ok(folderOf(type), type);
            if (data.transform) {
                const [, file, name] = /^\.\/(\w+)#(\w+)$/.exec(data.transform);
                assert.match(fs.readFileSync(path.join(folderOf(type), `${file}.js`), 'utf8'), new RegExp(`\\b${name}\\(`));
            }
        }
    });
}

'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');
const { execFileSync, spawnSync } = require('node:child_process');

const PACK = path.join(__dirname, '../pack.js');
const BUNDLES = ['patchbay.postgres', 'patchbay.rss', ...['controls', 'data', 'http', 'storage', 'timers'].map(name => `patchbay.utils.${name}`)];

let out;
let index;

const pack = folder => execFileSync(process.execPath, [PACK, '--out', folder], { env: { ...process.env, SOURCE_DATE_EPOCH: '1767225600' }, stdio: ['ignore', 'ignore', 'inherit'] });

before(() => {
    out = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-pack-'));
    pack(path.join(out, 'one'));
    index = JSON.parse(fs.readFileSync(path.join(out, 'one/index.json'), 'utf8'));
});

after(() => fs.rmSync(out, { recursive: true, force: true }));

const row = name => index.connectors.find(connector => connector.name === name);

async function entries(name) {
    const zip = await promisify(require('yauzl').open)(path.join(out, 'one', row(name).file), { lazyEntries: false, autoClose: true });
    const names = [];
    zip.on('entry', entry => names.push(entry.fileName));
    await new Promise((resolve, reject) => zip.on('end', resolve).on('error', reject));
    return names;
}

test('every bundle has a row and a zip that fits it', () => {
    assert.equal(index.format, 1);
    assert.equal(index.generated, '2026-01-01T00:00:00.000Z');
    assert.deepEqual(index.connectors.map(({ name }) => name).sort(), BUNDLES);
    for (const { name, version, file, sha256, size, label, category, description, changelog } of index.connectors) {
        assert.equal(file, `${name}-${version}.zip`);
        const data = fs.readFileSync(path.join(out, 'one', file));
        assert.equal(data.length, size);
        assert.equal(crypto.createHash('sha256').update(data).digest('hex'), sha256);
        assert.ok(label && category && description && changelog[version]);
    }
});

test('rows list the public components and tell triggers from actions', () => {
    const kinds = Object.fromEntries(row('patchbay.postgres').components.map(({ name, kind }) => [name.split('.').pop(), kind]));
    assert.deepEqual(kinds, { InsertRow: 'action', NewRow: 'trigger', Query: 'action' });
});

test('a module brings the files of its service along, and no other module', async () => {
    const names = await entries('patchbay.utils.timers');
    for (const wanted of ['patchbay/utils/service.json', 'patchbay/utils/timers/bundle.json', 'patchbay/utils/timers/package.json', 'patchbay/utils/timers/alarm.js', 'patchbay/utils/timers/Wait/Wait.js']) {
        assert.ok(names.includes(wanted), wanted);
    }
    assert.ok(names.every(name => name === 'patchbay/utils/service.json' || name.startsWith('patchbay/utils/timers/')));
});

test('a service is packed whole, without what an engine makes itself', async () => {
    const names = await entries('patchbay.rss');
    assert.ok(names.includes('patchbay/rss/core/NewItem/component.json'));
    assert.ok(names.every(name => name.startsWith('patchbay/rss/') && !/node_modules|package-lock|\/test/.test(name)));
});

test('the same sources give the same bytes', () => {
    pack(path.join(out, 'two'));
    for (const file of fs.readdirSync(path.join(out, 'one'))) {
        assert.ok(fs.readFileSync(path.join(out, 'one', file)).equals(fs.readFileSync(path.join(out, 'two', file))), file);
    }
});

test('wrong use says how', () => {
    const { status, stderr } = spawnSync(process.execPath, [PACK], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /usage/);
});

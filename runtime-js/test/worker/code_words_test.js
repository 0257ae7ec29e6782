'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');

const { CodeWords } = require('../../worker/code_words');

function uses(files, component = 'core/One') {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-words-'));
    try {
        for (const [name, text] of Object.entries(files)) {
            fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
            fs.writeFileSync(path.join(root, name), text);
        }
        return new CodeWords(root, ['core/One', 'core/Two', 'core/OneMore']).usesScope(component);
    } finally {
        fs.rmSync(root, { recursive: true });
    }
}

const other = { 'core/Two/Two.js': 'context.scope' };

test('A component uses what its own files name, and those that belong to nobody', () => {
    assert.strictEqual(uses({ ...other, 'core/One/One.js': 'context.messages' }), false);
    assert.strictEqual(uses(other, 'core/Two'), true);
    assert.strictEqual(uses({ 'core/One/One.js': 'context.messages.in.originalContent' }), true);
    assert.strictEqual(uses({ 'core/One/lib/deep.js': 'context.scope', 'core/One/One.js': '' }), true);
    assert.strictEqual(uses({ 'core/One/One.js': '', 'shared.js': 'context.scope' }), true);
    assert.strictEqual(uses({ 'core/One/One.js': '', 'core/OneMore/x.js': 'context.scope' }), false, 'a name that begins alike');
    assert.strictEqual(uses({ 'core/One/One.js': '', 'node_modules/x/index.js': 'scope' }), false);
    assert.strictEqual(uses({ 'core/One/One.js': 'const telescope = 1;' }), false);
});

test('What it requires may take it to the files of others', () => {
    const one = (text, more = {}) => uses({ ...other, 'core/One/One.js': text, ...more });
    for (const text of ["require('../Two/Two')", "require( \"../Two\" )", "import two from '../Two/Two.js';", "await import('../Two/Two.js')", "import '../Two/Two.js';", "require('../Tw' + 'o')",
        'require(name)', 'require(`../${name}`)', 'const load = require;', 'import(name)', "require('/srv/x.js')", "require('../../lib/x')"]) {
        assert.strictEqual(one(text, { 'lib/x.js': "module.exports = require('../core/Two/Two');" }), true, text);
    }
    for (const text of ["require('axios')", "require('./here')", "require('../../lib/y')", "import axios from 'axios';"]) {
        assert.strictEqual(one(text, { 'lib/y.js': '' }), false, text);
    }
    assert.strictEqual(uses({ 'core/Two/Two.js': '', 'core/One/One.js': "require('../Two/Two')" }), false, 'nobody names it');
});

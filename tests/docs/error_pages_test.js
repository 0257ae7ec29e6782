'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const ROOT = path.join(__dirname, '../..');
const PAGES = path.join(ROOT, 'docs/errors');

const declared = [...fs.readFileSync(path.join(ROOT, 'src/base/error_codes.def'), 'utf8')
    .matchAll(/^PATCHBAY_CODE\(\w+, "(\w+)", (\d+)\)/gm)].map(([, code, status]) => ({ code, status }));
const index = fs.readFileSync(path.join(PAGES, 'README.md'), 'utf8');

test('The declarations are read', () => {
    assert.ok(declared.length > 10, `only ${declared.length} codes found in error_codes.def`);
});

for (const { code, status } of declared) {
    test(`${code} has a page that tells its status, meaning, what was not changed and what to do`, () => {
        const page = fs.readFileSync(path.join(PAGES, `${code}.md`), 'utf8');
        assert.match(page, new RegExp(`^# ${code}\n\nHTTP status ${status}\n`));
        for (const heading of ['What it means', 'What was not changed', 'What to do']) {
            assert.match(page, new RegExp(`^## ${heading}\n\n\\S.{5,}`, 'm'), `${code}.md says nothing under "${heading}"`);
        }
        assert.ok(index.includes(`| [${code}](${code}.md) | ${status} |`), `docs/errors/README.md does not list ${code} with ${status}`);
    });
}

test('No page is about a code that does not exist', () => {
    const pages = fs.readdirSync(PAGES).filter(name => name !== 'README.md').map(name => path.basename(name, '.md'));
    assert.deepEqual(pages.sort(), declared.map(({ code }) => code).sort());
});

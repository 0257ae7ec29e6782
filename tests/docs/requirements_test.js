'use strict';

/** docs/requirements.md names, for each requirement, tests that exist; and no test of a requirement is missing in it. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const ROOT = path.join(__dirname, '../..');
/** Folder of tests → what stands before a file's name in the table. */
const FOLDERS = { 'tests/e2e': '', 'tests/browser': 'browser/' };
const COUNT = 127;

/** S-number → the files whose test names carry it; "S65-S78" counts for all between. */
function numbersInTests() {
    const found = new Map();
    const add = (number, file) => found.set(number, (found.get(number) ?? new Set()).add(file));
    const files = Object.keys(FOLDERS).flatMap(folder => fs.readdirSync(path.join(ROOT, folder)).map(name => path.join(folder, name)));
    for (const file of files.filter(name => name.endsWith('.test.js')).sort()) {
        const source = fs.readFileSync(path.join(ROOT, file), 'utf8');
        const cell = FOLDERS[path.dirname(file)] + path.basename(file, '.test.js');
        for (const [, , name] of source.matchAll(/\b(?:test|it)\(([`'"])((?:\\.|(?!\1).)*)\1/g)) {
            for (const [, from, to] of name.matchAll(/\bS(\d+)(?:-S(\d+))?\b/g)) {
                for (let number = Number(from); number <= Number(to ?? from); number += 1) {
                    add(number, cell);
                }
            }
        }
    }
    return found;
}

/** S-number → the cell of its tests. */
function rows() {
    const table = fs.readFileSync(path.join(ROOT, 'docs/requirements.md'), 'utf8');
    return new Map([...table.matchAll(/^\| S(\d+) \| ([^|]*) \| ([^|]*) \|$/gm)].map(([, number, , tests]) => [Number(number), tests.trim()]));
}

test('The table of requirements has a row for each, and the tests it names carry its number', () => {
    const table = rows();
    const inTests = numbersInTests();
    for (let number = 1; number <= COUNT; number += 1) {
        const named = [...(table.get(number) ?? assert.fail(`S${number} has no row`)).matchAll(/`([a-z_/]+)`/g)].map(([, name]) => name).sort();
        assert.deepEqual(named, [...(inTests.get(number) ?? [])].sort(), `tests of S${number}`);
    }
});

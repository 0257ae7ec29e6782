'use strict';

const assert = require('node:assert');
const path = require('node:path');
const { test, before, after } = require('node:test');
const { MapperProcess } = require('./mapper_process.js');
const { caseFiles, readCases } = require('./mapping_cases.js');
const shipped = require('../../mapper/modifiers.json');

let mapper;
before(async () => {
    mapper = new MapperProcess();
    await mapper.start();
});
after(() => mapper.stop());

async function check(one, process = mapper) {
    const reply = await process.map(one);
    assert.strictEqual(reply.err, undefined, `${one.name}: ${reply.err && reply.err.message}`);
    if (one.absent) assert.ok(!('value' in reply), `${one.name}: a value came`);
    else assert.strictEqual(JSON.stringify(reply.value), JSON.stringify(one.value), one.name);
}

for (const file of caseFiles()) {
    test(`golden cases of ${path.basename(file)}`, async () => {
        const cases = readCases(file);
        assert.ok(cases.length > 0);
        for (const one of cases) await check(one);
    });
}

test('the golden cases use every shipped modifier', () => {
    const text = caseFiles().map(file => JSON.stringify(readCases(file))).join('');
    const missing = Object.keys(shipped.modifiers).filter(name => !text.includes(`"name":"${name}"`));
    assert.deepStrictEqual(missing, []);
});

// An admin who edits a shipped text gets it run in the sandbox: its meaning must not change there.
test('the shipped texts give the same values in the sandbox', async () => {
    const document = structuredClone(shipped);
    for (const definition of Object.values(document.modifiers)) definition.helperFn += ' /* edited */';
    const edited = new MapperProcess();
    await edited.start();
    edited.send({ t: 'modifiers', version: 2, document });
    const tried = new Set();
    for (const one of caseFiles().flatMap(readCases)) {
        const [name] = one.name.split(' ');
        if (!(name in shipped.modifiers) || tried.has(name)) continue;
        tried.add(name);
        await check(one, edited);
    }
    await edited.stop();
    assert.strictEqual(tried.size, Object.keys(shipped.modifiers).length);
});

'use strict';

/**
 * What the Inspector writes into real flows: only what was edited. The flows are the corpus's, below PATCHBAY_SHARED or in ../shared beside
 * the sources, as for the C++ tests; skipped where there is none.
 */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { registerHooks } = require('node:module');
const path = require('node:path');
const test = require('node:test');
const { pathToFileURL } = require('node:url');
const zlib = require('node:zlib');

const ROOT = path.join(__dirname, '../..');
const FLOWS = path.join(process.env.PATCHBAY_SHARED || path.join(ROOT, '../shared'), 'corpus/flows.ndjson.gz');
const INSPECTOR = path.join(ROOT, 'backoffice/src/designer/inspector');
const skip = fs.existsSync(FLOWS) ? false : `No corpus at ${FLOWS}; set PATCHBAY_SHARED.`;

// The page's sources name each other without an ending.
registerHooks({
    resolve(specifier, context, next) {
        const isSource = specifier.startsWith('.') && !path.extname(specifier) && context.parentURL?.includes('/backoffice/src/');
        return next(isSource ? `${specifier}.ts` : specifier, context);
    }
});
const load = name => import(pathToFileURL(path.join(INSPECTOR, name)));

function* components() {
    for (const line of zlib.gunzipSync(fs.readFileSync(FLOWS)).toString('utf8').split('\n').filter(Boolean)) {
        for (const [id, component] of Object.entries(JSON.parse(line).json.flow)) {
            yield { id, component };
        }
    }
}

test('A field that is set to what it is leaves its component as it was, letter by letter', { skip }, async () => {
    const { linksInto, setValue, valuesAt } = await load('edits.ts');
    let fields = 0;
    for (const { component } of components()) {
        const before = JSON.stringify(component);
        const places = ['properties', ...Object.keys(component.source ?? {}).flatMap(port => linksInto(component, port))];
        for (const place of places) {
            for (const [field, value] of Object.entries(valuesAt(component, place) ?? {})) {
                const after = setValue(place, field, value)(component);
                // A field without variables may lack its empty entry.
                const added = place !== 'properties' && component.config.transform[place.inPort][place.componentId][place.outPort].modifiers?.[field] === undefined;
                assert.ok(added || JSON.stringify(after) === before, `${component.type} ${field}`);
                fields += 1;
            }
        }
        assert.equal(JSON.stringify(component), before, 'edits change nothing in place');
    }
    assert.ok(fields > 1000, `${fields} fields`);
});

test('A text with variables is its parts, put together again; each variable is read and written as it stands', { skip }, async () => {
    const { partsOf, placeholder, readVariable, writeVariable } = await load('variables/template.ts');
    let variables = 0;
    for (const { component } of components()) {
        for (const transform of transformsOf(component)) {
            for (const [field, value] of Object.entries(transform.lambda)) {
                const entries = transform.modifiers?.[field] ?? {};
                if (typeof value === 'string') {
                    assert.equal(partsOf(value, entries).map(part => part.text ?? placeholder(part.id)).join(''), value);
                }
                for (const { variable } of Object.values(entries).filter(entry => entry.variable)) {
                    const read = readVariable(variable);
                    assert.equal(read && writeVariable(read), variable);
                    variables += 1;
                }
            }
        }
    }
    assert.ok(variables > 500, `${variables} variables`);
});

test('Rows of expressions are read and written as they stand', { skip }, async () => {
    const { groupsIn, valueOf } = await load('fields/rows.ts');
    let expressions = 0;
    for (const { component } of components()) {
        for (const value of transformsOf(component).flatMap(({ lambda }) => Object.values(lambda))) {
            const outer = typeof value === 'object' && value !== null ? Object.keys(value)[0] : undefined;
            if (['ADD', 'AND', 'OR'].includes(outer) && value[outer].length > 0) {
                const inner = Object.keys(value[outer][0]).find(key => ['AND', 'OR'].includes(key));
                const levels = inner ? [outer, inner] : [outer];
                assert.deepEqual(valueOf(groupsIn(value, levels), levels), value);
                expressions += 1;
            }
        }
    }
    assert.ok(expressions > 200, `${expressions} expressions`);
    assert.equal(groupsIn('{{{x}}}', ['AND']), undefined, 'what has another shape is not touched');
});

test('A value that is taken out takes its variables with it, and no others', async () => {
    const { setValue } = await load('edits.ts');
    const link = { inPort: 'in', componentId: 'a', outPort: 'out' };
    const modifiers = { text: { x: { variable: '$.a.out.x' }, y: { variable: '$.a.out.y' }, spare: {} }, other: { z: {} } };
    const before = { type: 't', x: 0, y: 0, config: { transform: { in: { a: { out: { type: 'json2new', lambda: { text: '{{{x}}} {{{y}}}', other: '{{{z}}}' }, modifiers } } } } } };
    const transformOf = edit => edit(before).config.transform.in.a.out;
    assert.deepEqual(transformOf(setValue(link, 'text', '{{{y}}}')).modifiers, { text: { y: { variable: '$.a.out.y' }, spare: {} }, other: { z: {} } });
    assert.deepEqual(transformOf(setValue(link, 'text', undefined)), { type: 'json2new', lambda: { other: '{{{z}}}' }, modifiers: { other: { z: {} } } });
    assert.deepEqual(transformOf(setValue(link, 'text', '{{{n}}}', { n: { functions: [{ name: 'g_now' }] } })).modifiers.text, { spare: {}, n: { functions: [{ name: 'g_now' }] } });
});

function transformsOf(component) {
    return Object.values(component.config?.transform ?? {}).flatMap(senders => Object.values(senders)).flatMap(ports => Object.values(ports)).filter(({ lambda }) => lambda);
}

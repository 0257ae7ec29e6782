'use strict';

const assert = require('node:assert/strict');
const { after, test } = require('node:test');
const { Node } = require('./stub_context');

const { root, remove } = require('./installed_bundle')('utils', ['data']);
after(remove);

const node = name => new Node(root, `patchbay.utils.data.${name}`);
const run = async (name, input) => (await node(name).receive(input))[0].payload;
const refused = message => ({ name: 'ContextCancelError', message });

test('ParseJSON reads text and passes data on', async () => {
    assert.deepEqual(await run('ParseJSON', { text: '\uFEFF{"a":[1,null]}' }), { data: { a: [1, null] } });
    assert.deepEqual(await run('ParseJSON', { text: { a: 1 } }), { data: { a: 1 } });
    await assert.rejects(run('ParseJSON', { text: '{a:1}' }), refused(/^text: not valid JSON/));
});

test('ToJSON writes text', async () => {
    assert.deepEqual(await run('ToJSON', { data: { a: [1] } }), { text: '{"a":[1]}' });
    assert.deepEqual(await run('ToJSON', { data: { a: 1 }, indent: '2' }), { text: '{\n  "a": 1\n}' });
    assert.deepEqual(await run('ToJSON', {}), { text: 'null' });
});

test('ParseCSV reads rows as objects, with quotes, line breaks and a byte order mark', async () => {
    assert.deepEqual(await run('ParseCSV', { text: '\uFEFFname,note\r\n"Novák, J.","two\nlines ""x"""\r\n\r\nB,\r\n' }), {
        rows: [{ name: 'Novák, J.', note: 'two\nlines "x"' }, { name: 'B', note: '' }],
        count: 2,
        columns: ['name', 'note']
    });
});

test('ParseCSV reads rows as lists, with another delimiter and a limit', async () => {
    assert.deepEqual(await run('ParseCSV', { text: 'a\tb\n1\n2\t3\n', delimiter: '\\t', header: false, limit: 2 }), { rows: [['a', 'b'], ['1']], count: 2, columns: [] });
    assert.equal((await run('ParseCSV', { text: 'a\n1\n2\n3', limit: 2 })).count, 2);
});

test('ParseCSV reads a file', async () => {
    const parse = node('ParseCSV');
    const { fileId } = await parse.files.api.saveFileStream('a.csv', 'a;b\n1;2');
    const [{ payload }] = await parse.receive({ fileId, delimiter: ';' });
    assert.deepEqual(payload.rows, [{ a: '1', b: '2' }]);
    await assert.rejects(parse.receive({ fileId: 'gone' }), { statusCode: 404 });
});

test('ParseCSV says what is wrong', async () => {
    await assert.rejects(run('ParseCSV', { text: 'a,b\n1\n' }), refused(/cannot be read/));
    await assert.rejects(run('ParseCSV', { text: 'a\n"open' }), refused(/cannot be read/));
    await assert.rejects(run('ParseCSV', {}), refused(/^text: /));
});

test('ToCSV writes objects', async () => {
    assert.deepEqual(await run('ToCSV', { rows: [{ a: 1, 'b.c': 'x,"y"', d: true, e: { f: 1 } }, { a: null, d: false }] }),
        { text: 'a,b.c,d,e\n1,"x,""y""",true,"{""f"":1}"\n,,false,\n', count: 2 });
});

test('ToCSV writes lists, chosen columns, and no header', async () => {
    assert.equal((await run('ToCSV', { rows: '[["a",1],["b",2]]', delimiter: ';' })).text, 'a;1\nb;2\n');
    assert.equal((await run('ToCSV', { rows: [{ a: 1, b: 2 }], columns: 'b, a' })).text, 'b,a\n2,1\n');
    assert.equal((await run('ToCSV', { rows: [{ a: 1 }], header: false })).text, '1\n');
    assert.equal((await run('ToCSV', { rows: [] })).text, '');
});

test('ToCSV escapes formulas when asked to', async () => {
    assert.equal((await run('ToCSV', { rows: [['=1+1']], escapeFormulas: true })).text, "'=1+1\n");
    assert.equal((await run('ToCSV', { rows: [['=1+1']] })).text, '=1+1\n');
});

test('ToCSV writes a file that ParseCSV reads', async () => {
    const rows = Array.from({ length: 1000 }, (_, n) => ({ n: String(n), text: 'ž'.repeat(20) }));
    const write = node('ToCSV');
    const [{ payload }] = await write.receive({ rows, output: 'file', filename: 'big.csv' });
    assert.deepEqual([payload.filename, payload.count], ['big.csv', 1000]);
    const read = node('ParseCSV');
    read.files = write.files;
    assert.deepEqual((await read.receive({ fileId: payload.fileId }))[0].payload.rows, rows);
});

test('ToCSV refuses what has no rows', async () => {
    await assert.rejects(run('ToCSV', { rows: '{"a":1}' }), refused(/must be a list/));
    await assert.rejects(run('ToCSV', { rows: [{ a: 1 }, 5] }), refused(/item 1/));
});

for (const [input, expected] of [
    [{ operation: 'trim', text: '  a ' }, 'a'],
    [{ operation: 'uppercase', text: 'straße' }, 'STRASSE'],
    [{ operation: 'lowercase', text: 'ÁB' }, 'áb'],
    [{ operation: 'capitalize', text: 'ab' }, 'Ab'],
    [{ operation: 'length', text: 'a😀' }, 2],
    [{ operation: 'replace', text: 'a.b.c', search: '.', replacement: '$&' }, 'a$&b$&c'],
    [{ operation: 'replace', text: 'a1b22', search: '\\d+', replacement: '<$&>', regex: true }, 'a<1>b<22>'],
    [{ operation: 'split', text: 'a\nb', separator: '\\n' }, ['a', 'b']],
    [{ operation: 'join', text: ['a', 1, { b: 2 }], separator: ';' }, 'a;1;{"b":2}'],
    [{ operation: 'join', text: '["a","b"]' }, 'a,b'],
    [{ operation: 'substring', text: '😀abc', start: 1, end: -1 }, 'ab'],
    [{ operation: 'match', text: 'a=1, b=2', search: '(\\d)' }, ['1', '2']],
    [{ operation: 'encodeBase64', text: 'ž' }, 'xb4='],
    [{ operation: 'decodeBase64', text: 'xb4=' }, 'ž'],
    [{ operation: 'encodeUrl', text: 'a b&' }, 'a%20b%26'],
    [{ operation: 'decodeUrl', text: 'a%20b' }, 'a b'],
    [{ operation: 'stripHtml', text: '<p>a <b>b</b></p><script>x()</script >' }, 'a b'],
    [{ operation: 'uppercase' }, '']
]) {
    test(`Text: ${JSON.stringify(input)}`, async () => assert.deepEqual((await run('Text', input)).result, expected));
}

test('Text says what is wrong', async () => {
    await assert.rejects(run('Text', { operation: 'replace', text: 'a' }), refused(/^search: /));
    await assert.rejects(run('Text', { operation: 'match', text: 'a', search: '(' }), refused(/^search: /));
    await assert.rejects(run('Text', { operation: 'join', text: 'a' }), refused(/^text: /));
    await assert.rejects(run('Text', { operation: 'decodeUrl', text: '%' }), refused(/^text: /));
    await assert.rejects(run('Text', { operation: 'explode', text: 'a' }), { code: 'GRID_ERR_VAL_PORTS' });
});

test('Transform evaluates JSONata on data and on JSON text', async () => {
    const data = { items: [{ price: 2, quantity: 3 }, { price: 1, quantity: 4 }] };
    const expression = '$sum(items.(price * quantity))';
    assert.deepEqual(await run('Transform', { data, expression }), { result: 10 });
    assert.deepEqual(await run('Transform', { data: JSON.stringify(data), expression }), { result: 10 });
    assert.deepEqual(await run('Transform', { data, expression: 'items.price' }), { result: [2, 1] });
    assert.deepEqual(await run('Transform', { data, expression: 'nothing' }), { result: null });
    assert.deepEqual(await run('Transform', { data: 'x', expression: '$ & "y"' }), { result: 'xy' });
});

test('Transform ends expressions that are wrong or never end', async () => {
    await assert.rejects(run('Transform', { data: {}, expression: '(1 +' }), refused(/^expression: /));
    await assert.rejects(run('Transform', { data: {}, expression: '1 + "a"' }), refused(/^expression: /));
    await assert.rejects(run('Transform', { data: {}, expression: '($f := function($n) { 1 + $f($n + 1) }; $f(1))' }), refused(/^expression: /));
});

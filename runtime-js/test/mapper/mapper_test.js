'use strict';

const assert = require('node:assert');
const { test, beforeEach, afterEach } = require('node:test');
const { MapperProcess } = require('./mapper_process.js');
const { shippedDocument } = require('../../mapper/modifiers/document.js');
const stored = require('../../mapper/modifiers.json');

const ENV = { messageId: 'msg-1', arrivedAt: 1700000000123 };

let mapper;
beforeEach(async () => {
    mapper = new MapperProcess();
    const ready = await mapper.start();
    assert.strictEqual(ready.t, 'ready');
});
afterEach(() => mapper.stop());

function withFunctions(functions, value = 'in', env = ENV) {
    return {
        transform: {
            type: 'json2new',
            lambda: { x: '{{{a}}}' },
            modifiers: { x: { a: { variable: '$.c.out.v', functions } } }
        },
        content: {},
        scope: { c: { out: { v: value } } },
        env
    };
}

function javascript(code) {
    return withFunctions([{ name: 'g_javascript', params: [{ value: code }] }]);
}

test('modifiers.json is the current document', () => {
    assert.deepStrictEqual(stored, JSON.parse(JSON.stringify(shippedDocument())));
});

test('ping is answered with the memory in use', async () => {
    const pong = await mapper.call({ t: 'ping', n: 7 });
    assert.strictEqual(pong.t, 'pong');
    assert.strictEqual(pong.n, 7);
    assert.ok(pong.heap > 0 && pong.rss > 0);
});

test('a reply carries the id of its frame and warns of unknown functions', async () => {
    const reply = await mapper.call({ t: 'map', id: 99, ...withFunctions([{ name: 'g_nope' }]) });
    assert.deepStrictEqual(reply, {
        t: 'mapped',
        id: 99,
        value: { x: 'in' },
        warnings: ['unknown modifier "g_nope" at x/a/0: the value is passed on']
    });
});

test('a malformed transform is an error of the frame, not of the process', async () => {
    for (const transform of [null, 5, [], { type: 'xml2new' }]) {
        const reply = await mapper.map({ transform, content: {}, scope: {}, env: ENV });
        assert.match(reply.err.message, /^Malformed transformation/);
    }
    const after = await mapper.map(withFunctions([]));
    assert.deepStrictEqual(after.value, { x: 'in' });
});

test('a lambda nested too deeply is an error of the frame', async () => {
    const depth = 4000;
    const lambda = JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
    const reply = await mapper.map({ transform: { lambda }, content: {}, scope: {}, env: ENV });
    assert.ok(reply.err || reply.value);
    assert.deepStrictEqual((await mapper.map(withFunctions([]))).value, { x: 'in' });
});

test('attempts of a message agree on generated values, other messages differ', async () => {
    const functions = [{ name: 'g_uuid4' }];
    const first = await mapper.map(withFunctions(functions));
    const again = await mapper.map(withFunctions(functions));
    const other = await mapper.map(withFunctions(functions, 'in', { ...ENV, messageId: 'msg-2' }));
    assert.match(first.value.x, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.strictEqual(first.value.x, again.value.x);
    assert.notStrictEqual(first.value.x, other.value.x);
});

test('g_jsonata draws the same values at every attempt', async () => {
    const code = '$string($random()) & $string($millis()) & $join($string($shuffle([1..9])))';
    const frame = withFunctions([{ name: 'g_jsonata', params: [{ value: code }] }]);
    const [first, again] = [await mapper.map(frame), await mapper.map(frame)];
    assert.strictEqual(first.warnings, undefined);
    assert.deepStrictEqual(first.value, again.value);
    assert.match(first.value.x, /1700000000123/);
});

test('user code that loops, allocates, recurses or never settles is ended and its input passed on', async () => {
    const codes = [
        'for (;;) ;',
        'const a = []; for (;;) a.push(new Uint8Array(1e6))',
        '(function f() { return f() + 1; })()',
        'JSON.parse("[".repeat(200000))',
        'new Promise(() => {})',
        '(async () => { for (;;) await 1; })()',
        '"x".repeat(2 ** 28).length'
    ];
    for (const code of codes) {
        const reply = await mapper.map(javascript(code));
        assert.deepStrictEqual(reply.value, { x: 'in' }, code);
        assert.match(reply.warnings[0], /^g_javascript at x\/a\/0 failed/, code);
        const after = await mapper.map(javascript('$variable + 1'));
        assert.deepStrictEqual(after.value, { x: 'in1' }, `after ${code}`);
    }
});

test('user code cannot reach Node or the next message', async () => {
    const reach = '[].constructor.constructor("return typeof process + typeof require + typeof globalThis.fetch")()';
    assert.deepStrictEqual((await mapper.map(javascript(reach))).value, { x: 'undefinedundefinedundefined' });
    await mapper.map(javascript('globalThis.kept = 5; Array.prototype.map = null; 1'));
    assert.deepStrictEqual((await mapper.map(javascript('typeof kept + typeof [].map'))).value, { x: 'undefinedfunction' });
});

test('JSONPath scripts cannot reach Node', async () => {
    const paths = [
        '$[?(@.constructor.constructor("return process")().exit(1))]',
        '$[(this.constructor.constructor("return process")().exit(1))]',
        '$..[?(p="console.log(this.process.mainModule.require(\'child_process\'))";a=\'\'[[\'constructor\']][[\'constructor\']](p);a())]'
    ];
    for (const path of paths) {
        const reply = await mapper.map(withFunctions([{ name: 'g_jsonPath', params: [{ value: path }] }], [{ a: 1 }]));
        assert.deepStrictEqual(reply.value, {}, path);
    }
});

test('the modifiers frame replaces the document: edited and new functions run in the sandbox', async () => {
    const document = structuredClone(stored);
    document.modifiers.g_uppercase.helperFn = 'function(value, { helpers }) { return helpers.lodash.toUpper(value) + "!"; }';
    document.modifiers.double = {
        arguments: [{ name: 'times', type: 'number' }, { name: 'glue', isHash: true }],
        helperFn: '(value, times, { hash, helpers }) => Array(times).fill(value + helpers.context.flowId).join(hash.glue)'
    };
    document.modifiers.eachOf = {
        arguments: [{ name: 'block', isBlock: true }],
        helperFn: 'function(value, block) { return value.map((item, index) => block({ value: item, index })); }'
    };
    document.modifiers.empty = { label: 'no function' };
    delete document.modifiers.g_lowercase;
    mapper.send({ t: 'modifiers', version: 3, document });

    const upper = await mapper.map(withFunctions([{ name: 'g_uppercase' }, { name: 'g_lowercase' }, { name: 'empty' }]));
    assert.deepStrictEqual(upper.value, { x: 'IN!' });
    assert.strictEqual(upper.warnings.length, 2);
    const double = [{ name: 'double', params: [{ value: 2 }], hashParams: { glue: { value: '-' } } }];
    const doubled = await mapper.map(withFunctions(double, 'a', { ...ENV, flowId: 'f' }));
    assert.deepStrictEqual(doubled.value, { x: 'af-af' });
    const block = { value: '{{{v}}}:{{{i}}}', modifiers: { v: { variable: '@value.n' }, i: { variable: '@index' } } };
    const each = await mapper.map(withFunctions([{ name: 'eachOf', params: [block] }], [{ n: 1 }, { n: 2 }]));
    assert.deepStrictEqual(each.value, { x: ['1:0', '2:1'] });

    mapper.send({ t: 'modifiers', version: 4 });
    assert.deepStrictEqual((await mapper.map(withFunctions([{ name: 'g_uppercase' }]))).value, { x: 'IN' });
});

test('the test frame runs a helperFn with its arguments', async () => {
    const sum = await mapper.call({ t: 'test', helperFn: 'function(a, b) { return a + b; }', arguments: [2, 2] });
    assert.strictEqual(sum.value, 4);
    const nothing = await mapper.call({ t: 'test', helperFn: '() => undefined', arguments: [] });
    assert.ok(!('value' in nothing) && !nothing.err);
    const broken = await mapper.call({ t: 'test', helperFn: 'function(', arguments: [] });
    assert.strictEqual(broken.err.name, 'SyntaxError');
    const thrown = await mapper.call({ t: 'test', helperFn: '() => { throw new TypeError("no"); }', arguments: [] });
    assert.deepStrictEqual(thrown.err, { name: 'TypeError', message: 'no' });
    const missing = await mapper.call({ t: 'test', arguments: [] });
    assert.match(missing.err.message, /helperFn/);
});

test('a large payload passes', async () => {
    const value = 'é'.repeat(5_000_000);
    const reply = await mapper.map(withFunctions([{ name: 'g_length' }], value));
    assert.deepStrictEqual(reply.value, { x: 5_000_000 });
});

test('an unknown frame ends the process with an error', async () => {
    mapper.send({ t: 'dance' });
    assert.strictEqual(await mapper.exited, 1);
    assert.match(mapper.stderr, /unknown frame "dance"/);
});

test('a line that is no JSON ends the process with an error', async () => {
    mapper.wire.write('nonsense\n');
    assert.strictEqual(await mapper.exited, 1);
});

test('another protocol version ends the process with an error', async () => {
    mapper.send({ t: 'hello', protocol: 2 });
    assert.strictEqual(await mapper.exited, 1);
});

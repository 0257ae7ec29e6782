'use strict';

const assert = require('node:assert');
const { test } = require('node:test');

const { compileSchema, validateValue } = require('../../worker/validation');

// Answers what the component would see, or the errors.
function validated(schema, content) {
    const holder = { content };
    const errors = validateValue(compileSchema(schema), holder, 'content');
    return errors ? { errors: errors.map(error => `${error.instancePath} ${error.keyword}`) } : holder.content;
}

const object = (properties, rest) => ({ type: 'object', properties, ...rest });

test('Text becomes a number, a boolean or null where the schema wants one', () => {
    assert.deepStrictEqual(validated(object({ n: { type: 'number' }, b: { type: 'boolean' } }), { n: '5', b: 'true' }), { n: 5, b: true });
    assert.deepStrictEqual(validated(object({ s: { type: 'string' } }), { s: 5 }), { s: '5' });
});

test('A scalar content is coerced as a whole', () => {
    assert.strictEqual(validated({ type: 'integer' }, '12'), 12);
    assert.strictEqual(validated({ type: 'string' }, 12), '12');
});

test('An object where a string is allowed becomes its JSON text', () => {
    assert.deepStrictEqual(validated(object({ s: { type: 'string' } }), { s: [1, { a: 2 }] }), { s: '[1,{"a":2}]' });
    assert.deepStrictEqual(validated(object({ s: { type: ['string', 'number'] } }), { s: { a: 1 } }), { s: '{"a":1}' });
    assert.strictEqual(validated({ type: 'string' }, { a: 1 }), '{"a":1}');
});

test('Wrong empty values are removed', () => {
    const schema = object({ mail: { type: 'string', format: 'email' }, n: { type: 'number' }, kind: { enum: ['a'] } });
    assert.deepStrictEqual(validated(schema, { mail: '', n: '', kind: null, other: '' }), { other: '' });
});

test('Wrong empty items leave an array without holes', () => {
    const schema = object({ list: { type: 'array', items: { type: 'number' } } });
    assert.deepStrictEqual(validated(schema, { list: ['', '1', '', '2'] }), { list: [1, 2] });
});

test('A removed value that is required is an error', () => {
    const schema = object({ mail: { type: 'string', format: 'email' } }, { required: ['mail'] });
    assert.deepStrictEqual(validated(schema, { mail: '' }), { errors: [' required'] });
});

test('What cannot be repaired is listed whole', () => {
    const schema = object({ n: { type: 'number' }, m: { type: 'string', maxLength: 2 } }, { required: ['k'] });
    assert.deepStrictEqual(validated(schema, { n: 'x', m: 'long' }).errors.sort(), [' required', '/m maxLength', '/n type']);
});

test('Field names with slashes and tildes are found again', () => {
    const schema = object({ 'a/b~c': { type: 'number' } });
    assert.deepStrictEqual(validated(schema, { 'a/b~c': '' }), {});
});

test('Older drafts and slips of the pen do not break a schema', () => {
    const schema = object({
        old: { type: 'string', required: true }, low: { type: 'number', minimum: 1, exclusiveMinimum: true }, any: { type: 'any' },
        free: { nullable: true }, noFormat: { type: 'string', format: 'no-such' }, id: { type: 'string' }, none: { enum: [] }
    }, { $schema: 'http://json-schema.org/draft-04/schema#', id: 'x', path: 'stray' });
    assert.deepStrictEqual(validated(schema, { any: 1, noFormat: 'x', id: 'y' }), { any: 1, noFormat: 'x', id: 'y' });
    assert.deepStrictEqual(validated(schema, { low: 1 }), { errors: ['/low exclusiveMinimum'] });
});

test('Defaults are not filled in', () => {
    assert.deepStrictEqual(validated(object({ a: { type: 'string', default: 'x' } }), {}), {});
});

test('Two ports may carry schemas of one $id and inner references', () => {
    const schema = { $id: 'same', type: 'object', properties: { a: { $ref: '#/definitions/n' } }, definitions: { n: { type: 'number' } } };
    assert.deepStrictEqual(validated(schema, { a: '1' }), { a: 1 });
    assert.deepStrictEqual(validated({ ...schema }, { a: '2' }), { a: 2 });
});

test('A schema that cannot be compiled accepts anything', () => {
    assert.strictEqual(compileSchema({ $ref: '#/nowhere' }), null);
    assert.strictEqual(compileSchema('text'), null);
});

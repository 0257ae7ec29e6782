'use strict';

// Validates and coerces what enters a component against the JSON Schemas of its manifest, with Ajv as the field does:
// all errors, not strict, type coercion, formats. Unknown keywords and formats are ignored; `default` is not applied.
// When it fails, a repair pass runs once: values that are null or "" and wrong are removed, and objects and arrays
// where a string is allowed become their JSON text. A schema that does not compile accepts anything.

const kMaxErrorsPerPort = 50;
const kTypes = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']);
const kSchemaMaps = ['properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas'];
const kSchemaLists = ['allOf', 'anyOf', 'oneOf'];
const kSchemaValues = ['not', 'if', 'then', 'else', 'additionalProperties', 'propertyNames', 'contains', 'additionalItems'];

let ajv = null;

function ajvInstance() {
    if (!ajv) {
        const Ajv = require('ajv');
        ajv = new Ajv({
            allErrors: true, strict: false, coerceTypes: true, verbose: false, logger: false,
            validateSchema: false, addUsedSchema: false, unicodeRegExp: false
        });
        require('ajv-formats')(ajv);
    }
    return ajv;
}

class ValidationFlowError extends Error {

    constructor(message, code, data) {
        super(message);
        this.name = 'ValidationFlowError';
        this.code = code;
        this.data = data;
    }
}

function isObject(value) {
    return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function dropWrongKeywords(out) {
    if (out.required !== undefined && !Array.isArray(out.required)) {
        delete out.required;
    }
    for (const key of ['$schema', '$id', 'id', '$async', 'default']) {
        if (typeof out[key] === 'string' || key === 'default' || key === '$async') {
            delete out[key];
        }
    }
    if (out.enum !== undefined && (!Array.isArray(out.enum) || out.enum.length === 0)) {
        delete out.enum;
    }
    for (const [bound, exclusive] of [['minimum', 'exclusiveMinimum'], ['maximum', 'exclusiveMaximum']]) {
        if (typeof out[exclusive] === 'boolean') {
            if (out[exclusive] && typeof out[bound] === 'number') {
                out[exclusive] = out[bound];
            } else {
                delete out[exclusive];
            }
        }
    }
    dropWrongTypes(out);
}

function dropWrongTypes(out) {
    if (out.type !== undefined) {
        const types = (Array.isArray(out.type) ? out.type : [out.type]).filter(type => kTypes.has(type));
        if (types.length === 0) {
            delete out.type;
        } else {
            out.type = Array.isArray(out.type) ? [...new Set(types)] : types[0];
        }
    }
    if (out.type === undefined || typeof out.nullable !== 'boolean') {
        delete out.nullable;
    }
    for (const key of ['minLength', 'maxLength', 'minItems', 'maxItems', 'minimum', 'maximum', 'multipleOf']) {
        if (out[key] !== undefined && typeof out[key] !== 'number') {
            delete out[key];
        }
    }
    for (const key of ['pattern', 'format']) {
        if (out[key] !== undefined && typeof out[key] !== 'string') {
            delete out[key];
        }
    }
}

// A copy of a schema in which what Ajv would refuse to compile is left out (drafts 3 and 4, slips of the pen).
function lenient(schema) {
    if (!isObject(schema)) {
        return typeof schema === 'boolean' ? schema : {};
    }
    const out = { ...schema };
    dropWrongKeywords(out);
    for (const key of kSchemaMaps) {
        if (isObject(out[key])) {
            out[key] = Object.fromEntries(Object.entries(out[key]).map(([name, inner]) => [name, lenient(inner)]));
        } else {
            delete out[key];
        }
    }
    for (const key of kSchemaLists) {
        if (Array.isArray(out[key]) && out[key].length > 0) {
            out[key] = out[key].map(lenient);
        } else {
            delete out[key];
        }
    }
    for (const key of kSchemaValues) {
        if (out[key] !== undefined) {
            out[key] = lenient(out[key]);
        }
    }
    if (out.items !== undefined) {
        out.items = Array.isArray(out.items) ? out.items.map(lenient) : lenient(out.items);
    }
    return out;
}

// schema → Ajv's function, or null when anything is accepted.
function compileSchema(schema) {
    if (!isObject(schema)) {
        return null;
    }
    try {
        return ajvInstance().compile(lenient(schema));
    } catch {
        return null;
    }
}

// Runs a compiled schema on `holder[key]`, which coercion may replace.
function run(validator, holder, key) {
    return validator(holder[key], {
        instancePath: '', parentData: holder, parentDataProperty: key, rootData: holder[key], dynamicAnchors: {}
    });
}

function segments(path) {
    return path.split('/').slice(1).map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

// path below `holder[key]` → where that value sits.
function locate(holder, key, path) {
    let parent = holder;
    let name = key;
    for (const segment of segments(path)) {
        parent = parent[name];
        if (parent === null || typeof parent !== 'object') {
            return null;
        }
        name = segment;
    }
    return Object.prototype.hasOwnProperty.call(parent, name) ? { parent, name } : null;
}

function allowsString(error) {
    const type = error.params && error.params.type;
    return error.keyword === 'type' && (Array.isArray(type) ? type.includes('string') : String(type).split(',').includes('string'));
}

function repair(holder, key, errors) {
    const removals = new Map();
    let changed = false;
    for (const error of errors) {
        const place = locate(holder, key, error.instancePath);
        if (!place) {
            continue;
        }
        const value = place.parent[place.name];
        if ((value === null || value === '') && place.parent !== holder) {
            removals.set(error.instancePath, place);
        } else if (allowsString(error) && value !== null && typeof value === 'object') {
            place.parent[place.name] = JSON.stringify(value);
            changed = true;
        }
    }
    for (const place of [...removals.values()].sort((a, b) => Number(b.name) - Number(a.name) || 0)) {
        remove(place);
        changed = true;
    }
    return changed;
}

function remove({ parent, name }) {
    if (Array.isArray(parent)) {
        parent.splice(Number(name), 1);
    } else {
        delete parent[name];
    }
}

// Coerces `holder[key]` in place. Answers null when it is valid, else Ajv's errors.
function validateValue(validator, holder, key) {
    if (run(validator, holder, key)) {
        return null;
    }
    if (repair(holder, key, validator.errors) && run(validator, holder, key)) {
        return null;
    }
    return validator.errors.slice(0, kMaxErrorsPerPort).map(error => ({
        keyword: error.keyword, instancePath: error.instancePath, schemaPath: error.schemaPath,
        params: error.params, message: error.message
    }));
}

function portMessages(message) {
    return Array.isArray(message) ? message : [message];
}

// Validates the messages on real in ports; throws ValidationFlowError.
function validateMessages(component, messages) {
    let failed = null;
    for (const [port, schema] of component.inPorts) {
        const message = messages[port];
        const validator = message === undefined ? null : component.validator(`in:${port}`, schema);
        if (!validator) {
            continue;
        }
        const errors = portMessages(message).map(one => validateValue(validator, one, 'content')).filter(Boolean);
        if (errors.length > 0) {
            failed = failed || {};
            failed[port] = errors;
        }
    }
    if (failed) {
        throw new ValidationFlowError(`Validation error on ports: ${Object.keys(failed).join(', ')}`, 'GRID_ERR_VAL_PORTS', failed);
    }
}

// Validates and coerces `frame.properties`; throws ValidationFlowError.
function validateProperties(component, frame) {
    const schema = component.manifest.properties && component.manifest.properties.schema;
    const validator = schema ? component.validator('properties', schema) : null;
    if (!validator) {
        return;
    }
    const errors = validateValue(validator, frame, 'properties');
    if (errors) {
        throw new ValidationFlowError('Validation error on properties', 'GRID_ERR_VAL_PROPERTIES', errors);
    }
}

module.exports = { ValidationFlowError, compileSchema, validateValue, validateMessages, validateProperties };

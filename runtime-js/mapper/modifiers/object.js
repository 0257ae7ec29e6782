'use strict';

// Modifiers of objects. The text of each helperFn is published by GET /modifiers and may be edited
// there, so a function uses its arguments and options.helpers only.

module.exports = {
    g_stringify: {
        label: 'To JSON text',
        category: ['object', 'list'],
        description: 'Writes the value as JSON text, indented by "space" when that is given.',
        arguments: [{ name: 'space', type: 'number', isHash: true }],
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const space = options.hash.space;
            const width = options.helpers.asNumber(space);
            return JSON.stringify(value, null, width === undefined ? space : width);
        }
    },
    g_parse: {
        label: 'From JSON text',
        category: ['object', 'list'],
        description: 'Reads JSON text into the value it spells. Other text stays as it is.',
        returns: { type: 'any' },
        helperFn: function (value, options) {
            return options.helpers.tryParseJSON(value);
        }
    },
    g_jsonPath: {
        label: 'JSONPath',
        category: ['object', 'list'],
        description: 'Finds parts by a JSONPath: one match is given as it is, several as a list, none as nothing.',
        arguments: [{ name: 'path', type: 'string' }],
        returns: { type: 'any' },
        helperFn: function (value, path, options) {
            const json = options.helpers.tryParseJSON(value);
            const text = options.helpers.asText(path);
            if (text === undefined || json === null || typeof json !== 'object') return undefined;
            let whole = '$.' + text;
            if (text.startsWith('$')) whole = text;
            if (text.startsWith('[')) whole = '$' + text;
            try {
                const found = options.helpers.jsonpathPlus.JSONPath({ path: whole, json: json, wrap: true });
                if (!Array.isArray(found) || found.length === 0) return undefined;
                return found.length === 1 ? found[0] : found;
            } catch (err) {
                return undefined;
            }
        }
    },
    g_jsonata: {
        label: 'JSONata',
        category: ['object', 'list'],
        description: 'Evaluates a JSONata expression over the value; JSON text is read first.',
        arguments: [{ name: 'expression', type: 'string' }],
        returns: { type: 'any' },
        helperFn: function (value, expression, options) {
            const input = options.helpers.tryParseJSON(value);
            return options.helpers.jsonata(expression).evaluate(input);
        }
    },
    g_keys: {
        label: 'Keys',
        category: ['object'],
        description: 'Lists the keys of an object.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const object = options.helpers.tryParseJSON(value);
            return object !== null && typeof object === 'object' ? Object.keys(object) : value;
        }
    },
    g_values: {
        label: 'Values',
        category: ['object'],
        description: 'Lists the values of an object.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const object = options.helpers.tryParseJSON(value);
            return object !== null && typeof object === 'object' ? Object.values(object) : value;
        }
    },
    g_toPairs: {
        label: 'Pairs',
        category: ['object'],
        description: 'Turns an object into a list of [key, value] pairs.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const object = options.helpers.tryParseJSON(value);
            return object !== null && typeof object === 'object' ? Object.entries(object) : value;
        }
    },
    g_set: {
        label: 'Set',
        category: ['object', 'list'],
        description: 'Copies the object and sets the member at a path. JSON text is read first, on both sides.',
        arguments: [{ name: 'path', type: 'string' }, { name: 'object', type: 'any' }],
        returns: { type: 'object' },
        helperFn: function (value, path, object, options) {
            const target = options.helpers.tryParseJSON(value);
            if (target === null || typeof target !== 'object') return value;
            const copy = options.helpers.lodash.cloneDeep(target);
            return options.helpers.lodash.set(copy, path, options.helpers.tryParseJSON(object));
        }
    }
};

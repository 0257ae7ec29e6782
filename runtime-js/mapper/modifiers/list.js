'use strict';

// Modifiers of lists. A value that is no list stays as it is, unless the description says more.

module.exports = {
    g_length: {
        label: 'Length',
        category: ['list', 'text'],
        description: 'Counts the items of a list or the characters of a text; 0 for anything else.',
        returns: { type: 'number' },
        helperFn: function (value) {
            if (typeof value === 'string') return value.length;
            const counted = value !== null && typeof value === 'object' && Object.hasOwn(value, 'length');
            return counted ? value.length : 0;
        }
    },
    g_first: {
        label: 'First item',
        category: ['list'],
        description: 'Takes the first item of a list.',
        returns: { type: 'any' },
        helperFn: function (value) {
            return Array.isArray(value) ? value[0] : value;
        }
    },
    g_last: {
        label: 'Last item',
        category: ['list'],
        description: 'Takes the last item of a list.',
        returns: { type: 'any' },
        helperFn: function (value) {
            return Array.isArray(value) ? value[value.length - 1] : value;
        }
    },
    g_nthIndex: {
        label: 'Item at',
        category: ['list'],
        description: 'Takes the item at an index, counted from 0. Out of range gives the list itself.',
        arguments: [{ name: 'index', type: 'number' }],
        returns: { type: 'any' },
        helperFn: function (value, index, options) {
            const at = options.helpers.asNumber(index);
            return Array.isArray(value) && Number.isInteger(at) && at >= 0 && at < value.length ? value[at] : value;
        }
    },
    g_initial: {
        label: 'First items',
        category: ['list'],
        description: 'Takes so many items from the beginning, one when no number is given.',
        arguments: [{ name: 'number', type: 'number' }],
        returns: { type: 'array' },
        helperFn: function (value, number, options) {
            const count = options.helpers.asNumber(number);
            return Array.isArray(value) ? options.helpers.lodash.take(value, count === undefined ? 1 : count) : value;
        }
    },
    g_tail: {
        label: 'Without first items',
        category: ['list'],
        description: 'Leaves out so many items at the beginning, one when no number is given.',
        arguments: [{ name: 'skip', type: 'number' }],
        returns: { type: 'array' },
        helperFn: function (value, skip, options) {
            const count = options.helpers.asNumber(skip);
            return Array.isArray(value) ? options.helpers.lodash.drop(value, count === undefined ? 1 : count) : value;
        }
    },
    g_reverse: {
        label: 'Reverse',
        category: ['list'],
        description: 'Copies the list in reverse order.',
        returns: { type: 'array' },
        helperFn: function (value) {
            return Array.isArray(value) ? value.slice().reverse() : value;
        }
    },
    g_shuffle: {
        label: 'Shuffle',
        category: ['list'],
        description: 'Copies the list in an order left to chance, the same at every attempt of a message.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            return Array.isArray(value) ? options.helpers.lodash.shuffle(value) : value;
        }
    },
    g_flatten: {
        label: 'Flatten',
        category: ['list'],
        description: 'Unpacks the lists inside a list, one level or all of them.',
        arguments: [{ name: 'deep', type: 'boolean' }],
        returns: { type: 'array' },
        helperFn: function (value, deep, options) {
            if (!Array.isArray(value)) return value;
            return value.flat(options.helpers.isOn(deep) ? Infinity : 1);
        }
    },
    g_sum: {
        label: 'Sum of list',
        category: ['list', 'math'],
        description: 'Adds the numbers of a list; items that are no numbers do not count.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            return Array.isArray(value) ? options.helpers.lodash.sum(options.helpers.asNumbers(value)) : value;
        }
    },
    g_maxList: {
        label: 'Largest of list',
        category: ['list', 'math'],
        description: 'Finds the largest number of a list.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            return Array.isArray(value) ? options.helpers.lodash.max(options.helpers.asNumbers(value)) : value;
        }
    },
    g_minList: {
        label: 'Smallest of list',
        category: ['list', 'math'],
        description: 'Finds the smallest number of a list.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            return Array.isArray(value) ? options.helpers.lodash.min(options.helpers.asNumbers(value)) : value;
        }
    },
    g_avgList: {
        label: 'Average of list',
        category: ['list', 'math'],
        description: 'Finds the mean of the numbers of a list; nothing for a list without numbers.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            if (!Array.isArray(value)) return value;
            const numbers = options.helpers.asNumbers(value);
            return numbers.length === 0 ? undefined : options.helpers.lodash.mean(numbers);
        }
    },
    g_pick: {
        label: 'Pick member',
        category: ['list'],
        description: 'Replaces each item by its member at a path.',
        arguments: [{ name: 'path', type: 'string' }],
        returns: { type: 'array' },
        helperFn: function (value, path, options) {
            if (!Array.isArray(value)) return value;
            return value.map(function (item) {
                return options.helpers.lodash.get(item, path);
            });
        }
    },
    g_map: {
        label: 'Map',
        category: ['list', 'object'],
        description: 'Replaces each item by a template that sees @value, @index and @key.',
        arguments: [{ name: 'predicate', type: 'any', isBlock: true }],
        returns: { type: 'array' },
        helperFn: function (value, predicate, options) {
            if (value === null || typeof value !== 'object' || typeof predicate !== 'function') return value;
            const results = Object.keys(value).map(function (key, index) {
                return predicate({ value: value[key], index: index, key: key });
            });
            return options.helpers.settled(results, function (items) {
                return items;
            });
        }
    },
    g_filterList: {
        label: 'Filter',
        category: ['list'],
        description: 'Keeps the items for which a template that sees @value and @index gives a true value.',
        arguments: [{ name: 'value', type: 'any', isBlock: true }],
        returns: { type: 'array' },
        helperFn: function (value, test, options) {
            if (!Array.isArray(value) || typeof test !== 'function') return value;
            const results = value.map(function (item, index) {
                return test({ value: item, index: index, key: String(index) });
            });
            return options.helpers.settled(results, function (kept) {
                return value.filter(function (item, index) {
                    return kept[index];
                });
            });
        }
    },
    g_each: {
        label: 'Each',
        category: ['list', 'object', 'text'],
        description: 'Writes a template for each item, with @value, @index and @key, into one text.',
        arguments: [{ name: 'iteration', type: 'any', isBlock: true }],
        returns: { type: 'string' },
        helperFn: function (value, iteration, options) {
            if (value === null || typeof value !== 'object' || typeof iteration !== 'function') return value;
            const results = Object.keys(value).map(function (key, index) {
                return iteration({ value: value[key], index: index, key: key });
            });
            return options.helpers.settled(results, function (texts) {
                return texts.map(options.helpers.textOf).join('');
            });
        }
    },
    g_join: {
        label: 'Join',
        category: ['list', 'text'],
        description: 'Writes the items of a list into one text with a separator between them, a comma by default.',
        arguments: [{ name: 'separator', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, separator, options) {
            if (!Array.isArray(value)) return value;
            const between = separator === undefined || separator === null ? ',' : String(separator);
            return value.map(options.helpers.textOf).join(between);
        }
    },
    g_deduplicate: {
        label: 'Remove duplicates',
        category: ['list'],
        description: 'Keeps the first of equal items, or of items that agree in a member.',
        arguments: [{ name: 'property', type: 'string' }],
        returns: { type: 'array' },
        helperFn: function (value, property, options) {
            if (!Array.isArray(value)) return value;
            const whole = property === undefined || property === null || property === '';
            return options.helpers.lodash.uniqBy(value, function (item) {
                const part = whole ? item : options.helpers.lodash.get(item, property);
                if (typeof part === 'string') return 'text:' + part;
                return part !== null && typeof part === 'object' ? 'json:' + JSON.stringify(part) : part;
            });
        }
    }
};

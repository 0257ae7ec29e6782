'use strict';

// Modifiers of numbers. Texts that spell a number count as numbers.

module.exports = {
    g_lessThan: {
        label: 'Less than',
        category: ['number', 'control'],
        description: 'Tells whether the input is less than the second value, or equal when "inclusive" is on.',
        arguments: [{ name: 'second', type: 'number' }, { name: 'inclusive', type: 'boolean', isHash: true }],
        returns: { type: 'boolean' },
        helperFn: function (value, second, options) {
            const a = options.helpers.tryParseFloat(value);
            const b = options.helpers.tryParseFloat(second);
            return options.helpers.isOn(options.hash.inclusive) ? a <= b : a < b;
        }
    },
    g_greaterThan: {
        label: 'Greater than',
        category: ['number', 'control'],
        description: 'Tells whether the input is greater than the second value, or equal when "inclusive" is on.',
        arguments: [{ name: 'second', type: 'number' }, { name: 'inclusive', type: 'boolean', isHash: true }],
        returns: { type: 'boolean' },
        helperFn: function (value, second, options) {
            const a = options.helpers.tryParseFloat(value);
            const b = options.helpers.tryParseFloat(second);
            return options.helpers.isOn(options.hash.inclusive) ? a >= b : a > b;
        }
    },
    g_add: {
        label: 'Add',
        category: ['number', 'math'],
        description: 'Adds two numbers. When one of them is no number, their texts are put together; nothing adds nothing.',
        arguments: [{ name: 'second', type: 'number' }],
        returns: { type: 'number' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asNumber(value);
            const b = options.helpers.asNumber(second);
            if (a !== undefined && b !== undefined) return a + b;
            if (second === undefined || second === null) return value;
            if (value === undefined || value === null) return second;
            return options.helpers.textOf(value) + options.helpers.textOf(second);
        }
    },
    g_sub: {
        label: 'Subtract',
        category: ['number', 'math'],
        description: 'Takes the second number from the input.',
        arguments: [{ name: 'second', type: 'number' }],
        returns: { type: 'number' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asNumber(value);
            const b = options.helpers.asNumber(second);
            return a === undefined || b === undefined ? value : a - b;
        }
    },
    g_mul: {
        label: 'Multiply',
        category: ['number', 'math'],
        description: 'Multiplies the input by the second number.',
        arguments: [{ name: 'second', type: 'number' }],
        returns: { type: 'number' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asNumber(value);
            const b = options.helpers.asNumber(second);
            return a === undefined || b === undefined ? value : a * b;
        }
    },
    g_div: {
        label: 'Divide',
        category: ['number', 'math'],
        description: 'Divides the input by the second number.',
        arguments: [{ name: 'second', type: 'number' }],
        returns: { type: 'number' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asNumber(value);
            const b = options.helpers.asNumber(second);
            return a === undefined || b === undefined ? value : a / b;
        }
    },
    g_mod: {
        label: 'Remainder',
        category: ['number', 'math'],
        description: 'Gives what is left of the input after division by the second number.',
        arguments: [{ name: 'second', type: 'number' }],
        returns: { type: 'number' },
        helperFn: function (value, second, options) {
            const a = options.helpers.asNumber(value);
            const b = options.helpers.asNumber(second);
            return a === undefined || b === undefined ? value : a % b;
        }
    },
    g_max: {
        label: 'Largest',
        category: ['number', 'math'],
        description: 'Finds the largest of the input and the further values.',
        arguments: [{ name: 'values', type: 'number' }],
        variableArguments: true,
        returns: { type: 'number' },
        helperFn: function (value, ...rest) {
            const options = rest.pop();
            return options.helpers.lodash.max(options.helpers.asNumbers([value, ...rest].flat()));
        }
    },
    g_min: {
        label: 'Smallest',
        category: ['number', 'math'],
        description: 'Finds the smallest of the input and the further values.',
        arguments: [{ name: 'values', type: 'number' }],
        variableArguments: true,
        returns: { type: 'number' },
        helperFn: function (value, ...rest) {
            const options = rest.pop();
            return options.helpers.lodash.min(options.helpers.asNumbers([value, ...rest].flat()));
        }
    },
    g_avg: {
        label: 'Average',
        category: ['number', 'math'],
        description: 'Finds the mean of the input and the further values.',
        arguments: [{ name: 'values', type: 'number' }],
        variableArguments: true,
        returns: { type: 'number' },
        helperFn: function (value, ...rest) {
            const options = rest.pop();
            const numbers = options.helpers.asNumbers([value, ...rest].flat());
            return numbers.length === 0 ? undefined : options.helpers.lodash.mean(numbers);
        }
    },
    g_floor: {
        label: 'Round down',
        category: ['number', 'math'],
        description: 'Rounds down to a whole number.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            const number = options.helpers.asNumber(value);
            return number === undefined ? value : Math.floor(number);
        }
    },
    g_ceil: {
        label: 'Round up',
        category: ['number', 'math'],
        description: 'Rounds up to a whole number.',
        returns: { type: 'number' },
        helperFn: function (value, options) {
            const number = options.helpers.asNumber(value);
            return number === undefined ? value : Math.ceil(number);
        }
    }
};

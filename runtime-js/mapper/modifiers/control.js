'use strict';

// Modifiers that decide.

module.exports = {
    g_condition: {
        label: 'Condition',
        category: ['control'],
        description: 'Gives the first value when the input is true, otherwise the second.',
        arguments: [{ name: 'true value', type: 'any' }, { name: 'false value', type: 'any' }],
        returns: { type: 'any' },
        helperFn: function (value, whenTrue, whenFalse) {
            return value ? whenTrue : whenFalse;
        }
    },
    g_equals: {
        label: 'Equals',
        category: ['control'],
        description: 'Compares two values: objects and lists by their content, others loosely, so that 5 equals "5".',
        arguments: [{ name: 'second', type: 'any' }],
        returns: { type: 'boolean' },
        helperFn: function (value, second, options) {
            const both = value !== null && second !== null && typeof value === 'object' && typeof second === 'object';
            // eslint-disable-next-line eqeqeq
            return both ? options.helpers.lodash.isEqual(value, second) : value == second;
        }
    },
    g_not: {
        label: 'Not',
        category: ['control'],
        description: 'Turns true into false and false into true.',
        returns: { type: 'boolean' },
        helperFn: function (value) {
            return !value;
        }
    },
    g_javascript: {
        label: 'JavaScript',
        category: ['control', 'object', 'list', 'text', 'number', 'date'],
        description: 'Runs an expression, a script with "return", or a function. The input is $variable.',
        arguments: [{ name: 'code', type: 'string' }],
        returns: { type: 'any' },
        helperFn: function (value, code, options) {
            return options.helpers.runJavascript(code, value);
        }
    }
};

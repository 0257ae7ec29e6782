'use strict';

const { asText, compare, contains, empty, equal } = require('../comparison');

const MAX_PATTERN = 1000;

const OPERATORS = {
    '=': row => equal(row.input, row.value),
    '!=': row => !equal(row.input, row.value),
    '>': row => compare(row.input, row.value) > 0,
    '>=': row => compare(row.input, row.value) >= 0,
    '<': row => compare(row.input, row.value) < 0,
    '<=': row => compare(row.input, row.value) <= 0,
    empty: row => empty(row.input),
    notEmpty: row => !empty(row.input),
    contains: row => contains(row.input, row.value),
    notContains: row => !contains(row.input, row.value),
    startsWith: row => asText(row.input).startsWith(asText(row.value)),
    endsWith: row => asText(row.input).endsWith(asText(row.value)),
    range: row => (empty(row.rangeMin) || compare(row.input, row.rangeMin) >= 0) &&
        (empty(row.rangeMax) || compare(row.input, row.rangeMax) <= 0),
    regex: (row, context) => pattern(row.regex ?? row.value, context).test(asText(row.input))
};

module.exports = {

    async receive(context) {

        const { expression } = context.messages.in.content;
        if (!Array.isArray(expression.AND) && !Array.isArray(expression.OR)) {
            throw new context.CancelError('expression: add at least one condition.');
        }
        const result = evaluate(expression, context);
        await context.sendJson({ result }, String(result));
    }
};

function evaluate(node, context) {

    if (Array.isArray(node?.AND)) {
        return node.AND.every(child => evaluate(child, context));
    }
    if (Array.isArray(node?.OR)) {
        return node.OR.some(child => evaluate(child, context));
    }
    const operator = node?.operator ?? '=';
    if (!Object.hasOwn(OPERATORS, operator)) {
        throw new context.CancelError(`expression: the operator "${operator}" is not known. Choose one of ${Object.keys(OPERATORS).join(', ')}.`);
    }
    return OPERATORS[operator](node ?? {}, context);
}

function pattern(text, context) {

    if (asText(text).length > MAX_PATTERN) {
        throw new context.CancelError(`expression: a regular expression may have ${MAX_PATTERN} characters at most.`);
    }
    try {
        return new RegExp(asText(text));
    } catch (err) {
        throw new context.CancelError(`expression: ${err.message}.`);
    }
}

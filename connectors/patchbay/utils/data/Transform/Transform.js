'use strict';

const jsonata = require('jsonata');

// An expression that needs more is one that never ends.
const LIMITS = { timeout: 10000, stack: 500 };

module.exports = {

    async receive(context) {

        const { data, expression } = context.messages.in.content;
        const result = await evaluate(context, expression, readData(data));
        // Without a match there is no value; JSON knows null.
        await context.sendJson({ result: result === undefined ? null : result }, 'out');
    }
};

async function evaluate(context, expression, data) {

    try {
        return await jsonata(expression, LIMITS).evaluate(data);
    } catch (err) {
        const where = err.position === undefined ? '' : ` (at character ${err.position})`;
        throw new context.CancelError(`expression: ${err.message}${where}`);
    }
}

function readData(data) {

    if (typeof data !== 'string') {
        return data;
    }
    try {
        return JSON.parse(data);
    } catch (err) {
        return data;
    }
}

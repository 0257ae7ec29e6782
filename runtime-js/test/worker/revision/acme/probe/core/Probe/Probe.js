'use strict';

// Runs the scenario that the message names.
const scenarios = require('./scenarios');

module.exports = {

    receive(context) {
        const message = context.messages.in || context.messages.timeout;
        return scenarios[message.content.scenario](context, message.content);
    },

    async start(context) {
        await context.sendArray(Array.from({ length: 130 }, (_, index) => index), 'out');
    }
};

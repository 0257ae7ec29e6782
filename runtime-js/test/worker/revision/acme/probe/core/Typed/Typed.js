'use strict';

module.exports = {

    receive(context) {
        const port = context.messages.in ? 'in' : 'amount';
        return context.sendJson({ got: context.messages[port].content }, 'out');
    },

    start(context) {
        return context.sendJson({ limit: context.properties.limit }, 'out');
    }
};

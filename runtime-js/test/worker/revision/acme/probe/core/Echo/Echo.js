'use strict';

module.exports = {

    receive(context) {
        return context.sendJson(context.messages.in.content, 'out');
    }
};

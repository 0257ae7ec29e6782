'use strict';

module.exports = {

    async receive(context) {

        const { data = null, indent = 0 } = context.messages.in.content;
        await context.sendJson({ text: JSON.stringify(data, null, indent) }, 'out');
    }
};

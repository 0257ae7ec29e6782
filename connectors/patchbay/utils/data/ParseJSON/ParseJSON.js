'use strict';

module.exports = {

    async receive(context) {

        const { text } = context.messages.in.content;
        // What a variable hands on as data needs no parsing.
        let data = text;
        if (typeof text === 'string') {
            try {
                data = JSON.parse(text.replace(/^\uFEFF/, ''));
            } catch (err) {
                throw new context.CancelError(`text: not valid JSON (${err.message}).`);
            }
        }
        await context.sendJson({ data }, 'out');
    }
};

'use strict';

module.exports = {

    async start(context) {
        await context.sendJson({ started: true }, 'out');
        await context.sendArray([1, 2], 'out');
        await context.saveState({ started: 1 });
    },

    async tick(context) {
        const { known = [] } = context.state;
        await context.sendJson({ elapsed: context.messages.tick.content.elapsed, known }, 'out');
    },

    async receive(context) {
        const { data } = context.messages.webhook.content;
        await context.sendJson({ isBuffer: Buffer.isBuffer(data), text: String(data) }, 'out');
        return context.response(Buffer.from('pong'), 201, { 'content-type': 'text/plain' });
    },

    async signal(context) {
        await context.sendJson(context.signal.content, 'out');
    }
};

'use strict';

module.exports = {

    async receive(context) {

        const { method, data, query, headers, hostname } = context.messages.webhook.content;
        await context.sendJson({
            method,
            data: Buffer.isBuffer(data) ? data.toString('base64') : data,
            query,
            headers,
            hostname
        }, 'out');
        if (context.properties.immediateResponse) {
            // After the message is safe: who gets the 200 may rely on it.
            await context.response({}, 200);
        }
    }
};

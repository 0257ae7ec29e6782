'use strict';

module.exports = {

    async start(context) {

        await context.store.registerWebhook(context.properties.storeId, ['insert']);
    },

    async stop(context) {

        await context.store.unregisterWebhook(context.properties.storeId);
    },

    async receive(context) {

        const { type, currentValue } = context.messages.webhook.content.data ?? {};
        if (type === 'insert' && currentValue) {
            const { storeId, key, value, createdAt, updatedAt } = currentValue;
            await context.sendJson({ storeId, key, value, createdAt, updatedAt }, 'out');
        }
        await context.response();
    }
};

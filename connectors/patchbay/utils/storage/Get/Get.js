'use strict';

module.exports = {

    async receive(context) {

        const { storeId, key } = context.messages.in.content;
        const record = await context.store.get(storeId, key);
        if (!record) {
            return context.sendJson({ storeId, key }, 'notFound');
        }
        const { value, createdAt, updatedAt } = record;
        await context.sendJson({ storeId, key, value, createdAt, updatedAt }, 'out');
    }
};

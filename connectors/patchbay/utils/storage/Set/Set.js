'use strict';

module.exports = {

    async receive(context) {

        const { storeId, key, value = null } = context.messages.in.content;
        const record = await context.store.set(storeId, key, value);
        await context.sendJson({ storeId, key, value, createdAt: record?.createdAt, updatedAt: record?.updatedAt }, 'out');
    }
};

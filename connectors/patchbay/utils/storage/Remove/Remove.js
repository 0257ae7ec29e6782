'use strict';

module.exports = {

    async receive(context) {

        const { storeId, key } = context.messages.in.content;
        await context.store.remove(storeId, key);
        await context.sendJson({ storeId, key }, 'out');
    }
};

'use strict';

module.exports = {

    async receive(context) {

        const { storeId } = context.messages.in.content;
        await context.store.clear(storeId);
        await context.sendJson({ storeId }, 'out');
    }
};

'use strict';

module.exports = {

    async receive(context) {

        await context.sendJson({ stores: await context.store.listStores() }, 'out');
    },

    toSelectArray({ stores }) {

        return stores.map(({ storeId, name }) => ({ label: name, value: storeId }));
    }
};

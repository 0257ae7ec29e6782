'use strict';

module.exports = {

    async receive(context) {
        if (context.properties.readState) {
            return context.sendJson(context.state, 'out');
        }
        await context.sendJson({ items: ['a', 'b'], from: context.componentId }, 'out');
        await context.sendJson(1, 'pair');
        await context.sendJson(2, 'pair');
    },

    toSelectArray({ items }) {
        return items.map(item => ({ label: item.toUpperCase(), value: item }));
    }
};

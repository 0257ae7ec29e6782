'use strict';

const matches = require('./pattern');

const PAGE = 500;

module.exports = {

    async receive(context) {

        const { storeId, pattern, limit = 100, offset = 0 } = context.messages.in.content;
        const records = pattern
            ? await findMatching(context.store, storeId, pattern, limit, offset)
            : await context.store.find(storeId, { query: {}, limit, offset });
        const items = records.map(({ key, value, createdAt, updatedAt }) => ({ key, value, createdAt, updatedAt }));
        await context.sendJson({ items, count: items.length }, 'out');
    }
};

/** Compares here, page by page, because engines differ in what a pattern means to them. */
async function findMatching(store, storeId, pattern, limit, offset) {

    const found = [];
    for (let at = 0; found.length < offset + limit; at += PAGE) {
        const page = await store.find(storeId, { query: {}, limit: PAGE, offset: at });
        found.push(...page.filter(({ key }) => matches(pattern, key)));
        if (page.length < PAGE) {
            break;
        }
    }
    return found.slice(offset, offset + limit);
}

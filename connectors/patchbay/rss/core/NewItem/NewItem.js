'use strict';

const fetchFeed = require('../../fetch_feed');

// Ids of items that have left the feed are kept too, since feeds take items out and back in.
const MAX_KNOWN = 5000;

module.exports = {

    async tick(context) {

        let lock;
        try {
            lock = await context.lock(`new-item:${context.flowId}:${context.componentId}`, { maxRetryCount: 0, ttl: 120000 });
        } catch (err) {
            if (err.name === 'LockError') {
                // The last look is not finished yet.
                return;
            }
            throw err;
        }
        try {
            await look(context);
        } finally {
            await lock.unlock();
        }
    }
};

async function look(context) {

    const { url, existing } = context.properties;
    const state = await context.loadState();
    const feed = await fetchFeed(context, url, state.url === url ? state : {});
    if (!feed) {
        return;
    }
    const first = !state.known || state.url !== url;
    const known = new Set(first ? [] : state.known);
    if (!first || existing) {
        for (const item of newItems(feed.items, known)) {
            await context.sendJson(item, 'out');
        }
    }
    await context.saveState({
        url,
        etag: feed.etag,
        lastModified: feed.lastModified,
        known: remembered(known, feed.items)
    });
}

/** Oldest first: by date when every item has one, else from the bottom of the feed up. */
function newItems(items, known) {

    const seen = new Set(known);
    const added = items.filter(({ id }) => !seen.has(id) && seen.add(id)).reverse();
    return added.every(({ published }) => published)
        ? added.sort((a, b) => a.published.localeCompare(b.published))
        : added;
}

/** Known ids, the ones of the feed as it is now last, so that the oldest are dropped first. */
function remembered(known, items) {

    const current = new Set(items.map(({ id }) => id));
    const gone = [...known].filter(id => !current.has(id));
    const room = Math.max(0, MAX_KNOWN - current.size);
    return [...(room ? gone.slice(-room) : []), ...current];
}

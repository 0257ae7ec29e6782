'use strict';

const fetchFeed = require('../../fetch_feed');

module.exports = {

    async receive(context) {

        const { url, limit } = context.messages.in.content;
        const { title, link, description, items } = await fetchFeed(context, url);
        const wanted = items.slice(0, limit);
        await context.sendJson({ title, link, description, items: wanted, count: wanted.length }, 'out');
    }
};

'use strict';

const Group = require('./group');

const DEFAULT_TIMEOUT_S = 3600;
const LOCK = { ttl: 60000, retryDelay: 50, maxRetryCount: 200 };

module.exports = {

    async receive(context) {

        const arrived = context.messages.timeout ? null : arrival(context);
        const group = new Group(context, arrived ? arrived.correlationId : context.messages.timeout.content.group);
        const lock = await context.lock(`${context.flowId}:${group.key}`, LOCK);
        try {
            if (arrived) {
                await arrive(context, group, arrived);
            } else {
                await expire(context, group, context.messages.timeout.content.round);
            }
        } finally {
            await lock.unlock();
        }
    }
};

function arrival(context) {

    const message = context.messages.in;
    const { count = 0, correlationId, item, index, timeout } = message.content ?? {};
    return {
        id: context.id ?? null,
        link: lastLink(context),
        item: item === undefined ? (message.originalContent ?? message.content) : item,
        index,
        count,
        correlationId: correlationId || message.correlationId || 'all',
        timeoutMs: (timeout || DEFAULT_TIMEOUT_S) * 1000
    };
}

/** The link this message came through, when the engine tells. */
function lastLink(context) {

    const steps = (context.messages.in.scope ?? context.scope)?._walkthrough ?? [];
    const link = steps.at(-1)?.targetId === context.componentId ? steps.at(-1).links?.[0] : undefined;
    return link ? `${link.sourceId}:${link.sourceOut}` : null;
}

/** Links to the port `in` as "componentId:port". */
function links(context) {

    const sources = context.flowDescriptor?.[context.componentId]?.source?.in ?? {};
    return Object.entries(sources).flatMap(([id, ports]) => [].concat(ports).map(port => `${id}:${port}`));
}

async function arrive(context, group, arrived) {

    await group.load();
    const completed = await group.completedBy(arrived.id);
    if (!await group.has(arrived.id)) {
        if (completed) {
            return;
        }
        await group.add(arrived);
    }
    const ready = group.expected ? group.oldest(group.expected) : group.oldestOfEach(links(context));
    if (ready) {
        const entries = await group.read(ready);
        if (!completed) {
            await context.sendJson(output(group.correlationId, entries), 'out');
        }
        await group.finish(ready, entries, arrived.id);
    }
}

async function expire(context, group, round) {

    await group.load();
    if (group.round !== round) {
        return;
    }
    const waiting = group.waiting;
    const entries = await group.read(waiting);
    const expected = group.expected || links(context).length;
    await context.sendJson({ ...output(group.correlationId, entries), expected }, 'timeout');
    await group.finish(waiting, entries, null);
}

function output(correlationId, entries) {

    const sorted = entries.every(entry => typeof entry.index === 'number')
        ? [...entries].sort((a, b) => a.index - b.index)
        : entries;
    return { items: sorted.map(entry => entry.item), count: sorted.length, correlationId };
}

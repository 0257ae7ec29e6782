'use strict';

const DEFAULT_LIMIT = 100;
const MAX_IDS = 1000;

module.exports = {

    async start(context) {

        // Errors of before the start belong to an earlier run.
        await context.saveState({ since: new Date().toISOString(), seen: [] });
    },

    async tick(context) {

        let lock;
        try {
            lock = await context.lock(`on-error:${context.flowId}:${context.componentId}`, { maxRetryCount: 0, ttl: 60000 });
        } catch (err) {
            if (err.name === 'LockError') {
                return;
            }
            throw err;
        }
        try {
            await poll(context);
        } finally {
            await lock.unlock();
        }
    }
};

async function poll(context) {

    const state = await context.loadState();
    const since = state.since ?? new Date().toISOString();
    const seen = new Set(state.seen ?? []);
    const hits = await newErrors(context, since, seen);
    for (const hit of hits) {
        // Errors of this component would feed themselves.
        if (!seen.has(hit._id) && hit.componentId && hit.componentId !== context.componentId) {
            await context.sendJson(message(context, hit), 'out');
        }
        seen.add(hit._id);
    }
    const last = hits.at(-1)?.gridTimestamp ?? since;
    await context.saveState({ since: last, seen: [...seen].slice(-MAX_IDS) });
}

/**
 * Oldest first. Errors of the very instant of the last look come again; their ids tell them
 * apart, and a page that holds nothing else is skipped.
 */
async function newErrors(context, since, seen) {

    const size = context.properties.limit || DEFAULT_LIMIT;
    for (let from = 0; ; from += size) {
        const answer = await context.callAppmixer({
            endPoint: '/logs',
            method: 'GET',
            qs: {
                flowId: context.flowId,
                query: `severity:error AND gridTimestamp:["${since}" TO *]`,
                sort: 'gridTimestamp:asc',
                from,
                size
            }
        });
        const hits = (answer?.hits ?? []).map(hit => (hit._source ? { _id: hit._id, ...hit._source } : hit));
        if (hits.length < size || hits.some(hit => !seen.has(hit._id))) {
            return hits;
        }
    }
}

function message(context, hit) {

    return {
        gridTimestamp: hit.gridTimestamp,
        msg: typeof hit.msg === 'string' ? hit.msg : JSON.stringify(hit.msg),
        err: hit.err,
        componentId: hit.componentId,
        componentType: hit.componentType,
        componentLabel: context.flowDescriptor?.[hit.componentId]?.label ?? null,
        flowId: context.flowId,
        correlationId: hit.correlationId
    };
}

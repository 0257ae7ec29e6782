'use strict';

// A small stand-in for the helper library that older connectors name in package.json.

// Fetches page after page and gathers them:
//   fetchPage(args, offset, count) → chunk; gather(accumulator, chunk, offset, count) → accumulator;
//   nextOffset(accumulator, chunk, offset, count) → offset of the next page, -1 at the end.
class PagingAggregator {

    constructor(fetchPage, gather, nextOffset) {
        for (const step of [fetchPage, gather, nextOffset]) {
            if (typeof step !== 'function') {
                throw new TypeError('PagingAggregator needs three functions');
            }
        }
        this._fetchPage = fetchPage;
        this._gather = gather;
        this._nextOffset = nextOffset;
    }

    async fetch(args, offset, count, accumulator = []) {
        let gathered = accumulator;
        let at = offset;
        while (at !== -1) {
            const chunk = await this._fetchPage(args, at, count);
            gathered = await this._gather(gathered, chunk, at, count);
            at = await this._nextOffset(gathered, chunk, at, count);
        }
        return gathered;
    }
}

class HttpError extends Error {

    constructor(message, statusCode, data) {
        super(message);
        this.name = 'HttpError';
        this.statusCode = statusCode;
        this.data = data;
    }

    // Any error that carries a status, as an HttpError.
    static returnHttpError(err) {
        return err instanceof HttpError ? err : new HttpError(err.message, err.statusCode || err.status || 500, err.data ?? err.error);
    }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// What is new or changed in a list since `previousState`, which an earlier call gave as `newState`:
//   {changes: [{state: 'new' | 'changed', item, oldItem?}], newState: [{id, observed}]}
// mappingFunction(item) → what to watch of it, all by default; includeOldData: `oldItem` is what was watched before.
function checkListForChanges(items, previousState, idField, { mappingFunction = item => item, includeOldData = false } = {}) {
    const before = new Map((previousState || []).map(({ id, observed }) => [id, observed]));
    const newState = items.map(item => ({ id: item[idField], observed: mappingFunction(item) }));
    const changes = items.flatMap((item, index) => {
        const { id, observed } = newState[index];
        if (!before.has(id)) {
            return [{ state: 'new', item }];
        }
        return same(before.get(id), observed) ? [] : [{ state: 'changed', item, ...(includeOldData ? { oldItem: before.get(id) } : {}) }];
    });
    return { changes, newState };
}

module.exports = { util: { PagingAggregator, HttpError, component: { checkListForChanges } } };

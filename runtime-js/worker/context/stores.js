'use strict';

// store: the data stores of the flow's owner.

const { lazy } = require('./members');

const kCursorPage = 100;

// Reads records page by page; also an async iterator.
class Cursor {

    constructor(call, storeId, query, options) {
        this._call = call;
        this._args = { storeId, query: query || {}, sort: options && options.sort };
        this._skip = Number(options && options.offset) || 0;
        this._page = [];
        this._ended = false;
    }

    async next() {
        if (this._page.length === 0 && !this._ended) {
            this._page = await this._call.ask('storeFind', { ...this._args, limit: kCursorPage, offset: this._skip });
            this._skip += this._page.length;
            this._ended = this._page.length < kCursorPage;
        }
        return this._page.length > 0 ? this._page.shift() : null;
    }

    async count() {
        return (await this._call.ask('storeCount', { storeId: this._args.storeId, query: this._args.query })).count;
    }

    async close() {
        this._ended = true;
        this._page = [];
    }

    async* [Symbol.asyncIterator]() {
        for (let record = await this.next(); record !== null; record = await this.next()) {
            yield record;
        }
    }
}

function findArguments(storeId, wanted) {
    if (typeof wanted === 'string') {
        return { storeId, pattern: wanted };
    }
    const { pattern, query, limit, offset, sort } = wanted || {};
    return { storeId, pattern, query, limit, offset, sort };
}

class Stores {

    constructor(call) {
        this.get = (storeId, key) => call.ask('storeGet', { storeId, key });
        this.set = (storeId, key, value) => call.tell('storeSet', { storeId, key, value: value === undefined ? null : value });
        this.remove = (storeId, key) => call.tell('storeRemove', { storeId, key });
        this.clear = storeId => call.tell('storeClear', { storeId });
        this.find = (storeId, wanted) => call.ask('storeFind', findArguments(storeId, wanted));
        this.count = async (storeId, query) => (await call.ask('storeCount', { storeId, query })).count;
        this.listStores = () => call.ask('storeList', {});
        this.getCursor = (storeId, query, options) => new Cursor(call, storeId, query, options);
        this.registerWebhook = (storeId, events) => call.tell('storeRegisterWebhook', { storeId, events });
        this.unregisterWebhook = storeId => call.tell('storeUnregisterWebhook', { storeId });
    }
}

module.exports = proto => lazy(proto, 'store', call => new Stores(call));

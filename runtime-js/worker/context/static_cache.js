'use strict';

// staticCache: JSON values with a time to live, shared by the calls of one flow.

const { lazy } = require('./members');

class StaticCache {

    constructor(call) {
        this.get = async key => {
            const { found, value } = await call.ask('cacheGet', { key: String(key) });
            return found ? value : undefined;
        };
        this.set = async (key, value, ttl) => {
            const milliseconds = Number(ttl);
            const kept = value === undefined ? null : value;
            await call.ask('cacheSet', { key: String(key), value: kept, ttl: milliseconds > 0 ? milliseconds : undefined });
        };
        this.remove = async key => {
            await call.ask('cacheRemove', { key: String(key) });
        };
    }
}

module.exports = proto => lazy(proto, 'staticCache', call => new StaticCache(call));

'use strict';

// context.db: the plugin's collections, models on them, and views of the engine's data.

const { Collection } = require('./collection');
const { CoreCollection } = require('./core_collection');
const { createModel } = require('./model');
const { queryBuilder } = require('./query_builder');

function createDatabase(plugin) {
    const ask = (op, args) => plugin.call.ask(op, args);
    const collections = new Map();
    const database = {
        // One object per name, which keeps the order of its writes.
        collection(name) {
            if (typeof name !== 'string' || name === '') {
                throw new TypeError('A collection needs a name');
            }
            if (!collections.has(name)) {
                collections.set(name, new Collection(database, ask, name));
            }
            return collections.get(name);
        },
        coreCollection: name => new CoreCollection(database, ask, String(name)),
        queryBuilder
    };
    database.Model = createModel(database);
    return database;
}

module.exports = { createDatabase };

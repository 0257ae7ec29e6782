'use strict';

// What can be asked of any collection, the plugin's own or a view of the engine's data.

const { aggregate } = require('./aggregation');
const { Cursor } = require('./cursor');
const { Filter } = require('./filter');

class Readable {

    // database: opens the collections that an aggregation names. A subclass has rows(filter): pages of rows that hold all that match.
    constructor(database, name) {
        this.collectionName = name;
        this._database = database;
    }

    find(query, options) {
        return this._cursor(this._filter(query), options);
    }

    async findOne(query, options) {
        return this._cursor(this._filter(query), { ...options, limit: 1 }).next();
    }

    async countDocuments(query) {
        let count = 0;
        for await (const ignored of this._cursor(this._filter(query))) {
            count += 1;
        }
        return count;
    }

    async estimatedDocumentCount() {
        return this.countDocuments({});
    }

    async distinct(field, query) {
        const groups = await this.aggregate([{ $match: query ?? {} }, { $unwind: `$${field}` }, { $group: { _id: `$${field}` } }]).toArray();
        return groups.map(group => group._id);
    }

    aggregate(pipeline) {
        return aggregate(this._database, this, pipeline);
    }

    // Collections have no indexes to make.
    async createIndex(spec) {
        return Object.entries(spec ?? {}).flat().join('_');
    }

    _filter(query, likelyId) {
        return new Filter(query, likelyId);
    }

    _cursor(filter, options) {
        return new Cursor(wanted => this.rows(wanted), filter, options);
    }
}

module.exports = { Readable };

'use strict';

// A view of the engine's own data (`db.coreCollection`). Ids in it are texts. It cannot be written; a view the engine lacks is empty.

const { Filter } = require('./filter');
const { pages } = require('./pages');
const { plainQuery, ObjectId } = require('./values');
const { Readable } = require('./readable');

// The fields by which the engine chooses.
const kTextFields = {
    flows: ['flowId', 'userId', 'stage', 'name'],
    accounts: ['_id', 'accountId', 'userId', 'service'],
    accountComponent: ['accountId', 'componentId', 'flowId'],
    serviceState: ['key']
};

const kWrites = ['insertOne', 'insertMany', 'updateOne', 'updateMany', 'replaceOne', 'deleteOne', 'deleteMany', 'bulkWrite', 'drop'];

class CoreCollection extends Readable {

    constructor(database, ask, name) {
        super(database, name);
        this._ask = ask;
    }

    async* rows(filter) {
        const fields = Object.hasOwn(kTextFields, this.collectionName) ? kTextFields[this.collectionName] : null;
        if (fields !== null) {
            yield* pages(this._ask, 'coreRead', { view: this.collectionName, equal: filter.equalTexts(fields) });
        }
    }

    _filter(query) {
        return new Filter(withTextIds(plainQuery(query)));
    }
}

for (const name of kWrites) {
    CoreCollection.prototype[name] = async function refuse() {
        throw new Error(`${name} is not possible: ${this.collectionName} is the engine's, and plugins only read it`);
    };
}

function withTextIds(value) {
    if (value instanceof ObjectId) {
        return value.toHexString();
    }
    if (Array.isArray(value)) {
        return value.map(withTextIds);
    }
    const isPlain = value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
    return isPlain ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTextIds(member)])) : value;
}

module.exports = { CoreCollection };

'use strict';

// A collection of the plugin's own, with the calls of the field's database driver.
//
// Order: writes to one collection run one after the other; reads do not wait for them.

const { Readable } = require('./readable');
const { Writes, plainUpdate, plainDocument } = require('./writes');
const { pages, rowOf } = require('./pages');

class Collection extends Readable {

    constructor(database, ask, name) {
        super(database, name);
        this._ask = ask;
        this._lastWrite = Promise.resolve();
    }

    async* rows(filter) {
        const row = filter.likelyId === null ? null : await this.rowOf(filter.likelyId);
        if (row !== null && filter.test(row.document)) {
            yield [row];
            return;
        }
        yield* this.pages();
    }

    async insertOne(document) {
        const { insertedIds } = await this._write([{ insert: plainDocument(document) }]);
        return { acknowledged: true, insertedId: insertedIds[0] };
    }

    async insertMany(documents) {
        const { insertedIds, insertedCount } = await this._write(documents.map(document => ({ insert: plainDocument(document) })));
        return { acknowledged: true, insertedCount, insertedIds };
    }

    async updateOne(query, update, options) {
        return updateResult(await this._write([this._update(query, update, options, false)]));
    }

    async updateMany(query, update, options) {
        return updateResult(await this._write([this._update(query, update, options, true)]));
    }

    async replaceOne(query, document, options) {
        return updateResult(await this._write([this._replace(query, document, options)]));
    }

    async deleteOne(query) {
        const { deletedCount } = await this._write([{ remove: true, filter: this._filter(query), many: false }]);
        return { acknowledged: true, deletedCount };
    }

    async deleteMany(query) {
        const { deletedCount } = await this._write([{ remove: true, filter: this._filter(query), many: true }]);
        return { acknowledged: true, deletedCount };
    }

    // operations: `[{updateOne: {filter, update, upsert?}}, …]`, in order.
    async bulkWrite(operations) {
        return { ok: 1, ...await this._write(operations.map(operation => this._bulkOperation(operation))) };
    }

    async drop() {
        await this._inTurn(() => this._ask('documentsDrop', { collection: this.collectionName }));
        return true;
    }

    // Documents known by one property, whose text they are kept under where `saveKept` made them.

    async findKept(property, value) {
        return isNothing(value) ? null : this._cursor(this._keptFilter(property, value), { limit: 1 }).next();
    }

    async saveKept(property, value, update) {
        const changes = { ...plainUpdate(update), $setOnInsert: { _id: String(value) } };
        await this._write([{ filter: this._keptFilter(property, value), update: changes, upsert: true }]);
    }

    async deleteKept(property, value) {
        if (isNothing(value)) {
            return { acknowledged: true, deletedCount: 0 };
        }
        const { deletedCount } = await this._write([{ remove: true, filter: this._keptFilter(property, value), many: false }]);
        return { acknowledged: true, deletedCount };
    }

    _keptFilter(property, value) {
        return this._filter({ [property]: value }, String(value));
    }

    // For `$out`.
    async replaceAll(documents) {
        await this._inTurn(async () => {
            await this._ask('documentsDrop', { collection: this.collectionName });
            await new Writes(this, documents.map(document => ({ insert: plainDocument(document) }))).run();
        });
    }

    _bulkOperation(operation) {
        const [[kind, { filter, update, replacement, document, ...options }]] = Object.entries(operation);
        switch (kind) {
        case 'insertOne': return { insert: plainDocument(document) };
        case 'updateOne': return this._update(filter, update, options, false);
        case 'updateMany': return this._update(filter, update, options, true);
        case 'replaceOne': return this._replace(filter, replacement, options);
        case 'deleteOne': return { remove: true, filter: this._filter(filter), many: false };
        case 'deleteMany': return { remove: true, filter: this._filter(filter), many: true };
        default: throw new TypeError(`bulkWrite knows no operation ${kind}`);
        }
    }

    _update(query, update, options, many) {
        return { filter: this._filter(query), update: plainUpdate(update), many, upsert: options?.upsert === true };
    }

    _replace(query, document, options) {
        return { filter: this._filter(query), replace: plainDocument(document), upsert: options?.upsert === true };
    }

    _write(writes) {
        return this._inTurn(() => new Writes(this, writes).run());
    }

    _inTurn(work) {
        const done = this._lastWrite.then(work);
        this._lastWrite = done.catch(() => undefined);
        return done;
    }

    // What Writes asks of its store.

    pages() {
        return pages(this._ask, 'documentsRead', { collection: this.collectionName });
    }

    rowOf(id) {
        return rowOf(this._ask, 'documentsRead', { collection: this.collectionName }, id);
    }

    write(put, remove) {
        return this._ask('documentsWrite', { collection: this.collectionName, put, remove });
    }
}

function isNothing(value) {
    return value === undefined || value === null || value === '';
}

function updateResult({ matchedCount, modifiedCount, upsertedCount, upsertedIds }) {
    return { acknowledged: true, matchedCount, modifiedCount, upsertedCount, upsertedId: upsertedIds[0] ?? null };
}

module.exports = { Collection };

'use strict';

// A list of writes to one collection, applied in order to the documents they mean and told to the engine in as few calls as it takes.
//
// Memory: the documents that any of the writes' filters matches. A document that matches none of them cannot be changed by them.
// Delivery: one call of the engine is all or nothing; more than kBatchBytes take several.

const { plainValue, plainQuery, encode, idText, ObjectId } = require('./values');
const { updated } = require('./query_language');

const kBatchBytes = 4 * 1024 * 1024;
const kBatchCount = 1000;

// Writes: {insert: document} · {update | replace, filter, many?, upsert?} · {remove: true, filter, many?}.
class Writes {

    // store: {pages(), rowOf(id), write(put, remove)} of the collection.
    constructor(store, writes) {
        this._store = store;
        this._writes = writes;
        this._rows = new Map();
        this.result = { insertedIds: {}, insertedCount: 0, matchedCount: 0, modifiedCount: 0, deletedCount: 0, upsertedIds: {}, upsertedCount: 0 };
    }

    async run() {
        await this._gather();
        this._writes.forEach((write, index) => this._apply(write, index));
        await this._tell();
        return this.result;
    }

    // Takes in every document that one of the writes may touch.
    async _gather() {
        let filters = this._writes.filter(write => write.filter).map(write => write.filter);
        for (const id of this._idsToTest()) {
            this._take(await this._store.rowOf(id), () => true);
        }
        filters = filters.filter(filter => !this._isFoundById(filter));
        const single = this._writes.length === 1 && !this._writes[0].many;
        if (filters.length === 0) {
            return;
        }
        for await (const page of this._store.pages()) {
            for (const row of page) {
                if (this._take(row, document => filters.some(filter => filter.test(document))) && single) {
                    return;
                }
            }
        }
    }

    // Ids that may be kept already: those named by inserts, and those filters most likely mean.
    _idsToTest() {
        const ids = this._writes.map(({ insert, filter }) => {
            const named = insert?._id ?? null;
            return named === null ? filter?.likelyId ?? null : idText(named);
        });
        return new Set(ids.filter(id => id !== null));
    }

    // By its id a filter finds all it can mean, provided that no other document can match.
    _isFoundById(filter) {
        const row = filter.likelyId === null ? undefined : this._rows.get(filter.likelyId);
        return row !== undefined && filter.test(row.document);
    }

    _take(row, isMeant) {
        if (row === null || this._rows.has(row.id) || !isMeant(row.document)) {
            return false;
        }
        this._rows.set(row.id, { id: row.id, document: row.document, before: JSON.stringify(encode(row.document)) });
        return true;
    }

    _apply(write, index) {
        if (write.insert) {
            this.result.insertedIds[index] = this._insert(write.insert);
            this.result.insertedCount += 1;
            return;
        }
        const met = this._matching(write);
        if (write.remove) {
            met.forEach(row => {
                row.document = null;
            });
            this.result.deletedCount += met.length;
        } else if (met.length > 0) {
            this.result.matchedCount += met.length;
            met.forEach(row => this._change(row, write));
        } else if (write.upsert) {
            this.result.upsertedIds[index] = this._insert(upsertedDocument(write));
            this.result.upsertedCount += 1;
        }
    }

    _matching({ filter, many }) {
        const met = [];
        for (const row of this._rows.values()) {
            if (row.document !== null && filter.test(row.document)) {
                met.push(row);
                if (!many) {
                    break;
                }
            }
        }
        return met;
    }

    _insert(document) {
        const withId = document._id === undefined ? { _id: new ObjectId(), ...document } : document;
        const id = idText(withId._id);
        const held = this._rows.get(id);
        if (held && held.document !== null) {
            throw Object.assign(new Error(`E11000 duplicate key error: a document with the _id ${id} exists already`), { code: 11000 });
        }
        this._rows.set(id, { id, document: withId, before: held?.before ?? null });
        return withId._id;
    }

    _change(row, write) {
        const before = JSON.stringify(encode(row.document));
        const document = changed(row.document, write);
        if (document._id !== undefined && idText(document._id) !== row.id) {
            throw new Error('The _id of a document cannot be changed');
        }
        row.document = document;
        this.result.modifiedCount += JSON.stringify(encode(document)) === before ? 0 : 1;
    }

    async _tell() {
        let batch = { put: [], remove: [], bytes: 0 };
        for (const { id, document, before } of this._rows.values()) {
            const encoded = document === null ? null : encode(document);
            const text = document === null ? null : JSON.stringify(encoded);
            if (text === before) {
                continue;
            }
            const bytes = text === null ? id.length : Buffer.byteLength(text);
            if (batch.bytes > 0 && (batch.bytes + bytes > kBatchBytes || batch.put.length + batch.remove.length >= kBatchCount)) {
                await this._store.write(batch.put, batch.remove);
                batch = { put: [], remove: [], bytes: 0 };
            }
            batch.bytes += bytes;
            if (encoded === null) {
                batch.remove.push(id);
            } else {
                batch.put.push({ id, document: encoded });
            }
        }
        if (batch.put.length + batch.remove.length > 0) {
            await this._store.write(batch.put, batch.remove);
        }
    }
}

function changed(document, { replace, update }) {
    if (replace) {
        return { _id: document._id, ...replace };
    }
    if (Array.isArray(update)) {
        return updated(document, update);
    }
    const { $setOnInsert: ignored, ...operators } = update;
    return Object.keys(operators).length > 0 ? updated(document, operators) : document;
}

// What an upsert begins with: the fields its filter asks to be equal.
function upsertedDocument({ filter, replace, update }) {
    const equal = {};
    for (const [key, value] of Object.entries(filter.query)) {
        if (!key.startsWith('$') && !(value instanceof RegExp)) {
            const wanted = value !== null && typeof value === 'object' && '$eq' in value ? value.$eq : value;
            if (!hasOperators(wanted)) {
                equal[key] = wanted;
            }
        }
    }
    if (replace) {
        return { ...(equal._id === undefined ? {} : { _id: equal._id }), ...replace };
    }
    const { _id = update.$setOnInsert?._id, ...others } = equal;
    const start = _id === undefined ? {} : { _id };
    if (Object.keys(others).length > 0) {
        updated(start, { $set: others });
    }
    if (Array.isArray(update)) {
        return updated(start, update);
    }
    const { $setOnInsert = {}, ...operators } = update;
    const { _id: ignored, ...inserted } = $setOnInsert;
    const first = Object.keys(inserted).length > 0 ? updated(start, { $set: inserted }) : start;
    return Object.keys(operators).length > 0 ? updated(first, operators) : first;
}

function hasOperators(value) {
    return value !== null && typeof value === 'object' && Object.keys(value).some(key => key.startsWith('$'));
}

// An update must say what to change; a whole document is a replacement.
function plainUpdate(update) {
    const plain = plainQuery(update);
    const isUpdate = Array.isArray(plain) || (typeof plain === 'object' && Object.keys(plain).every(key => key.startsWith('$')));
    if (!isUpdate || Object.keys(plain).length === 0) {
        throw new TypeError('An update needs operators such as $set; use replaceOne to replace a whole document');
    }
    return plain;
}

function plainDocument(document) {
    const plain = plainValue(document);
    if (plain === null || typeof plain !== 'object' || Array.isArray(plain)) {
        throw new TypeError('A document must be an object');
    }
    return plain;
}

module.exports = { Writes, plainUpdate, plainDocument };

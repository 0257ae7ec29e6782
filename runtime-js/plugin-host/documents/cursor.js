'use strict';

// What `find` gives: the documents of a query, one after the other. Unless they are sorted, they are read as they are asked for.

const { plainQuery } = require('./values');
const { project, sorted } = require('./query_language');

class Cursor {

    // rows(filter): pages of rows to choose from.
    constructor(rows, filter, { projection, sort, skip, limit } = {}) {
        this._rows = rows;
        this._filter = filter;
        this._projection = null;
        this._sort = null;
        this._skip = 0;
        this._limit = Infinity;
        this._documents = null;
        this._ahead = null;
        this.project(projection).sort(sort).skip(skip).limit(limit);
    }

    project(projection) {
        this._projection = projection ? plainQuery(projection) : null;
        return this;
    }

    // order: `{field: 1 or -1}`, or a field and its direction.
    sort(order, direction = 1) {
        this._sort = order ? orderOf(order, direction) : null;
        return this;
    }

    skip(count) {
        this._skip = count > 0 ? Math.floor(count) : 0;
        return this;
    }

    // 0 means all.
    limit(count) {
        this._limit = count > 0 ? Math.floor(count) : Infinity;
        return this;
    }

    async next() {
        const { done, value } = this._ahead ?? await this._step();
        this._ahead = null;
        return done ? null : value;
    }

    async hasNext() {
        this._ahead ??= await this._step();
        return !this._ahead.done;
    }

    async toArray() {
        const out = [];
        for await (const document of this) {
            out.push(document);
        }
        return out;
    }

    async forEach(visit) {
        for await (const document of this) {
            if (visit(document) === false) {
                return;
            }
        }
    }

    async close() {
        this._ahead = { done: true };
        await this._documents?.return();
    }

    async* [Symbol.asyncIterator]() {
        while (await this.hasNext()) {
            yield await this.next();
        }
    }

    _step() {
        this._documents ??= this._read();
        return this._documents.next();
    }

    async* _read() {
        let toSkip = this._skip;
        let left = this._limit;
        for await (const document of this._inOrder()) {
            if (toSkip > 0) {
                toSkip -= 1;
                continue;
            }
            yield project(document, this._projection);
            left -= 1;
            if (left <= 0) {
                return;
            }
        }
    }

    async* _inOrder() {
        if (this._sort) {
            const all = [];
            for await (const document of this._matching()) {
                all.push(document);
            }
            yield* sorted(all, this._sort);
        } else {
            yield* this._matching();
        }
    }

    async* _matching() {
        for await (const page of this._rows(this._filter)) {
            for (const { document } of page) {
                if (this._filter.test(document)) {
                    yield document;
                }
            }
        }
    }
}

function orderOf(order, direction) {
    const pairs = typeof order === 'string' ? [[order, direction]] : order instanceof Map ? [...order] : Object.entries(order);
    return Object.fromEntries(pairs.map(([field, way]) => [field, way === -1 || way === '-1' || way === 'desc' || way === 'descending' ? -1 : 1]));
}

module.exports = { Cursor };

'use strict';

// Which documents a query means. What it asks to be equal is tested first, which spares most documents the whole query.

const { plainQuery, idText, ObjectId } = require('./values');
const { Query } = require('./query_language');

class Filter {

    // likelyId: the id a document that matches is most likely kept under, where the caller knows.
    constructor(query, likelyId = null) {
        this.query = plainQuery(query);
        if (Array.isArray(this.query) || typeof this.query !== 'object') {
            throw new TypeError('A query must be an object');
        }
        this.likelyId = likelyId ?? likelyIdOf(this.query._id);
        this._query = new Query(this.query);
        this._equalities = Object.entries(this.query).filter(([key, value]) => isText(value) && !/[.$]/.test(key));
    }

    test(document) {
        return this._equalities.every(([key, value]) => mayEqual(document[key], value)) && this._query.test(document);
    }

    // `{field: text}`: the fields among these that must equal a text.
    equalTexts(fields) {
        return Object.fromEntries(this._equalities.filter(([key]) => fields.includes(key)));
    }
}

function isText(value) {
    return typeof value === 'string';
}

// An array may hold the value.
function mayEqual(held, value) {
    return held === value || (held !== null && typeof held === 'object');
}

function likelyIdOf(id) {
    return id instanceof ObjectId || (isText(id) && id !== '') ? idText(id) : null;
}

module.exports = { Filter };

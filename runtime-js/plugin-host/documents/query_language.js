'use strict';

// The query language of the field, run by mingo, with what plugins need beyond it: expressions compare values of different types in
// the order of BSON, and `$toObjectId`. Nothing here runs code that comes as data.

const { Context, evalExpr } = require('mingo/core');
const mingoQuery = require('mingo/query');
const { Aggregator } = require('mingo/aggregator');
const updater = require('mingo/updater');
const expression = require('mingo/operators/expression');

const { compareAsBson } = require('./bson_order');
const { ObjectId } = require('./values');

function comparison(holds) {
    return (document, expr, options) => {
        const [left, right] = evalExpr(document, expr, options);
        return holds(compareAsBson(left, right));
    };
}

function toObjectId(document, expr, options) {
    const value = evalExpr(document, expr, options);
    return value === undefined || value === null ? null : new ObjectId(value.toString());
}

const ownExpressions = {
    $gt: comparison(order => order > 0), $gte: comparison(order => order >= 0),
    $lt: comparison(order => order < 0), $lte: comparison(order => order <= 0),
    $cmp: comparison(order => order),
    $toObjectId: toObjectId
};

const context = Context.init({
    accumulator: require('mingo/operators/accumulator'),
    expression: { ...expression, ...ownExpressions },
    pipeline: require('mingo/operators/pipeline'),
    projection: require('mingo/operators/projection'),
    query: require('mingo/operators/query'),
    window: require('mingo/operators/window')
});

const kOptions = { context, scriptEnabled: false };

class Query extends mingoQuery.Query {

    constructor(condition) {
        super(condition, kOptions);
    }
}

const everything = new Query({});

// projection: `{field: 1}` or `{field: 0}`; empty leaves the document as it is.
function project(document, projection) {
    return projection && Object.keys(projection).length > 0 ? everything.find([document], projection).next() : document;
}

function sorted(documents, order) {
    return order && Object.keys(order).length > 0 ? everything.find(documents).sort(order).all() : documents;
}

// openCollection(name): the documents of a collection that a stage names.
function aggregate(documents, pipeline, openCollection) {
    return new Aggregator(pipeline, { ...kOptions, collectionResolver: openCollection }).run(documents);
}

// modifier: `{$set: …}` or a pipeline. Changes the document in place, with the very values given (a deep copy would lose buffers).
function updated(document, modifier) {
    const documents = [document];
    updater.updateOne(documents, {}, modifier, { cloneMode: 'none' }, kOptions);
    return documents[0];
}

module.exports = { Query, project, sorted, aggregate, updated };

'use strict';

// `aggregate`: what the first `$match` leaves is held in memory and goes through the pipeline; `$out` replaces a collection of the plugin.

const { plainQuery } = require('./values');
const { aggregate: runPipeline } = require('./query_language');

// Answers a cursor, which begins to work when it is asked for something.
function aggregate(database, source, pipeline) {
    let results = null;
    let at = 0;
    const all = () => (results ??= run(database, source, plainQuery(pipeline)));
    return {
        toArray: all,
        async next() {
            return (await all())[at++] ?? null;
        },
        async hasNext() {
            return at < (await all()).length;
        },
        async forEach(visit) {
            (await all()).forEach(visit);
        },
        async close() {},
        async* [Symbol.asyncIterator]() {
            yield* await all();
        }
    };
}

async function run(database, source, stages) {
    const { query, middle, target } = parts(stages);
    const documents = await source.find(query).toArray();
    const named = new Map();
    for (const name of collectionsIn(middle)) {
        named.set(name, await database.collection(name).find({}).toArray());
    }
    const results = runPipeline(documents, middle, name => named.get(name) ?? []);
    if (target === null) {
        return results;
    }
    await database.collection(target).replaceAll(results);
    return [];
}

function parts(stages) {
    const middle = [...stages];
    const query = middle[0]?.$match ? middle.shift().$match : {};
    const last = middle.at(-1) ?? {};
    const target = '$out' in last ? String(middle.pop().$out?.coll ?? last.$out) : null;
    if (middle.some(stage => '$out' in stage || '$merge' in stage)) {
        throw new Error('An aggregation may write by $out as its last stage only');
    }
    return { query, middle, target };
}

// Names of other collections anywhere in a pipeline.
function collectionsIn(value, found = new Set()) {
    if (value !== null && typeof value === 'object') {
        for (const [key, member] of Object.entries(value)) {
            if (key === '$lookup' || key === '$graphLookup') {
                found.add(member.from);
            } else if (key === '$unionWith') {
                found.add(typeof member === 'string' ? member : member.coll);
            }
            collectionsIn(member, found);
        }
    }
    found.delete(undefined);
    return found;
}

module.exports = { aggregate };

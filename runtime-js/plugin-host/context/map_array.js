'use strict';

// utils.P.mapArray(items, fn, { concurrency }?): the results in the order of the items; the first rejection ends it.

async function mapArray(items, fn, { concurrency = Infinity } = {}) {
    const all = [...items];
    const results = new Array(all.length);
    let next = 0;
    const work = async () => {
        while (next < all.length) {
            const index = next++;
            results[index] = await fn(all[index], index, all.length);
        }
    };
    const workers = Math.min(all.length, Math.max(1, Number(concurrency) || all.length));
    await Promise.all(Array.from({ length: workers }, work));
    return results;
}

module.exports = { mapArray };

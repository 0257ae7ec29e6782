'use strict';

function median(values) {
    const sorted = values.filter(value => value !== null && value !== undefined).sort((a, b) => a - b);
    const middle = sorted.length / 2;
    if (!sorted.length) {
        return null;
    }
    return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One object with the median of every field of many. */
function medians(rows) {
    const keys = Object.keys(rows[0] ?? {});
    return Object.fromEntries(keys.map(key => [key, median(rows.map(row => row[key]))]));
}

module.exports = { median, medians };

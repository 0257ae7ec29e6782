'use strict';

/**
 * Whether a text matches a pattern in which * stands for any characters and ? for one.
 * Goes back to the last * only, so that no pattern can make it slow.
 */
module.exports = function matches(pattern, text) {

    let [p, t, star, mark] = [0, 0, -1, 0];
    while (t < text.length) {
        if (pattern[p] === '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
            p++;
            t++;
        } else if (star >= 0) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (pattern[p] === '*') {
        p++;
    }
    return p === pattern.length;
};

'use strict';

/** What was typed into a form, with \t and \n written out. */
module.exports = function unescapeDelimiter(text) {

    return text.replace(/\\([tnr\\])/g, (all, letter) => ({ t: '\t', n: '\n', r: '\r', '\\': '\\' })[letter]);
};

'use strict';

// Reading documents from the engine page by page, in the order of their ids, so that memory holds one page at a time.

const { decode } = require('./values');

const kPageSize = 500;
const kPrintable = /[!-~]$/;

// A row: {id, document}, the document decoded. ask(op, arguments): a host call.
async function* pages(ask, op, args) {
    let after;
    for (;;) {
        const page = await ask(op, { ...args, ...(after === undefined ? {} : { after }), limit: kPageSize });
        const rows = page.documents;
        if (rows.length > 0) {
            yield rows.map(decodedRow);
            after = rows.at(-1).id;
        }
        if (!page.more || rows.length === 0) {
            return;
        }
    }
}

// The row of this id, or null when it is not there or cannot be asked for.
async function rowOf(ask, op, args, id) {
    if (!kPrintable.test(id)) {
        return null;
    }
    const page = await ask(op, { ...args, after: justBefore(id), limit: 1 });
    const row = page.documents[0];
    return row?.id === id ? decodedRow(row) : null;
}

// A text that sorts before `id` with nothing to be expected between the two.
function justBefore(id) {
    const last = id.charCodeAt(id.length - 1);
    return `${id.slice(0, -1)}${String.fromCharCode(last - 1)}\u{10FFFF}`;
}

function decodedRow({ id, document }) {
    return { id, document: decode(document) };
}

module.exports = { pages, rowOf };

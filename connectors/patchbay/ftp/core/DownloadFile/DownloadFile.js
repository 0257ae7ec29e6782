'use strict';

const path = require('path').posix;
const { PassThrough, Readable } = require('stream');
const { withClient } = require('../../session');

module.exports = {

    async receive(context) {

        const { path: source, filename } = context.messages.in.content;
        const file = await withClient(context.auth, client =>
            context.saveFileStream(filename || path.basename(source), Readable.from(contentOf(client, source), { objectMode: false })));
        await context.sendJson({ fileId: file.fileId, filename: file.filename, size: file.length, path: source }, 'out');
    }
};

/**
 * The bytes of a file on the server. The data connection of a transfer that breaks off ends like that of a whole one,
 * so the last word is the server's: without its confirmation this throws, and nothing is saved.
 */
async function* contentOf(client, source) {

    const content = new PassThrough();
    const transfer = client.downloadTo(content, source);
    // Told below; until then nobody may be waiting for it.
    transfer.catch(() => {});
    try {
        yield* content;
    } catch (err) {
        await transfer;
        throw err;
    }
    await transfer;
}

'use strict';

const crypto = require('crypto');
const path = require('path').posix;
const { FTPError, withClient } = require('../../session');

module.exports = {

    async receive(context) {

        const { fileId } = context.messages.in.content;
        const { filename, length } = await context.getFileInfo(fileId);
        const target = targetPath(context.messages.in.content.path ?? '', filename);
        // Another attempt of the same message overwrites what the last one left.
        const part = path.join(path.dirname(target), `.patchbay-${context.id ?? crypto.randomUUID()}.part`);
        await withClient(context.auth, async client => {
            await upload(client, await context.getFileReadStream(fileId), part);
            await moveOnto(client, part, target);
        });
        await context.sendJson({ path: target, size: length, fileId }, 'out');
    }
};

/** A path that is empty or ends with a slash names the folder only. */
function targetPath(wanted, filename) {

    return wanted === '' || wanted.endsWith('/') ? wanted + path.basename(filename) : wanted;
}

/** Under a name of its own, so that nobody sees half a file, and a broken transfer spoils no whole one. */
async function upload(client, content, part) {

    try {
        await client.uploadFrom(content, part);
    } catch (err) {
        await client.remove(part).catch(() => {});
        throw err;
    } finally {
        content.destroy();
    }
}

async function moveOnto(client, part, target) {

    try {
        await client.rename(part, target);
    } catch (err) {
        if (!(err instanceof FTPError)) {
            throw err;
        }
        await makeRoom(client, part, target, err);
        await client.rename(part, target);
    }
}

/** Some servers do not rename onto a file that exists. Where there is none, the refusal itself is what counts. */
async function makeRoom(client, part, target, refusal) {

    try {
        await client.remove(target);
    } catch (err) {
        await client.remove(part).catch(() => {});
        throw refusal;
    }
}

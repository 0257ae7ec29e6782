'use strict';

// Files of the flow's owner. Content travels in pieces, so files of any size are read and written incrementally.

const { Readable } = require('node:stream');
const { methods } = require('./members');

const kPieceBytes = 256 * 1024;

function isWebStream(content) {
    return typeof ReadableStream === 'function' && content instanceof ReadableStream;
}

// Anything a connector hands over as file content, as an iterable of Buffers.
function contentChunks(content) {
    if (typeof content === 'string' || Buffer.isBuffer(content)) {
        return [Buffer.from(content)];
    }
    if (ArrayBuffer.isView(content)) {
        return [Buffer.from(content.buffer, content.byteOffset, content.byteLength)];
    }
    if (content instanceof ArrayBuffer) {
        return [Buffer.from(content)];
    }
    if (isWebStream(content)) {
        return Readable.fromWeb(content);
    }
    if (content && typeof content[Symbol.asyncIterator] === 'function') {
        return content;
    }
    if (content && typeof content.pipe === 'function') {
        return new Readable().wrap(content);
    }
    throw new TypeError('File content must be a stream, a Buffer or a string');
}

async function* pieces(content) {
    let pending = [];
    let size = 0;
    for await (const chunk of contentChunks(content)) {
        let rest = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer ?? chunk, chunk.byteOffset, chunk.byteLength);
        while (size + rest.length >= kPieceBytes) {
            const taken = rest.subarray(0, kPieceBytes - size);
            yield Buffer.concat([...pending, taken]);
            rest = rest.subarray(taken.length);
            pending = [];
            size = 0;
        }
        pending.push(rest);
        size += rest.length;
    }
    if (size > 0) {
        yield Buffer.concat(pending);
    }
}

// Connectors read the id from either place.
function withMetadata(info) {
    if (info && typeof info === 'object') {
        info.metadata = { ...info.metadata };
        info.metadata.fileId ??= info.fileId;
    }
    return info;
}

async function write(call, args, content) {
    const { handle } = await call.tell('fileCreate', args);
    try {
        for await (const piece of pieces(content)) {
            await call.ask('fileWrite', { handle, data: piece.toString('base64') });
        }
    } catch (err) {
        await call.ask('fileAbort', { handle }).catch(() => undefined);
        throw err;
    }
    return withMetadata(await call.tell('fileCommit', { handle }));
}

function saveFileStream(call, filename, content, fileId) {
    return write(call, { fileId: fileId === null ? undefined : fileId, filename: String(filename) }, content);
}

function saveFile(call, filename, contentType, content) {
    return write(call, { filename: String(filename), contentType }, content);
}

async function replaceFileStream(call, fileId, content) {
    const { filename, contentType } = await getFileInfo(call, fileId);
    return write(call, { fileId, filename, contentType, replace: true }, content);
}

async function getFileInfo(call, fileId) {
    return withMetadata(await call.ask('fileInfo', { fileId: String(fileId) }));
}

function rangeOf(range) {
    const start = Number(range && range.start) || 0;
    const end = range && range.end !== undefined ? Number(range.end) + 1 : Infinity;
    return { start, end };
}

async function* readPieces(call, fileId, range) {
    let { start: offset } = range;
    while (offset < range.end) {
        const length = Math.min(kPieceBytes, range.end - offset);
        const { data, eof } = await call.ask('fileRead', { fileId, offset, length });
        const piece = Buffer.from(data || '', 'base64');
        offset += piece.length;
        if (piece.length > 0) {
            yield piece;
        }
        if (eof || piece.length === 0) {
            return;
        }
    }
}

function readFileStream(call, fileId, range) {
    return Readable.from(readPieces(call, String(fileId), rangeOf(range)), { objectMode: false });
}

// Rejects for an unknown file, so that the stream itself only fails while it is read.
async function getFileReadStream(call, fileId, range) {
    await call.ask('fileInfo', { fileId: String(fileId) });
    return readFileStream(call, fileId, range);
}

async function loadFile(call, fileId) {
    const parts = [];
    for await (const piece of readPieces(call, String(fileId), rangeOf())) {
        parts.push(piece);
    }
    return Buffer.concat(parts);
}

async function removeFile(call, fileId) {
    return await call.tell('fileRemove', { fileId: String(fileId) });
}

// There is no archive to move it to. The file stays where it is, so that nothing is lost; an unknown one rejects.
async function archiveFile(call, fileId) {
    const info = await getFileInfo(call, fileId);
    call.log('warn', `The file ${info.filename} was not archived: this server has no archive of files. It stays as it is`);
    return { fileId: info.fileId };
}

module.exports = proto => methods(proto, {
    saveFileStream, saveFile, replaceFileStream, getFileInfo, getFileReadStream, readFileStream, loadFile, removeFile,
    archiveFile
});

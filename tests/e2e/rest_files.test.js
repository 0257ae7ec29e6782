'use strict';

/** rest-api §13 files: content comes as it is read, whole, in ranges, and without holding the file in memory. */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const { after, before, describe, test } = require('node:test');

const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');

const CHUNK = 16 * 1024 * 1024;
const CHUNKS = 6;

describe('Files', () => {

    let server;
    let owner;
    let wrong;
    let fileId;
    const content = crypto.randomBytes(CHUNK);
    const length = CHUNK * CHUNKS;

    before(async () => {
        server = await Server.start({ name: 'files' });
        const admin = await server.admin();
        owner = await person(admin);
        wrong = await person(admin);
        for (let number = 1; number <= CHUNKS; number++) {
            const body = Buffer.concat([
                Buffer.from('--xx\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'), content, Buffer.from('\r\n--xx--\r\n')
            ]);
            const headers = {
                'content-type': 'multipart/form-data; boundary=xx',
                'uploader-chunk-number': String(number), 'uploader-chunks-total': String(CHUNKS), 'uploader-file-name': 'large.bin'
            };
            if (fileId) {
                headers['uploader-file-id'] = fileId;
            }
            ({ fileId } = await owner.must('POST', '/files', { body, headers }));
        }
    });

    after(() => server?.stop());

    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) * 1024;

    /** The answer to a GET, its body unread. */
    const open = () => new Promise((resolve, reject) => {
        http.get(`${owner.url}/files/${fileId}`, { headers: { authorization: `Bearer ${owner.token}` } }, resolve).on('error', reject);
    });

    test('A file over 64 MiB comes whole, in one answer, with its length', async () => {
        const answer = await owner.call('GET', `/files/${fileId}`);
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-length'], String(length));
        assert.equal(answer.bytes.length, length);
        for (let at = 0; at < length; at += CHUNK) {
            assert.ok(answer.bytes.subarray(at, at + CHUNK).equals(content), `piece at ${at}`);
        }
        const head = await owner.call('HEAD', `/files/${fileId}`);
        assert.equal(head.headers['content-length'], String(length));
        assert.equal(head.bytes.length, 0);
    });

    test('Ranges come as 206', async () => {
        const from = CHUNK - 10;
        const answer = await owner.call('GET', `/files/${fileId}`, { headers: { range: `bytes=${from}-${from + 300000}` } });
        assert.equal(answer.status, 206);
        assert.equal(answer.headers['content-range'], `bytes ${from}-${from + 300000}/${length}`);
        assert.ok(answer.bytes.equals(Buffer.concat([content.subarray(from), content.subarray(0, 300001 - 10)])));
    });

    test('Clients that do not read hold a piece each, not the file', async () => {
        const before = memory();
        const answers = await Promise.all(Array.from({ length: 10 }, open));
        // Others are served meanwhile, and the server has not read what nobody takes.
        assert.equal((await owner.get('/files/count')).count, 1);
        assert.ok(memory() - before < length, `grew by ${memory() - before} bytes for ${10 * length} bytes of answers`);
        for (const answer of answers) {
            assert.equal(answer.headers['content-length'], String(length));
            answer.destroy();
        }
    });

    test('Another user\'s file is not found', async () => {
        refused(await wrong.call('GET', `/files/${fileId}`), 404);
        refused(await wrong.call('GET', `/files/metadata/${fileId}`), 404);
    });
});

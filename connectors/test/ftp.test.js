'use strict';

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { Readable } = require('node:stream');
const { Node } = require('./stub_context');
const installedBundle = require('./installed_bundle');
const { missing, startServer } = require('./ftp_server');

describe('patchbay.ftp', { skip: missing }, () => {

    let root;
    let remove;
    let server;
    let auth;
    let definition;

    const node = (name, account = auth) => new Node(root, `patchbay.ftp.core.${name}`, { auth: account });
    const onServer = name => path.join(server.folder, name);

    before(async () => {
        ({ root, remove } = installedBundle('ftp', ['.']));
        server = await startServer('sec ret"');
        auth = server.auth;
        ({ definition } = require(path.join(root, 'patchbay/ftp/auth.js')));
    });

    after(async () => {
        await server?.stop();
        remove?.();
    });

    async function upload(content, wanted, filename = 'report.bin') {
        const component = node('UploadFile');
        const { fileId } = await component.files.api.saveFileStream(filename, content);
        return (await component.receive({ fileId, path: wanted }))[0].payload;
    }

    const files = async (folder, account) => (await node('ListFiles', account).receive({ path: folder }))[0].payload;

    test('auth: validate signs in, and names the account', async () => {
        assert.deepEqual(await definition.validate(auth), { token: 'none' });
        assert.equal(definition.requestProfileInfo(auth).name, `tester@127.0.0.1:${auth.port}`);
    });

    test('auth: validate refuses what does not work', async () => {
        const validate = more => definition.validate({ ...auth, ...more });
        await assert.rejects(validate({ password: 'wrong' }), { code: 530, message: /Authentication failed/ });
        await assert.rejects(validate({ port: '1' }), { code: 'ECONNREFUSED' });
        await assert.rejects(validate({ tls: 'on' }), { statusCode: 422 });
        await assert.rejects(validate({ tls: 'maybe' }), /^Error: tls: /);
        await assert.rejects(validate({ port: 'x' }), /^Error: port: /);
        await assert.rejects(validate({ host: '' }), /^Error: host: /);
    });

    test('UploadFile puts the file where it is told, whole and under its name', async () => {
        const content = crypto.randomBytes(3 * 1024 * 1024 + 7);
        fs.mkdirSync(onServer('in'));
        assert.deepEqual({ ...await upload(content, 'in/Žluť 1.bin'), fileId: 0 }, { path: 'in/Žluť 1.bin', size: content.length, fileId: 0 });
        assert.ok(fs.readFileSync(onServer('in/Žluť 1.bin')).equals(content));
        assert.equal((await upload('', 'in/')).path, 'in/report.bin');
        assert.equal((await upload('x', '', '../../etc/passwd')).path, 'passwd');
        assert.deepEqual(fs.readdirSync(onServer('in')).sort(), ['report.bin', 'Žluť 1.bin']);
        assert.equal(fs.statSync(onServer('in/report.bin')).size, 0);
    });

    test('UploadFile replaces a file at once, and leaves it as it is when the content breaks off', async () => {
        await upload('first', 'replaced.txt');
        await upload('second', 'replaced.txt');
        assert.equal(fs.readFileSync(onServer('replaced.txt'), 'utf8'), 'second');
        const component = node('UploadFile');
        const { fileId } = await component.files.api.saveFileStream('a', 'x');
        component.files.api.getFileReadStream = async () => Readable.from((async function* () {
            yield Buffer.alloc(100000);
            throw new Error('the disk is gone');
        })());
        await assert.rejects(component.receive({ fileId, path: 'replaced.txt' }), /the disk is gone/);
        assert.equal(component.sent.length, 0);
        assert.equal(fs.readFileSync(onServer('replaced.txt'), 'utf8'), 'second');
    });

    test('What the server refuses is marked so that it is not tried for long', async () => {
        await assert.rejects(upload('x', 'nowhere/a.txt'), { code: 550, statusCode: 422 });
        await assert.rejects(files('nowhere'), { code: 550, statusCode: 422 });
        const download = node('DownloadFile');
        await assert.rejects(download.receive({ path: 'nowhere.txt' }), { code: 550, statusCode: 422 });
        assert.equal(download.files.files.size, 0, 'no empty file is left');
        await assert.rejects(node('ListFiles').receive({ path: 'a\r\nDELE replaced.txt' }), { code: 'GRID_ERR_VAL_PORTS' });
    });

    test('DownloadFile gives the file byte for byte', async () => {
        const content = crypto.randomBytes(2 * 1024 * 1024 + 3);
        fs.writeFileSync(onServer('large.bin'), content);
        const component = node('DownloadFile');
        const [{ payload }] = await component.receive({ path: '/large.bin' });
        assert.deepEqual({ ...payload, fileId: 0 }, { fileId: 0, filename: 'large.bin', size: content.length, path: '/large.bin' });
        assert.ok(component.files.files.get(payload.fileId).data.equals(content));
        const renamed = (await node('DownloadFile').receive({ path: 'large.bin', filename: 'other.bin' }))[0].payload;
        assert.equal(renamed.filename, 'other.bin');
    });

    test('DownloadFile keeps nothing of a transfer that the server did not bring to its end', async () => {
        const breaking = await breakingServer();
        try {
            const component = node('DownloadFile', { ...auth, port: String(breaking.port) });
            await assert.rejects(component.receive({ path: 'a.txt' }), /426 Connection closed/);
            assert.deepEqual([component.sent.length, component.files.files.size], [0, 0]);
        } finally {
            breaking.close();
        }
    });

    test('ListFiles tells what is there', async () => {
        fs.mkdirSync(onServer('listed/folder'), { recursive: true });
        fs.writeFileSync(onServer('listed/a b.txt'), '12345');
        fs.utimesSync(onServer('listed/a b.txt'), 1767323045, 1767323045);
        const { files: [file, folder], count } = await files('listed');
        assert.equal(count, 2);
        assert.deepEqual(file, { name: 'a b.txt', path: 'listed/a b.txt', type: 'file', size: 5, modified: '2026-01-02T03:04:05.000Z' });
        assert.deepEqual([folder.path, folder.type], ['listed/folder', 'folder']);
        assert.ok((await files('')).files.some(({ path: name }) => name === 'listed'));
        assert.ok((await files('/')).files.some(({ path: name }) => name === '/listed'));
    });
});

/** An FTP server that sends a part of the file, closes the data connection in order, and then says that it failed. */
async function breakingServer() {
    const data = net.createServer(socket => socket.end('half of'));
    await new Promise(resolve => data.listen(0, '127.0.0.1', resolve));
    const ANSWERS = { USER: '331 Password?', PASS: '230 Hello.', EPSV: `229 Entering (|||${data.address().port}|)`, RETR: '150 Here it comes.\r\n426 Connection closed; transfer aborted.' };
    const control = net.createServer(socket => {
        socket.on('error', () => {}).write('220 Ready.\r\n');
        socket.on('data', chunk => {
            for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
                socket.write(`${ANSWERS[line.split(' ')[0]] ?? '200 OK.'}\r\n`);
            }
        });
    });
    await new Promise(resolve => control.listen(0, '127.0.0.1', resolve));
    return { port: control.address().port, close: () => { data.close(); control.close(); } };
}

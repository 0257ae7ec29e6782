'use strict';

/** A disk that fails under the database, and a database that it has damaged: what the server says of them. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');

const FaultyDisk = require('../soak/faulty_disk');
const { Server, freePort, temporaryFolder } = require('./server');

const LIBRARY = process.env.PATCHBAY_FAULTY_DISK || path.join(__dirname, '../../build/release/bin/faulty_disk.so');
const PAGE = 4096;

describe('Faults of the database', () => {

    let server;
    let disk;

    before(async () => {
        server = new Server({ name: 'faults' });
        server.port = await freePort();
        disk = new FaultyDisk(LIBRARY, temporaryFolder('faulty-disk'), server.data);
        Object.assign(server.env, disk.env);
        await server.start();
    });

    after(() => server?.stop());

    test('While its disk fails, health is failing and metrics count it; what is refused says so', async () => {
        const admin = await server.admin();
        assert.equal((await admin.get('/health')).status, 'ok');
        disk.set(FaultyDisk.ERRORS, 1000);
        const refusal = await admin.call('POST', '/flows', { json: { name: 'Lost' } });
        assert.deepEqual([refusal.status, refusal.body.code], [500, 'STORE_FAILED']);
        disk.set(0);
        const failing = await admin.call('GET', '/health');
        assert.equal(failing.status, 503);
        assert.equal(failing.body.problems[0].code, 'STORE_FAILING');
        assert.match(failing.body.problems[0].message, /What was accepted is kept and tried again/);
        assert.match((await admin.call('GET', '/metrics')).text, /^patchbay_store_faults_total [1-9]/m);
        assert.equal((await admin.call('POST', '/flows', { json: { name: 'Kept' } })).status, 200);
    });

    test('On a damaged database no server starts, and it says what to do; damaged logs do not keep it from starting', async () => {
        await server.stop();
        const kept = path.join(server.folder, 'kept.db');
        const database = path.join(server.data, 'patchbay.db');
        const logs = path.join(server.data, 'logs.db');
        fs.copyFileSync(database, kept);
        const { size } = fs.statSync(database);
        const fd = fs.openSync(database, 'r+');
        fs.writeSync(fd, Buffer.alloc(size - PAGE, '?'), 0, size - PAGE, PAGE);
        fs.closeSync(fd);
        await assert.rejects(server.start(), /Its file is damaged: go back to the latest backup/);

        fs.copyFileSync(kept, database);
        fs.writeFileSync(logs, 'no database at all');
        await server.start();
        assert.equal(fs.readFileSync(`${logs}.damaged`, 'utf8'), 'no database at all');
        const admin = await server.admin();
        assert.equal((await admin.get('/health')).status, 'ok');
        assert.equal((await admin.get('/flows')).length, 1);
        assert.deepEqual((await admin.get('/logs')).hits, []);
    });
});

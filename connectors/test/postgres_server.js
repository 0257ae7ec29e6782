'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const freePort = require('./free_port');

const BIN = ['17', '16', '15', '14', '13'].map(version => `/usr/lib/postgresql/${version}/bin`).find(dir => fs.existsSync(path.join(dir, 'initdb')));
// Debian's packages make the first; the second is everywhere.
const USER = /^postgres:/m.test(fs.readFileSync('/etc/passwd', 'utf8')) ? 'postgres' : 'nobody';

/** Why there can be no server here, or false. */
const missing = BIN ? false : 'PostgreSQL is not installed: its server binaries are not in /usr/lib/postgresql/<version>/bin (Debian package postgresql)';

/** The server refuses to run as root, so root runs it as another user. */
function run(program, ...args) {
    const command = process.getuid() === 0 ? ['runuser', '-u', USER, '--', path.join(BIN, program), ...args] : [path.join(BIN, program), ...args];
    return execFileSync(command[0], command.slice(1), { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A PostgreSQL server of our own on a free loopback port. */
async function startServer(password) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-postgres-'));
    const passwordFile = path.join(folder, 'password');
    fs.writeFileSync(passwordFile, password);
    if (process.getuid() === 0) {
        const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, USER], { encoding: 'utf8' })));
        [folder, passwordFile].forEach(file => fs.chownSync(file, uid, gid));
    }
    const data = path.join(folder, 'data');
    run('initdb', '-D', data, '-U', 'tester', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync', '--no-instructions', '-E', 'UTF8', '--locale=C');
    const port = await freePort();
    run('pg_ctl', 'start', '-w', '-D', data, '-l', path.join(folder, 'log'), '-o', `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`);
    const stop = () => {
        run('pg_ctl', 'stop', '-w', '-m', 'fast', '-D', data);
        fs.rmSync(folder, { recursive: true, force: true });
    };
    return { auth: { host: '127.0.0.1', port: String(port), database: 'postgres', user: 'tester', password, ssl: 'off' }, stop };
}

module.exports = { missing, startServer };

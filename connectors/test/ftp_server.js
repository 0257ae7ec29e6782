'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const startServerProcess = require('./server_process');

// Debian's own Python, for which the package is; another one may come first in PATH.
const PYTHON = '/usr/bin/python3';
const PACKAGE = '/usr/lib/python3/dist-packages/pyftpdlib';

/** Why there can be no server here, or false. */
const missing = fs.existsSync(PACKAGE) ? false : 'pyftpdlib is not installed (Debian package python3-pyftpdlib)';

/**
 * An FTP server of our own on loopback, on a free port or the one given. `folder` is what the user of `auth` sees as /;
 * without one it is made, and goes with the server.
 */
async function startServer(password, { port = 0, folder } = {}) {
    const shared = folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-ftp-'));
    const server = await startServerProcess(PYTHON, [
        '-m', 'pyftpdlib', '--interface', '127.0.0.1', '--port', String(port), '--directory', shared, '--write', '--username', 'tester', '--password', password
    ], { ready: /starting FTP server on 127\.0\.0\.1:(\d+)/, cwd: shared });
    const stop = async () => {
        await server.stop();
        if (!folder) {
            fs.rmSync(shared, { recursive: true, force: true });
        }
    };
    return { folder: shared, auth: { host: '127.0.0.1', port: server.found[1], user: 'tester', password, tls: 'off' }, stop };
}

module.exports = { missing, startServer };

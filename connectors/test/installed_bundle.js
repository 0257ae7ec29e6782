'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const SOURCE = path.join(__dirname, '..');
const NPM = path.join(SOURCE, '../runtime-js/node_modules/npm/bin/npm-cli.js');

/**
 * Copies one service (patchbay/<service>) to a temporary folder and installs npm packages in
 * the folders given, as an engine does on install. Returns the folder that holds patchbay/.
 */
function installedBundle(service, folders) {

    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-connector-'));
    fs.cpSync(path.join(SOURCE, 'patchbay', service), path.join(root, 'patchbay', service), {
        recursive: true,
        filter: from => path.basename(from) !== 'node_modules'
    });
    for (const folder of folders) {
        execFileSync(process.execPath, [NPM, 'install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--no-package-lock'], {
            cwd: path.join(root, 'patchbay', service, folder),
            stdio: ['ignore', 'ignore', 'inherit']
        });
    }
    return { root, remove: () => fs.rmSync(root, { recursive: true, force: true }) };
}

module.exports = installedBundle;

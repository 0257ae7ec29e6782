'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const { BINARY, ROOT, temporaryFolder } = require('./server');

let folder;

function packed() {
    if (!folder) {
        folder = temporaryFolder('zips');
        execFileSync(BINARY, ['catalogue', 'build', '--from', path.join(ROOT, 'connectors/patchbay'), '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    }
    return folder;
}

/** The zip of a starter connector, packed from its sources once per process. */
function starterZip(name) {
    const file = fs.readdirSync(packed()).find(entry => entry.startsWith(`${name}-`) && entry.endsWith('.zip'));
    if (!file) {
        throw new Error(`There is no starter connector ${name}.`);
    }
    return fs.readFileSync(path.join(packed(), file));
}

/** Publishes starter connectors; fails with what the server says. */
async function publishStarters(client, ...names) {
    for (const name of names) {
        const result = await client.publish(starterZip(name));
        if (result.err) {
            throw new Error(`${name} was not published: ${result.err} ${JSON.stringify(result.data ?? '')}`);
        }
    }
}

module.exports = { starterZip, publishStarters };

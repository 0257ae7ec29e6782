'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { spawnSync } = require('node:child_process');

const { BINARY } = require('../e2e/server');
const { needsLifting, lift, MODULE } = require('./lifted_bundle');

/**
 * Packs the bundles of a checkout as `patchbay catalogue build` does. Gives one package a bundle:
 * {name, version, types: [component], bytes?, note?, error?}; without `bytes` it could not be packed.
 */
function pack(checkout, out) {
    const build = spawnSync(BINARY, ['catalogue', 'build', '--from', checkout.root, '--out', out, '--json'], { encoding: 'utf8', maxBuffer: 1 << 28 });
    // 10: some were left out, which the report says one by one.
    if (build.status !== 0 && build.status !== 10) {
        throw new Error(`patchbay catalogue build ended with ${build.signal ?? build.status}: ${build.stderr}`);
    }
    const zips = new Map(JSON.parse(fs.readFileSync(path.join(out, 'index.json'), 'utf8')).connectors.map(row => [row.name, row.file]));
    const leftOut = new Map((JSON.parse(build.stdout).leftOut ?? []).map(row => [path.dirname(row.file), row.message]));
    return checkout.bundles.map(bundle => packageOf(bundle, zips.get(bundle.name), out, leftOut.get(bundle.folder)));
}

function packageOf(bundle, file, out, reason) {
    const { name, version, components } = bundle;
    if (file) {
        return { name, version, types: components, bytes: fs.readFileSync(path.join(out, file)) };
    }
    if (needsLifting(bundle)) {
        return { name, version, note: `components lie one level too high and were moved into a module ${MODULE}`, ...lift(bundle) };
    }
    return { name, version, types: components, error: `not packed: ${reason ?? 'no reason was given'}` };
}

module.exports = pack;

'use strict';

/**
 * Every connector of a checkout in a server of its own: published through REST, every component loaded, every plugin up, and the
 * shipped test flows run that need nobody's account. Exit code 1: something failed; the table says what. 77: no checkout was named.
 */

const fs = require('node:fs');
const path = require('node:path');

const { Server, ROOT, freePort } = require('../e2e/server');
const { readOptions, USAGE } = require('./options');
const Checkout = require('./checkout');
const pack = require('./packing');
const publishAll = require('./publishing');
const { manifestsOf, componentsOf } = require('./loading');
const { pluginsOf, settled } = require('./plugins');
const { runnableFlows, runFlow } = require('./test_flows');
const { tableOf, isFlawless } = require('./table');
const { costOf, costText } = require('./cost');

const SKIPPED = 77;
const began = Date.now();
const say = text => process.stderr.write(`[${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s] ${text}\n`);

/** A server whose npm keeps what it fetched from run to run. */
async function startServer() {
    const cache = path.resolve(process.env.PATCHBAY_COMPAT_CACHE || path.join(ROOT, 'build/compat/npm-cache'));
    const server = new Server({ name: 'compat', args: ['--empty', '--log-level', 'warn'] });
    server.port = await freePort();
    fs.mkdirSync(cache, { recursive: true });
    fs.mkdirSync(server.data, { recursive: true });
    fs.symlinkSync(cache, path.join(server.data, 'npm-cache'));
    return server.start();
}

async function runFlows(client, checkout, manifests) {
    const results = [];
    for (const flow of runnableFlows(checkout, manifests)) {
        say(`test flow ${flow.file}`);
        results.push(await runFlow(client, flow));
    }
    return results;
}

async function examine(server, checkout, options) {
    const client = await server.admin();
    const packages = pack(checkout, path.join(server.folder, 'zips')).filter(({ name }) => options.only.test(name));
    say(`${packages.length} bundles packed`);
    let count = 0;
    const bundles = await publishAll(client, packages, options.jobs, ({ name, accepted, ms }) =>
        say(`${++count}/${packages.length} ${name} ${accepted ? 'accepted' : 'REFUSED'} in ${(ms / 1000).toFixed(1)} s`));
    const manifests = await manifestsOf(client);
    const components = componentsOf(manifests, packages, bundles);
    const folders = packages.map(({ name }) => name.replaceAll('.', '/'));
    const plugins = await pluginsOf(client, checkout.plugins.filter(plugin => folders.some(folder => `${plugin}/`.startsWith(`${folder}/`) || folder.startsWith(`${plugin}/`))));
    const flows = options.flows ? await runFlows(client, checkout, manifests) : [];
    const cost = options.cost ? await costOf(server, manifests, components, settled) : undefined;
    return { bundles, components, plugins, flows, cost };
}

async function main() {
    const options = readOptions(process.argv.slice(2));
    if (options.help) {
        console.log(USAGE);
        return;
    }
    const folder = process.env.PATCHBAY_CONNECTORS_DIR;
    if (!folder) {
        console.log('Skipped: PATCHBAY_CONNECTORS_DIR does not name a checkout of connectors to try.');
        process.exitCode = SKIPPED;
        return;
    }
    const checkout = new Checkout(folder);
    const server = await startServer();
    let found;
    try {
        found = await examine(server, checkout, options);
    } finally {
        say('the server is asked to stop');
        await server.stop();
        say('it has stopped');
    }
    if (options.json) {
        fs.writeFileSync(options.json, JSON.stringify({ checkout: checkout.root, seconds: Math.round((Date.now() - began) / 1000), ...found }, null, 2));
    }
    console.log(tableOf(found));
    if (found.cost) {
        console.log(`\n${costText(found.cost)}`);
    }
    process.exitCode = isFlawless(found) ? 0 : 1;
}

main().catch(err => {
    console.error(err);
    process.exitCode = 2;
});

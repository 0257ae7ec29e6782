'use strict';

const fs = require('node:fs');
const path = require('node:path');

const SKIPPED = new Set(['node_modules', 'artifacts']);

const isFolder = folder => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;

const readJson = file => JSON.parse(fs.readFileSync(file, 'utf8'));

/** Every plain file below a folder, in the order of names. */
function* filesBelow(folder) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.git')) {
            yield* filesBelow(full);
        } else if (entry.isFile()) {
            yield full;
        }
    }
}

/**
 * A checkout of connectors, read once: which bundles, components, plugins and test flows it holds. A bundle is
 * {name, version, folder, components: [type], plugins: [folder below the root]}.
 */
module.exports = class Checkout {

    /** `folder`: the one that holds <vendor>/<service>/…, or a repository whose src/ does. */
    constructor(folder) {
        const source = path.join(folder, 'src');
        this.root = fs.realpathSync(isFolder(source) ? source : folder);
        const files = [...filesBelow(this.root)];
        const named = pattern => files.filter(file => pattern.test(path.basename(file)));
        this.bundles = named(/^bundle\.json$/).map(file => this.#bundle(path.dirname(file)));
        for (const file of named(/^component\.json$/)) {
            this.#ownerOf(file)?.components.push(readJson(file).name);
        }
        this.plugins = named(/^plugin\.js$/).map(file => this.relative(path.dirname(file)));
        this.testFlows = named(/^test-flow.*\.json$/);
    }

    relative(file) {
        return path.relative(this.root, file);
    }

    #bundle(folder) {
        const { name, version } = readJson(path.join(folder, 'bundle.json'));
        return { name, version, folder, components: [] };
    }

    #ownerOf(file) {
        return this.bundles.find(({ folder }) => file.startsWith(folder + path.sep));
    }
};

module.exports.filesBelow = filesBelow;

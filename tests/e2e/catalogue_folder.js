'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { bundleZip } = require('./bundle_zip');

/** A catalogue as a server reads it (docs/formats/catalogue.md): zips and their index. */
module.exports = class CatalogueFolder {

    constructor(folder) {
        this.folder = folder;
        this.rows = [];
        fs.mkdirSync(folder, { recursive: true });
    }

    /** One more version of a bundle; `description` as of bundleZip. */
    add(name, description) {
        return this.addZip(name, description, bundleZip(name, description));
    }

    addZip(name, { version, changelog = { [version]: ['Changed.'] }, engine = '' }, bytes) {
        const file = `${name}-${version}.zip`;
        fs.writeFileSync(path.join(this.folder, file), bytes);
        this.rows.push({
            name, version, label: name, category: 'applications', description: `Tests: ${name}.`, engine, changelog, components: [],
            file, sha256: crypto.createHash('sha256').update(bytes).digest('hex'), size: bytes.length
        });
        const index = { format: 1, generated: new Date().toISOString(), connectors: this.rows };
        fs.writeFileSync(path.join(this.folder, 'index.json'), JSON.stringify(index));
        return this;
    }
};

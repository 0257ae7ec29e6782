'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { zip } = require('../e2e/bundle_zip');
const { filesBelow } = require('./checkout');

// What belongs to the service and to no module.
const OF_THE_SERVICE = new Set(['bundle.json', 'service.json', 'auth.js', 'quota.js', 'plugin.js', 'package.json']);
const MODULE = 'core';

/**
 * A bundle whose components lie right below the service, with types of three parts, where the format wants
 * vendor.service.module.Component: moved into a module `core`, so that it can be tried at all. The code stays as it is: files
 * that components require by `../x` are copied beside them.
 */
function needsLifting({ name, components }) {
    return components.some(type => type.split('.').length === name.split('.').length + 1 && type.split('.').length === 3);
}

/** {types: [the new names], bytes: the zip} */
function lift({ name, folder, components }) {
    const base = name.replaceAll('.', '/');
    const renamed = text => rename(text, name, components);
    const files = {};
    for (const file of filesBelow(folder)) {
        const relative = path.relative(folder, file).split(path.sep).join('/');
        const content = /\.(js|json)$/.test(file) ? renamed(fs.readFileSync(file, 'utf8')) : fs.readFileSync(file);
        const isTop = !relative.includes('/');
        if (isTop) {
            files[`${base}/${relative}`] = content;
        }
        if (!isTop || !OF_THE_SERVICE.has(relative)) {
            files[`${base}/${MODULE}/${relative}`] = content;
        }
    }
    return { types: components.map(type => renamed(type)), bytes: zip(files) };
}

// Types, and the paths of static calls.
function rename(text, name, components) {
    for (const type of components) {
        const last = type.slice(name.length + 1);
        for (const separator of ['.', '/']) {
            const before = `${name.replaceAll('.', separator)}${separator}${last}`;
            const after = `${name.replaceAll('.', separator)}${separator}${MODULE}${separator}${last}`;
            text = text.replace(new RegExp(`${before.replaceAll('.', '\\.')}(?![\\w])`, 'g'), after);
        }
    }
    return text;
}

module.exports = { needsLifting, lift, MODULE };

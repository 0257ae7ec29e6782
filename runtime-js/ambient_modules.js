'use strict';

// Modules that connectors use without declaring them come from beside this file: `ambient/`, and what our own lock file pins.

const path = require('node:path');
const { Module } = require('node:module');

function offerAmbientModules() {
    const folders = [path.join(__dirname, 'ambient'), path.join(__dirname, 'node_modules')];
    const given = (process.env.NODE_PATH || '').split(path.delimiter).filter(Boolean);
    process.env.NODE_PATH = [...new Set([...folders, ...given])].join(path.delimiter);
    Module._initPaths();
}

module.exports = { offerAmbientModules };

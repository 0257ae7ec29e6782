'use strict';

// The golden cases of protocol/mapping-cases, which the engine's own mapping is tested against too.

const fs = require('node:fs');
const path = require('node:path');

const FOLDER = path.join(__dirname, '../../../protocol/mapping-cases');

function caseFiles() {
    return fs.readdirSync(FOLDER).filter(name => name.endsWith('.json')).sort().map(name => path.join(FOLDER, name));
}

function readCases(file) {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
}

// One case a line, so that a change shows as one line.
function writeCases(file, cases) {
    fs.writeFileSync(file, '[\n' + cases.map(one => JSON.stringify(one)).join(',\n') + '\n]\n');
}

module.exports = { caseFiles, readCases, writeCases };

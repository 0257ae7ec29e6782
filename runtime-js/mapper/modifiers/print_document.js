'use strict';

// Prints the document of the shipped modifiers as JSON; ../modifiers.json is this output:
//     node mapper/modifiers/print_document.js > mapper/modifiers.json

const { shippedDocument } = require('./document.js');

process.stdout.write(JSON.stringify(shippedDocument(), null, 2) + '\n');

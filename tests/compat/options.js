'use strict';

const { parseArgs } = require('node:util');

const USAGE = `usage: node tests/compat/run.js [options]

Installs every connector of a checkout into a server of its own, and tells what works.

  PATCHBAY_CONNECTORS_DIR   the checkout: the folder of <vendor>/<service>/…, or a repository whose src/ is that folder
  PATCHBAY_BINARY           the server, default build/release/bin/patchbay
  PATCHBAY_COMPAT_CACHE     npm's cache, kept between runs, default build/compat/npm-cache
  PATCHBAY_KEEP=1           keeps the data folder

  --only GLOB    only bundles whose name fits, such as 'appmixer.utils.*'; may be given more than once
  --jobs N       bundles published side by side, default 1; the server carries out two at once
  --no-flows     leaves the test flows out
  --no-cost      does not measure start, memory, disk and calls at the end
  --json FILE    writes all that was found
`;

/** `*` stands for any text; all else for itself. */
function globs(patterns) {
    const parts = patterns.map(glob => glob.split('*').map(text => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
    return parts.length === 0 ? /^/ : new RegExp(`^(?:${parts.join('|')})$`);
}

/** {only: RegExp, jobs, flows, json, help} */
function readOptions(args) {
    const { values } = parseArgs({
        args,
        options: {
            only: { type: 'string', multiple: true, default: [] },
            jobs: { type: 'string', default: '1' },
            'no-flows': { type: 'boolean', default: false },
            'no-cost': { type: 'boolean', default: false },
            json: { type: 'string' },
            help: { type: 'boolean', default: false }
        }
    });
    const jobs = Number(values.jobs);
    if (!Number.isInteger(jobs) || jobs < 1 || jobs > 16) {
        throw new Error('--jobs needs a number from 1 to 16.');
    }
    return { only: globs(values.only), jobs, flows: !values['no-flows'], cost: !values['no-cost'], json: values.json, help: values.help };
}

module.exports = { readOptions, USAGE };

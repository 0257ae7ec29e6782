'use strict';

/** Reads `--name value` and `--flag` into an object of the same shape as `defaults`; lists are split at commas. */
module.exports = function readOptions(args, defaults, usage) {
    const options = { ...defaults };
    for (let at = 0; at < args.length; at++) {
        const name = args[at].replace(/^--/, '').replace(/-(\w)/g, (match, letter) => letter.toUpperCase());
        if (!args[at].startsWith('--') || !(name in defaults)) {
            console.error(args[at] === '--help' ? usage : `${args[at]} is not known.\n${usage}`);
            process.exit(args[at] === '--help' ? 0 : 2);
        }
        const sample = defaults[name];
        if (typeof sample === 'boolean') {
            options[name] = true;
            continue;
        }
        const text = args[++at] ?? '';
        const read = typeof (Array.isArray(sample) ? sample[0] : sample) === 'number' ? Number : String;
        options[name] = Array.isArray(sample) ? text.split(',').map(read) : read(text);
        if ([].concat(options[name]).some(Number.isNaN)) {
            console.error(`--${args[at - 1].slice(2)} takes numbers.`);
            process.exit(2);
        }
    }
    return options;
};

'use strict';

const fs = require('node:fs');
const path = require('node:path');

/** The other side of faulty_disk.cc: which faults the disk of a server has just now. */
module.exports = class FaultyDisk {

    static FULL = 1;
    static ERRORS = 2;
    static NO_ROOM = 4;

    constructor(library, folder, below) {
        this.library = library;
        this.below = below;
        this.file = path.join(folder, 'faults');
        fs.writeFileSync(this.file, Buffer.alloc(16));
        this.fd = fs.openSync(this.file, 'r+');
    }

    /** For the server's environment. */
    get env() {
        return { LD_PRELOAD: this.library, PATCHBAY_FAULTS: this.file, PATCHBAY_FAULTS_FOLDER: this.below };
    }

    set(flags, permille = 0) {
        const words = Buffer.alloc(8);
        words.writeUInt32LE(flags, 0);
        words.writeUInt32LE(permille, 4);
        fs.writeSync(this.fd, words, 0, 8, 0);
    }

    /** Calls that were made to fail so far. */
    get count() {
        const words = Buffer.alloc(8);
        fs.readSync(this.fd, words, 0, 8, 8);
        return Number(words.readBigUInt64LE(0));
    }
};

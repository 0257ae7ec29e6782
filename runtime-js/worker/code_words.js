'use strict';

// What a revision's code may touch, told by the words in it. A word that is not there cannot be meant; one that is may be.
//
// A component may touch what its own files name, and the files that belong to no component. If any of those requires another component's
// folder, or something that cannot be told from the text, it may touch what any file of the revision names.

const fs = require('node:fs');
const path = require('node:path');

const kCodeFile = /\.[cm]?js$/;
const kMaxCodeBytes = 8 * 1024 * 1024;
const kAnyWord = 'scope state flowDescriptor require';

const kImports = /\b(?:require|import)\b(?:\s*\(\s*(['"])([^'"]*)\1\s*\)|\s*(['"])([^'"]*)\3)?|\bfrom\s*(['"])([^'"]*)\5/g;
const kScope = /\bscope\b|\boriginalContent\b/;
const kState = /\bstate\b/;
const kDescriptor = /\bflowDescriptor\b/;

// The revision's own code files, without what npm installed.
function* codeFiles(folder) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const full = path.join(folder, entry.name);
        if (entry.isDirectory() && entry.name !== 'node_modules') {
            yield* codeFiles(full);
        } else if (entry.isFile() && kCodeFile.test(entry.name)) {
            yield full;
        }
    }
}

class CodeWords {

    // components: their folders below root.
    constructor(root, components) {
        this._owners = components.map(dir => path.join(root, dir) + path.sep).sort((a, b) => b.length - a.length);
        this._root = root;
        this._files = [...codeFiles(root)].map(file => this._read(file));
    }

    get usesState() {
        return this._files.some(file => file.state);
    }

    get usesDescriptor() {
        return this._files.some(file => file.descriptor);
    }

    usesScope(dir) {
        const owner = path.join(this._root, dir) + path.sep;
        const near = this._files.filter(file => file.owner === owner || file.owner === null);
        return (near.some(file => file.goesFar) ? this._files : near).some(file => file.scope);
    }

    _read(file) {
        const text = fs.statSync(file).size <= kMaxCodeBytes ? fs.readFileSync(file, 'utf8') : kAnyWord;
        const owner = this._ownerOf(file);
        return { owner, goesFar: this._goesFar(file, owner, text), scope: kScope.test(text), state: kState.test(text), descriptor: kDescriptor.test(text) };
    }

    // The innermost component whose folder holds it, or null.
    _ownerOf(file) {
        return this._owners.find(owner => (file + path.sep).startsWith(owner)) ?? null;
    }

    _goesFar(file, owner, text) {
        for (const [all, , called, , bare, , from] of text.matchAll(kImports)) {
            const target = called ?? bare ?? from;
            if (target === undefined) {
                if (all !== 'import') {  // the word of `import x from 'y'`, which is told by its `from`
                    return true;
                }
            } else if (target.startsWith('.')) {
                const other = this._ownerOf(path.resolve(path.dirname(file), target));
                if (other !== null && other !== owner) {
                    return true;
                }
            } else if (path.isAbsolute(target)) {
                return true;
            }
        }
        return false;
    }
}

module.exports = { CodeWords };

'use strict';

// Loads components of the revision: manifest and code, once each, with Node's own `require`.

const fs = require('node:fs');
const path = require('node:path');

const { compileSchema } = require('./validation');

class ComponentLoadError extends Error {

    constructor(message, cause) {
        super(message);
        this.name = 'ComponentLoadError';
        if (cause && cause.code) {
            this.code = cause.code;
        }
        if (cause && cause.stack) {
            this.stack = cause.stack;
        }
    }
}

function portName(port) {
    return typeof port === 'string' ? port : port && port.name;
}

// One loaded component: its manifest, its module and what is derived from them.
class Component {

    constructor(dir, manifest, exported) {
        this.dir = dir;
        this.manifest = manifest;
        this.exported = exported;
        this.type = manifest.name;
        this.inPorts = new Map();
        for (const port of manifest.inPorts || []) {
            this.inPorts.set(portName(port), port && port.schema);
        }
        // port → the text a send on it starts with. Every component has the implicit port `error`.
        this.outPorts = new Map();
        for (const name of [...(manifest.outPorts || []).map(portName), 'error']) {
            this.outPorts.set(name, `{"port":${JSON.stringify(name)},"payload":`);
        }
        this._validators = new Map();
        this._calledAsItself = usesPrivateMembers(exported);
    }

    method(name) {
        const found = this.exported[name];
        return typeof found === 'function' ? found : null;
    }

    // What `this` is in one call (R17): writes to it never reach another call.
    self() {
        return this._calledAsItself ? this.exported : Object.create(this.exported);
    }

    validator(key, schema) {
        let found = this._validators.get(key);
        if (found === undefined) {
            found = compileSchema(schema);
            this._validators.set(key, found);
        }
        return found;
    }
}

// Private members (`#x`) live on the very instance, so an object that inherits from it cannot reach them.
function usesPrivateMembers(exported) {
    for (let proto = Object.getPrototypeOf(exported); proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto)) {
        if (typeof proto.constructor === 'function' && /#[\p{ID_Start}$_]/u.test(Function.prototype.toString.call(proto.constructor))) {
            return true;
        }
    }
    return false;
}

class Loader {

    constructor(root) {
        this._root = path.resolve(root);
        this._components = new Map();
    }

    // dir: folder below the revision's root. Throws ComponentLoadError; a failed load is tried again next time.
    component(dir) {
        let found = this._components.get(dir);
        if (found === undefined) {
            found = this._load(dir);
            this._components.set(dir, found);
        }
        return found;
    }

    // Absolute path of a folder or file that must lie below the root.
    resolve(...parts) {
        const full = path.resolve(this._root, ...parts.map(String));
        if (full !== this._root && !full.startsWith(this._root + path.sep)) {
            throw new ComponentLoadError(`The path ${parts.join('/')} leaves the connector's folder`);
        }
        return full;
    }

    // Loads a file of the revision; its errors name the file as the connector's author knows it.
    require(...parts) {
        const file = this.resolve(...parts);
        const shown = path.relative(this._root, file);
        if (!fs.existsSync(file)) {
            throw new ComponentLoadError(`The file ${shown} does not exist`);
        }
        let exported;
        try {
            exported = require(file);
        } catch (err) {
            throw new ComponentLoadError(`${shown} does not load: ${err && err.message ? firstLine(err.message) : String(err)}`, err);
        }
        const unwrapped = exported && exported.__esModule && exported.default ? exported.default : exported;
        if (unwrapped === null || (typeof unwrapped !== 'object' && typeof unwrapped !== 'function')) {
            throw new ComponentLoadError(`${shown} exports nothing`);
        }
        return unwrapped;
    }

    _load(dir) {
        if (typeof dir !== 'string' || dir === '') {
            throw new ComponentLoadError('The call names no folder (member dir)');
        }
        const manifest = this._manifest(dir);
        return new Component(dir, manifest, this.require(dir, `${path.basename(dir)}.js`));
    }

    _manifest(dir) {
        try {
            const manifest = JSON.parse(fs.readFileSync(this.resolve(dir, 'component.json'), 'utf8'));
            if (manifest === null || typeof manifest !== 'object') {
                throw new Error('it is not a JSON object');
            }
            return manifest;
        } catch (err) {
            throw new ComponentLoadError(`${dir}/component.json cannot be read: ${err.message}`);
        }
    }

    get root() {
        return this._root;
    }
}

function firstLine(message) {
    return String(message).split('\n')[0];
}

module.exports = { Loader, Component, ComponentLoadError };

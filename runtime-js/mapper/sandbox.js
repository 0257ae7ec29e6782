'use strict';

// Text written by users runs here (ruling R33): QuickJS compiled to WebAssembly, with a memory limit,
// a deadline for each call and no door to Node. Values cross as JSON text.
//
// One sandbox serves one evaluation of one message and is disposed of after it. A failure inside the
// WebAssembly itself (not a JavaScript error) marks the room broken; `mend()` then builds a new one.

const fs = require('node:fs');
const path = require('node:path');
const { createHash, createHmac, getHashes } = require('node:crypto');
const { newQuickJSWASMModule, newVariant, RELEASE_SYNC } = require('quickjs-emscripten');
const generated = require('./generated.js');

const MIB = 1024 * 1024;
// QuickJS checks each allocation against its limit; what they take together is bounded by the memory
// of the WebAssembly instance, of which the interpreter itself needs the part above the limit.
const CODE_MEMORY = { limitBytes: 8 * MIB, instanceBytes: 16 * MIB };
const PATH_MEMORY = { limitBytes: 64 * MIB, instanceBytes: 96 * MIB };
const INITIAL_BYTES = 16 * MIB;
const PAGE_BYTES = 65536;
const STACK_BYTES = 256 * 1024;
const CALL_MS = 1000;
const JOBS_AT_ONCE = 100;

const PRELUDE = fs.readFileSync(path.join(__dirname, 'sandbox_prelude.js'), 'utf8');
const BASICS = fs.readFileSync(path.join(__dirname, 'basics.js'), 'utf8');
const HASHES = new Set(getHashes());

function source(...parts) {
    return fs.readFileSync(path.join(...parts), 'utf8');
}

const LIBRARIES = {
    lodash: source(require.resolve('lodash/lodash.min.js')),
    moment: source(require.resolve('moment/min/moment.min.js')),
    jsonata: source(require.resolve('jsonata/jsonata.min.js')),
    jsonpath: source(require.resolve('jsonpath/jsonpath.min.js')),
    jsonpathPlus: source(path.dirname(require.resolve('jsonpath-plus')), 'index-browser-umd.min.cjs')
};

class SandboxError extends Error {
    constructor(name, message) {
        super(message);
        this.name = name;
    }
}

// Holds the compiled WebAssembly and one instance of it for each size of memory. Load it before the
// first frame; nothing is read from disk later.
class SandboxRoom {
    static async load() {
        const room = new SandboxRoom();
        const wasm = require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
        room.wasmModule = await WebAssembly.compile(fs.readFileSync(wasm));
        await room.mend();
        return room;
    }

    async mend() {
        this.code = await this.instance(CODE_MEMORY);
        this.path = await this.instance(PATH_MEMORY);
        this.broken = false;
    }

    async instance({ limitBytes, instanceBytes }) {
        const wasmMemory = new WebAssembly.Memory({
            initial: INITIAL_BYTES / PAGE_BYTES,
            maximum: instanceBytes / PAGE_BYTES
        });
        const variant = newVariant(RELEASE_SYNC, { wasmModule: this.wasmModule, wasmMemory });
        return { quickjs: await newQuickJSWASMModule(variant), limitBytes };
    }
}

// `kind` = 'code' or 'path': the instance, and with it the memory.
class Sandbox {
    constructor(room, { kind = 'code', context = {} } = {}) {
        this.room = room;
        this.kind = kind;
        this.context = context;
        this.blocks = [];
        this.deadline = 0;
        this.depth = 0;
    }

    // Calls the function that `text` spells. `args` and the values of `hash` may be functions: blocks.
    callFunction(text, args, hash) {
        const firstBlock = this.blocks.length;
        const packed = {
            text,
            args: args.map(arg => this.pack(arg)),
            hash: Object.fromEntries(Object.entries(hash).map(([key, value]) => [key, this.pack(value)]))
        };
        try {
            return this.run('function', packed);
        } finally {
            this.blocks.length = firstBlock;
        }
    }

    runJavascript(code, value) {
        return this.run('javascript', { code, value: this.pack(value) });
    }

    jsonPath(path, json) {
        return this.run('jsonPath', { path, json });
    }

    pack(value) {
        if (value === undefined) return {};
        return typeof value === 'function' ? { b: this.blocks.push(value) - 1 } : { v: value };
    }

    run(kind, packed) {
        if (this.room.broken) throw new SandboxError('SandboxError', 'the sandbox failed earlier in this message');
        try {
            this.open();
            return this.guarded(() => this.invoke(kind, JSON.stringify(packed)));
        } catch (err) {
            if (!(err instanceof SandboxError)) this.room.broken = true;
            throw err;
        }
    }

    // Calls nest when a block runs user text again; the outermost sets the deadline.
    guarded(work) {
        if (this.depth === 0) this.deadline = generated.realNow() + CALL_MS;
        this.depth += 1;
        try {
            return work();
        } finally {
            this.depth -= 1;
        }
    }

    invoke(kind, text) {
        const { vm } = this;
        const args = [vm.newString(kind), vm.newString(text)];
        try {
            const result = this.take(vm.callFunction(this.entry.run, vm.undefined, ...args));
            const value = result === true ? this.settle() : result;
            return value === undefined ? undefined : JSON.parse(value);
        } finally {
            for (const handle of args) handle.dispose();
        }
    }

    settle() {
        const { runtime, vm } = this;
        while (runtime.hasPendingJob() && generated.realNow() < this.deadline) {
            const done = runtime.executePendingJobs(JOBS_AT_ONCE);
            if (done.error) done.error.dispose();
        }
        return this.take(vm.callFunction(this.entry.collect, vm.undefined));
    }

    // Text, true or undefined of a call; its error becomes a SandboxError.
    take(result) {
        const handle = result.error || result.value;
        try {
            const value = this.vm.dump(handle);
            if (!result.error) return value;
            const known = value !== null && typeof value === 'object';
            throw new SandboxError(
                known && typeof value.name === 'string' ? value.name : 'Error',
                known && typeof value.message === 'string' ? value.message : String(value)
            );
        } finally {
            handle.dispose();
        }
    }

    open() {
        if (this.vm) return;
        const { quickjs, limitBytes } = this.room[this.kind];
        this.runtime = quickjs.newRuntime();
        this.runtime.setMemoryLimit(limitBytes);
        this.runtime.setMaxStackSize(STACK_BYTES);
        this.runtime.setInterruptHandler(() => generated.realNow() > this.deadline);
        this.vm = this.runtime.newContext();
        this.deadline = generated.realNow() + CALL_MS;
        this.entry = this.load();
    }

    load() {
        const { vm } = this;
        const host = this.hostFunctions();
        const basics = vm.newString(BASICS);
        const prelude = vm.unwrapResult(vm.evalCode(PRELUDE, 'prelude.js'));
        const entry = vm.unwrapResult(vm.callFunction(prelude, vm.undefined, host, basics));
        const functions = { run: vm.getProp(entry, 'run'), collect: vm.getProp(entry, 'collect') };
        for (const handle of [host, basics, prelude, entry]) handle.dispose();
        return functions;
    }

    hostFunctions() {
        const { vm } = this;
        const text = value => vm.newString(value);
        const table = {
            random: () => vm.newNumber(generated.random()),
            now: () => vm.newNumber(generated.now()),
            uuid: () => text(generated.uuid()),
            base64: value => text(Buffer.from(vm.getString(value), 'utf8').toString('base64')),
            context: () => text(JSON.stringify(this.context)),
            library: name => text(LIBRARIES[vm.getString(name)]),
            digest: (...args) => text(this.digest(...args.map(arg => vm.getString(arg)))),
            hmac: (...args) => text(this.hmac(...args.map(arg => vm.getString(arg)))),
            block: (index, locals) => this.block(vm.getNumber(index), vm.getString(locals))
        };
        const object = vm.newObject();
        for (const [name, fn] of Object.entries(table)) {
            vm.newFunction(name, fn).consume(handle => vm.setProp(object, name, handle));
        }
        return object;
    }

    digest(name, text, encoding) {
        if (!HASHES.has(name)) throw new Error(`there is no digest "${name}"`);
        return createHash(name).update(text, 'utf8').digest(encoding === 'base64' ? 'base64' : 'hex');
    }

    hmac(name, key, text, encoding) {
        if (!HASHES.has(name)) throw new Error(`there is no digest "${name}"`);
        return createHmac(name, key).update(text, 'utf8').digest(encoding === 'base64' ? 'base64' : 'hex');
    }

    block(index, locals) {
        const value = this.blocks[index](JSON.parse(locals));
        if (value && typeof value.then === 'function') {
            throw new Error('a block that needs g_jsonata cannot be used by an edited modifier');
        }
        const text = JSON.stringify(value);
        return text === undefined ? this.vm.undefined : this.vm.newString(text);
    }

    dispose() {
        if (!this.vm) return;
        try {
            this.entry.run.dispose();
            this.entry.collect.dispose();
            this.vm.dispose();
            this.runtime.dispose();
        } catch (err) {
            this.room.broken = true;
        }
    }
}

module.exports = { Sandbox, SandboxRoom };

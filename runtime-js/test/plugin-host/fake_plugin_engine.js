'use strict';

// The engine's side of one real plugin host: sends frames, keeps documents, state and locks in memory and answers host calls from
// there. What the host sends besides (outcomes, logs) is handed out in order.

const { spawn } = require('node:child_process');
const { EventEmitter } = require('node:events');
const path = require('node:path');

const kHost = path.join(__dirname, '..', '..', 'plugin-host', 'main.js');
const kRevision = path.join(__dirname, 'fixtures');
const kPatienceMs = 20000;

class FakePluginEngine extends EventEmitter {

    // answers: false: host calls are left to the test, as they come.
    constructor({ env = {}, answers = true, args = [] } = {}) {
        super();
        this.setMaxListeners(0);
        this.child = spawn(process.execPath, [...args, kHost], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
        this.channel = this.child.stdio[3];
        this.frames = [];
        this.stderr = '';
        this.state = new Map();
        this.locks = new Map();
        this.collections = new Map();
        this.core = { flows: [], accounts: [], accountComponent: [], serviceState: [] };
        this.listeners_ = [];
        this.asked = [];
        this.logs = [];
        // op → (a, frame) => answer; takes the place of what is below.
        this.overrides = {};
        this._answers = answers;
        this._partial = '';
        this._lastId = 0;
        this._lastToken = 0;
        this.exited = new Promise(resolve => this.child.once('exit', (code, signal) => resolve({ code, signal })));
        this.child.stderr.on('data', chunk => {
            this.stderr += chunk;
        });
        this.child.stdout.resume();
        this.channel.setEncoding('utf8');
        this.channel.on('data', text => this._onData(text));
        this.channel.on('error', () => undefined);
    }

    static async started({ root = kRevision, apiUrl = 'http://127.0.0.1:8420', revision = 'rev-1', limits = {}, ...options } = {}) {
        const engine = new FakePluginEngine(options);
        engine.send({ t: 'hello', protocol: 1, root, revision, apiUrl, gridInstanceId: 'node-1', limits: { documentBytes: 16777216, ...limits } });
        await engine.next(frame => frame.t === 'ready');
        return engine;
    }

    _onData(text) {
        const lines = (this._partial + text).split('\n');
        this._partial = lines.pop();
        for (const line of lines) {
            this._onFrame(JSON.parse(line));
        }
    }

    _onFrame(frame) {
        if (frame.t === 'log') {
            this.logs.push(frame);
        }
        if (frame.t === 'host') {
            this.asked.push({ id: frame.id, op: frame.op, a: frame.a });
            if (this._answers) {
                this._answer(frame);
            }
        }
        this.frames.push(frame);
        this.emit('frame');
    }

    async _answer(frame) {
        const { id, q, op, a } = frame;
        try {
            const ok = await (this.overrides[op] ?? this[op]).call(this, a, frame);
            this.send({ t: 'reply', id, q, ok: ok ?? {} });
        } catch (err) {
            this.send({ t: 'reply', id, q, err: { name: err.name, message: err.message, statusCode: err.statusCode, attempts: err.attempts } });
        }
    }

    send(frame) {
        this.channel.write(JSON.stringify(frame) + '\n');
    }

    raw(text) {
        this.channel.write(text);
    }

    // The first frame, from now or before, that `is` wants; it is taken out.
    next(is = () => true) {
        return new Promise((resolve, reject) => {
            const look = () => {
                const index = this.frames.findIndex(is);
                if (index !== -1) {
                    clearTimeout(timer);
                    this.off('frame', look);
                    resolve(this.frames.splice(index, 1)[0]);
                }
            };
            const timer = setTimeout(() => {
                this.off('frame', look);
                reject(new Error(`no such frame came; logs: ${JSON.stringify(this.logs)}; stderr: ${this.stderr}`));
            }, kPatienceMs);
            this.on('frame', look);
            look();
        });
    }

    outcome(id) {
        return this.next(frame => frame.id === id && (frame.t === 'done' || frame.t === 'fail'));
    }

    log(pattern) {
        return this.next(frame => frame.t === 'log' && pattern.test(frame.message));
    }

    call(m, members) {
        const id = ++this._lastId;
        this.send({ t: 'call', id, m, deadlineMs: 60000, ...members });
        return id;
    }

    // Starts a plugin; resolves with its call and what it told when it was up.
    async plugin(plugin, members = {}) {
        const id = this.call('plugin', { plugin, dir: plugin, service: plugin.replaceAll('/', ':'), config: {}, ...members });
        const frame = await this.next(one => one.id === id && (one.t === 'fail' || (one.t === 'host' && one.op === 'pluginUp')));
        return frame.t === 'fail' ? { id, fail: frame } : { id, ...frame.a };
    }

    startRequest(plugin, method, target, { body, user = null, ...members } = {}) {
        const isJson = body !== undefined && !Buffer.isBuffer(body);
        const bytes = isJson ? Buffer.from(JSON.stringify(body)) : body;
        const headers = { host: 'patchbay.test', ...(isJson ? { 'content-type': 'application/json' } : {}), ...members.headers };
        return this.call('request', {
            plugin, method, path: target, user, remoteAddress: '192.0.2.7', hostname: 'patchbay.test', ...members, headers,
            ...(bytes === undefined ? {} : { body: bytes.toString('base64') })
        });
    }

    // The whole answer of a request: {status, headers, body, json}.
    async request(...args) {
        const id = this.startRequest(...args);
        const frame = await this.outcome(id);
        if (frame.t === 'fail') {
            throw Object.assign(new Error(frame.err.message), { fail: frame });
        }
        return shown(frame.value, this.asked.filter(one => one.id === id));
    }

    async stop() {
        this.channel.end();
        this.channel.destroy();
        return this.exited;
    }

    // Host calls, from memory.

    pluginUp() {}

    answerHead() {}

    answerPiece() {}

    stateGet({ key }) {
        return { found: this.state.has(key), value: this.state.get(key) ?? null };
    }

    stateSet({ key, value }) {
        this.state.set(key, value);
    }

    stateUnset({ key }) {
        this.state.delete(key);
    }

    stateClear() {
        this.state.clear();
    }

    stateLoad() {
        return Object.fromEntries(this.state);
    }

    stateInc({ key, by, returnOld }) {
        const old = this.state.get(key) ?? 0;
        this.state.set(key, old + by);
        return { value: returnOld ? old : old + by };
    }

    stateAddToSet({ key, value }) {
        const set = this.state.get(key) ?? [];
        this.state.set(key, set.includes(value) ? set : [...set, value]);
        return { value: this.state.get(key) };
    }

    stateRemoveFromSet({ key, value }) {
        this.state.set(key, (this.state.get(key) ?? []).filter(one => one !== value));
        return { value: this.state.get(key) };
    }

    lockAcquire({ name }) {
        if (this.locks.has(name)) {
            throw Object.assign(new Error(`Lock ${name} is held by another call and was not released in time.`), { name: 'LockError', attempts: 1 });
        }
        this.locks.set(name, ++this._lastToken);
        return { token: this._lastToken };
    }

    lockExtend() {}

    lockRelease({ name }) {
        this.locks.delete(name);
    }

    documentsRead({ collection, after, limit }) {
        return page([...this._collection(collection)].map(([id, document]) => ({ id, document })), after, limit);
    }

    documentsWrite({ collection, put, remove }) {
        const documents = this._collection(collection);
        put.forEach(({ id, document }) => documents.set(id, document));
        remove.forEach(id => documents.delete(id));
    }

    documentsDrop({ collection }) {
        this.collections.delete(collection);
    }

    coreRead({ view, equal = {}, after, limit }) {
        const rows = view === 'serviceState' ? [...this.state].map(([key, value]) => ({ key, value })) : this.core[view];
        const found = rows.filter(row => Object.entries(equal).every(([field, text]) => row[field] === text));
        return page(found.map((document, index) => ({ id: document.key ?? String(index).padStart(6, '0'), document })), after, limit);
    }

    listeners({ eventName }) {
        return this.listeners_.filter(listener => listener.eventName === eventName);
    }

    trigger() {
        return { status: 202, headers: {}, body: {} };
    }

    _collection(name) {
        if (!this.collections.has(name)) {
            this.collections.set(name, new Map());
        }
        return this.collections.get(name);
    }

    documents(name) {
        return [...this._collection(name).values()];
    }
}

function page(rows, after, limit) {
    const behind = rows.filter(row => after === undefined || Buffer.compare(Buffer.from(row.id), Buffer.from(after)) > 0)
        .sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)));
    return { documents: behind.slice(0, limit), more: behind.length > limit };
}

function shown(value, asked) {
    const head = value ?? asked.find(one => one.op === 'answerHead').a;
    const pieces = asked.filter(one => one.op === 'answerPiece').map(one => Buffer.from(one.a.data, 'base64'));
    const bytes = value ? Buffer.from(value.body ?? '', 'base64') : Buffer.concat(pieces);
    const body = bytes.toString();
    const isJson = /json/.test(head.headers['content-type']);
    return { status: head.status, headers: head.headers, bytes, body, json: isJson && body ? JSON.parse(body) : undefined };
}

module.exports = { FakePluginEngine, kRevision };

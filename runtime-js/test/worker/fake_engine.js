'use strict';

// The engine's side of one real worker process: sends frames, hands out the worker's frames in the order they come.

const { spawn } = require('node:child_process');
const path = require('node:path');

const kWorker = path.join(__dirname, '..', '..', 'worker', 'main.js');
const kRevision = path.join(__dirname, 'revision');
const kPatienceMs = 20000;

class FakeEngine {

    constructor(env = {}) {
        this.child = spawn(process.execPath, [kWorker], { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
        this.channel = this.child.stdio[3];
        this.frames = [];
        this.waiting = [];
        this.stderr = '';
        this.stdout = '';
        this.partial = '';
        this.exited = new Promise(resolve => this.child.once('exit', (code, signal) => resolve({ code, signal })));
        this.child.stderr.on('data', chunk => {
            this.stderr += chunk;
        });
        this.child.stdout.on('data', chunk => {
            this.stdout += chunk;
        });
        this.channel.setEncoding('utf8');
        this.channel.on('data', text => this._onData(text));
        this.channel.on('error', () => undefined);
    }

    static async started(options = {}) {
        const engine = new FakeEngine(options.env);
        engine.send({
            t: 'hello', protocol: 1, root: kRevision, apiUrl: options.apiUrl || 'http://127.0.0.1:8420', gridInstanceId: 'node-1',
            limits: { messageBytes: 15728640, documentBytes: 16777216, holdMs: 20, holdCount: 64, holdBytes: 1048576, ...options.limits }
        });
        await engine.next();
        return engine;
    }

    _onData(text) {
        const lines = (this.partial + text).split('\n');
        this.partial = lines.pop();
        for (const line of lines) {
            const frame = JSON.parse(line);
            const waiter = this.waiting.shift();
            if (waiter) {
                waiter.resolve(frame);
            } else {
                this.frames.push(frame);
            }
        }
    }

    send(frame) {
        this.channel.write(JSON.stringify(frame) + '\n');
    }

    raw(text) {
        this.channel.write(text);
    }

    // The next frame of the worker; fails when none comes.
    next() {
        if (this.frames.length > 0) {
            return Promise.resolve(this.frames.shift());
        }
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`no frame came; stderr: ${this.stderr}`)), kPatienceMs);
            this.waiting.push({
                resolve: frame => {
                    clearTimeout(timer);
                    resolve(frame);
                }
            });
        });
    }

    // Runs a scenario of the Probe component.
    probe(id, content, members = {}) {
        this.send(probeCall(id, content, members));
    }

    async stop() {
        this.channel.end();
        this.channel.destroy();
        return this.exited;
    }
}

function probeCall(id, content, members) {
    return {
        t: 'call', id, m: 'receive', component: 'acme.probe.core.Probe', dir: 'acme/probe/core/Probe', flow: 'f1', componentId: 'c1',
        callId: `call-${id}`, attempt: 1, messages: { in: { content } }, held: true, ...members
    };
}

module.exports = { FakeEngine, kRevision };

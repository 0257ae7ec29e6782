'use strict';

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');

const RestClient = require('./rest_client');

const ROOT = path.join(__dirname, '../..');
const BINARY = path.resolve(process.env.PATCHBAY_BINARY || path.join(ROOT, 'build/release/bin/patchbay'));
const READY = /^Patchbay is ready: (http:\/\/\S+)/m;
const READY_TIMEOUT_MS = 60000;
const OUTPUT_KEPT = 64 * 1024;
const PORTS = { first: 12000, count: 20000 };
const ADMIN = { username: 'admin@example.test', password: 'correct horse battery' };

/**
 * A port that nobody listens on, below those that the system gives to outgoing connections: a server that was
 * killed finds it free again, and test processes side by side hardly ever choose the same.
 */
function freePort() {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    return new Promise(resolve => {
        const probe = net.createServer().on('error', () => resolve(freePort()));
        probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
    });
}

/** A temporary folder that goes when the test process ends. */
function temporaryFolder(name) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `patchbay-${name}-`));
    process.on('exit', () => {
        if (!process.env.PATCHBAY_KEEP) {
            fs.rmSync(folder, { recursive: true, force: true });
        }
    });
    return folder;
}

/**
 * The real binary on a loopback port, with a data folder of its own.
 *
 * `start` may be called again after `kill` or `stop`: same port, same data. The process is ended
 * by its id only, also when the test process itself ends.
 */
class Server {

    static async start(options) {
        const server = new Server(options);
        server.port = options?.port ?? await freePort();
        await server.start();
        return server;
    }

    constructor({ env = {}, args = [], name = 'e2e' } = {}) {
        this.folder = temporaryFolder(name);
        this.data = path.join(this.folder, 'data');
        this.env = env;
        this.args = args;
        this.output = '';
        this.startMs = 0;
        process.on('exit', () => this.child?.kill('SIGKILL'));
    }

    get pid() {
        return this.child?.pid;
    }

    async start() {
        const began = process.hrtime.bigint();
        const child = spawn(...dyingWithUs(BINARY, ['serve', '--port', String(this.port), '--data', this.data, ...this.args]), {
            cwd: this.folder,
            env: {
                ...process.env,
                PATCHBAY_ADMIN_EMAIL: ADMIN.username,
                PATCHBAY_ADMIN_PASSWORD: ADMIN.password,
                ...this.env
            },
            stdio: ['ignore', 'pipe', 'pipe']
        });
        this.child = child;
        this.expected = false;
        this.exited = new Promise(resolve => child.once('exit', (code, signal) => resolve({ code, signal })));
        this.exited.then(end => this.#gone(end));
        this.url = await this.#ready(child);
        this.startMs = Number(process.hrtime.bigint() - began) / 1e6;
        return this;
    }

    #ready(child) {
        return new Promise((resolve, reject) => {
            let text = '';
            const timer = setTimeout(() => refuse('was not ready in time'), READY_TIMEOUT_MS);
            const refuse = why => {
                clearTimeout(timer);
                child.kill('SIGKILL');
                reject(new Error(`${BINARY} ${why}. Its output:\n${this.output}`));
            };
            const read = chunk => {
                this.output = (this.output + chunk).slice(-OUTPUT_KEPT);
                text = url ? '' : (text + chunk).slice(-4096);
                if (!url && (url = READY.exec(text)?.[1])) {
                    clearTimeout(timer);
                    resolve(url);
                }
            };
            let url;
            child.stdout.setEncoding('utf8').on('data', read);
            child.stderr.setEncoding('utf8').on('data', read);
            child.once('error', err => refuse(`could not be started (${err.message})`));
            child.once('exit', (code, signal) => url || refuse(`ended with ${signal ?? code}`));
        });
    }

    /** A server that dies by itself explains the refused connections that follow. */
    #gone({ code, signal }) {
        if (!this.expected && this.url) {
            console.error(`${BINARY} ended by itself with ${signal ?? code}. Its last output:\n${this.output.slice(-4000)}`);
        }
    }

    /** A client that is signed in as the admin. */
    async admin() {
        return this.client().signIn(ADMIN.username, ADMIN.password);
    }

    /** A client without a token. */
    client() {
        return new RestClient(this.url);
    }

    /** Ends the process at once, as a power cut would. */
    async kill() {
        this.expected = true;
        this.child.kill('SIGKILL');
        await this.exited;
    }

    /** Asks for an orderly end. */
    async stop() {
        this.expected = true;
        if (this.child.exitCode === null && this.child.signalCode === null) {
            this.child.kill('SIGTERM');
        }
        return this.exited;
    }

    /** Ids of the Node processes that run components, found through the parents in /proc. */
    workers() {
        return processTree(this.pid).filter(pid => commandLine(pid).includes('worker/main.js'));
    }

    /** Ends them at once; one may take others with it. */
    killWorkers() {
        for (const pid of this.workers()) {
            try {
                process.kill(pid, 'SIGKILL');
            } catch (err) {
                if (err.code !== 'ESRCH') {
                    throw err;
                }
            }
        }
    }
}

/** The command, through setpriv where there is one, so that no server outlives a test that was itself killed. */
function dyingWithUs(program, args) {
    const setpriv = '/usr/bin/setpriv';
    return fs.existsSync(setpriv) ? [setpriv, ['--pdeathsig', 'KILL', program, ...args]] : [program, args];
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
function alive(pid) {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
        return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
    } catch (err) {
        return false;
    }
}

function commandLine(pid) {
    try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch (err) {
        return '';
    }
}

/** A process and everything below it. */
function processTree(root) {
    const children = new Map();
    for (const name of fs.readdirSync('/proc')) {
        if (!/^\d+$/.test(name)) {
            continue;
        }
        let stat;
        try {
            stat = fs.readFileSync(`/proc/${name}/stat`, 'utf8');
        } catch (err) {
            continue;
        }
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        children.set(parent, [...children.get(parent) ?? [], Number(name)]);
    }
    const tree = [root];
    for (const pid of tree) {
        tree.push(...children.get(pid) ?? []);
    }
    return tree;
}

module.exports = { Server, ADMIN, BINARY, ROOT, freePort, temporaryFolder, processTree, alive };

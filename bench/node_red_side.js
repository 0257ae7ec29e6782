'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync, spawn } = require('node:child_process');

const { freePort, temporaryFolder, ROOT } = require('../tests/e2e/server');

const READY_TIMEOUT_MS = 60000;

/** Node-RED as a server would run it: no editor, no console log, a folder of its own, loopback only. */
module.exports = class NodeRedSide {

    static label = 'Node-RED';

    static async start({ node, sinkPort, env = {} }) {
        install();
        const side = new NodeRedSide();
        side.port = await freePort();
        const folder = temporaryFolder('node-red');
        fs.writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(flows(sinkPort)));
        fs.writeFileSync(path.join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings(side.port))};\n`);
        const red = path.join(__dirname, 'node_modules/node-red/red.js');
        side.child = spawn(node, [red, '--userDir', folder, '--settings', path.join(folder, 'settings.js'), path.join(folder, 'flows.json')], {
            cwd: folder,
            env: { ...process.env, ...env, NODE_ENV: 'production' },
            stdio: ['ignore', 'ignore', 'inherit']
        });
        process.on('exit', () => side.child.kill('SIGKILL'));
        side.pid = side.child.pid;
        side.exited = new Promise(resolve => side.child.once('exit', resolve));
        await side.#ready();
        return side;
    }

    static get version() {
        return JSON.parse(fs.readFileSync(path.join(__dirname, 'node_modules/node-red/package.json'), 'utf8')).version;
    }

    async #ready() {
        const end = Date.now() + READY_TIMEOUT_MS;
        for (;;) {
            const answer = await fetch(`http://127.0.0.1:${this.port}/a`, {
                method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"id":0}'
            }).catch(() => null);
            if (answer?.status === 200) {
                return;
            }
            if (Date.now() > end || this.child.exitCode !== null) {
                throw new Error('Node-RED does not answer.');
            }
            await new Promise(resolve => setTimeout(resolve, 100));
        }
    }

    path(flow) {
        return flow === 'A' ? '/a' : '/b';
    }

    async stop() {
        this.child.kill('SIGTERM');
        const timer = setTimeout(() => this.child.kill('SIGKILL'), 10000);
        await this.exited;
        clearTimeout(timer);
    }
};

function install() {
    if (fs.existsSync(path.join(__dirname, 'node_modules/node-red/red.js'))) {
        return;
    }
    const npm = path.join(ROOT, 'runtime-js/node_modules/npm/bin/npm-cli.js');
    execFileSync(process.execPath, [npm, 'ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit'] });
}

function settings(port) {
    return {
        uiPort: port,
        uiHost: '127.0.0.1',
        httpAdminRoot: false,
        disableEditor: true,
        logging: { console: { level: 'off', metrics: false, audit: false } },
        telemetry: { enabled: false },
        editorTheme: { tours: false },
        contextStorage: { default: { module: 'memory' } },
        diagnostics: { enabled: false, ui: false },
        runtimeState: { enabled: false, ui: false }
    };
}

const change = (id, property, value, wires) => ({
    id, z: 'tab', type: 'change', name: '', wires: [wires],
    rules: [{ t: 'set', p: property, pt: 'msg', to: value, tot: 'str' }]
});

/** The same work as patchbay_side.js does: the body of the call is data, one field is set per step. */
function flows(sinkPort) {
    return [
        { id: 'tab', type: 'tab', label: 'bench' },
        { id: 'a1', z: 'tab', type: 'http in', url: '/a', method: 'post', upload: false, wires: [['a2']] },
        change('a2', 'payload.status', 'seen', ['a3']),
        { id: 'a3', z: 'tab', type: 'http response', statusCode: '200', headers: {}, wires: [] },
        { id: 'b1', z: 'tab', type: 'http in', url: '/b', method: 'post', upload: false, wires: [['b2', 'b3']] },
        { id: 'b2', z: 'tab', type: 'http response', statusCode: '200', headers: {}, wires: [] },
        change('b3', 'payload.first', 'one', ['b4']),
        change('b4', 'payload.second', 'two', ['b5']),
        change('b5', 'payload.third', 'three', ['b6']),
        {
            id: 'b6', z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore',
            url: `http://127.0.0.1:${sinkPort}/`, persist: true, insecureHTTPParser: false, senderr: false, headers: [], wires: [[]]
        }
    ];
}

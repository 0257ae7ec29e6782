'use strict';

// One plugin that runs: its code, its context, and what it has registered.
//
// Lifetime: from `m: plugin` until that call fails or is cancelled; then its jobs stop and its requests are given up. What its code
// holds besides (connections, timers) goes with the process.

const { ComponentLoadError } = require('../worker/loader');
const { createContext } = require('./context/context');
const { Jobs } = require('./jobs');
const { Listeners } = require('./listeners');
const { PluginServer } = require('./plugin_server');

const kOutputPeriodMs = 10 * 60 * 1000;

class Plugin {

    constructor(host, call, frame) {
        this.host = host;
        this.call = call;
        this.id = frame.plugin;
        this.dir = frame.dir;
        this.config = frame.config ?? {};
        this.jobs = new Jobs(this);
        this.listeners = new Listeners(this);
        this.server = new PluginServer(this);
        this._serving = new Set();
        this._isUp = false;
        this._isAnnouncing = false;
        this._output = null;
    }

    // Folder of its files.
    get folder() {
        return this.host.loader.resolve(this.dir);
    }

    // Ends with `pluginUp`, or with the failure of its call.
    async start() {
        try {
            await this.server.initialise();
            const load = this.host.loader.require(this.dir, 'plugin.js');
            if (typeof load !== 'function') {
                throw new ComponentLoadError(`${this.dir}/plugin.js does not export a function`);
            }
            await load(createContext(this));
            this._isUp = true;
            await this._announce();
        } catch (err) {
            this.call.fail(err, 'load');
        }
    }

    // What it has registered changed. Once it is up, the engine is told again, once per turn.
    changed() {
        if (!this._isUp || this._isAnnouncing) {
            return;
        }
        this._isAnnouncing = true;
        setImmediate(() => {
            this._isAnnouncing = false;
            this._announce().catch(err => this.call.log('error', `The engine did not take the plugin's new routes: ${err.message}`));
        });
    }

    _announce() {
        return this.call.ask('pluginUp', { routes: this.server.routes(), jobs: this.jobs.list() });
    }

    // A request or a listener that this plugin answers: it ends with the plugin at the latest.
    serve(call) {
        this._serving.add(call);
        call.atEnd(() => this._serving.delete(call));
    }

    stop() {
        this.jobs.stop();
        for (const call of [...this._serving]) {
            call.fail(new Error(`The plugin ${this.id} has been stopped`));
        }
    }

    // What it prints counts against a budget (worker/output.js), which starts anew after a while.
    get output() {
        const now = Date.now();
        if (this._output === null || now - this._output.since > kOutputPeriodMs) {
            this._output = { since: now, log: (...record) => this.call.log(...record) };
        }
        return this._output;
    }
}

module.exports = { Plugin };

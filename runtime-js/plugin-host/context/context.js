'use strict';

// What a plugin gets as `context`, one file per group of members; methods work detached, and a plugin may add members of its own.
// Logging, httpRequest and CancelError are the worker's.

const { kCall } = require('../../worker/context/members');
const { kPublicUserId } = require('../visitors');
const { createHttp } = require('./http');
const { createDatabase } = require('../documents/database');
const { createServiceState } = require('./service_state');
const { acquire, acquireForJob } = require('./locks');
const { createTriggers } = require('./triggers');
const { mapArray } = require('./map_array');
const { stringify } = require('./error_text');

class PluginContext {

    constructor(plugin) {
        const { call, host } = plugin;
        this[kCall] = call;
        this.config = plugin.config;
        this.appmixerApiUrl = host.apiUrl;
        this.gridInstanceId = host.gridInstanceId;
        this.constants = { PUBLIC_USER_ID: kPublicUserId };
        this.http = createHttp(plugin);
        this.db = createDatabase(plugin);
        this.service = createServiceState(call);
        this.lock = (name, options) => acquire(call, name, options);
        this.job = { lock: (name, options) => acquireForJob(call, host.revision, name, options) };
        this.scheduleJob = (name, pattern, run) => plugin.jobs.schedule(name, pattern, run);
        this.onListenerAdded = hook => plugin.listeners.onAdded(hook);
        Object.assign(this, createTriggers(call));
        this.utils = { Error: { stringify }, P: { mapArray } };
    }
}

for (const group of ['errors', 'logging', 'http_request']) {
    require(`../../worker/context/${group}`)(PluginContext.prototype);
}

module.exports = { createContext: plugin => new PluginContext(plugin) };

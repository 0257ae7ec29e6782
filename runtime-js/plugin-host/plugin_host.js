'use strict';

// The host behind its channel: plugins that run, calls in flight, and what each frame does.
//
// Which plugin a stray error belongs to is told by the async context its code runs in; such an error never ends the process.

const { EngineProcess } = require('../engine_process');
const { Call } = require('./call');
const { Plugin } = require('./plugin');
const { Exchange } = require('./exchange');

const kLimits = { messageBytes: 15728640, documentBytes: 16777216 };

class PluginHost extends EngineProcess {

    constructor() {
        super('Plugin host', kLimits);
        this._plugins = new Map();
    }

    // The plugin whose code runs now, or undefined.
    get currentPlugin() {
        return this._current.getStore();
    }

    // Runs code on behalf of a plugin.
    runFor(plugin, code) {
        return this._current.run(plugin, code);
    }

    onCall(frame) {
        const call = new Call(this, frame);
        this._calls.set(call.id, call);
        switch (frame.m) {
        case 'plugin': return this._startPlugin(call, frame);
        case 'request': return this._withPlugin(call, frame, plugin => new Exchange(plugin, call, frame).run());
        case 'listenerAdded': return this._withPlugin(call, frame, plugin => plugin.listeners.added(call, frame.listener));
        default: return call.fail(new Error(`This plugin host knows no method ${JSON.stringify(frame.m)}`));
        }
    }

    _startPlugin(call, frame) {
        if (this._plugins.has(frame.plugin)) {
            call.fail(new Error(`The plugin ${frame.plugin} runs already`), 'load');
            return;
        }
        const plugin = new Plugin(this, call, frame);
        this._plugins.set(plugin.id, plugin);
        call.atEnd(() => {
            this._plugins.delete(plugin.id);
            plugin.stop();
        });
        this._current.run(plugin, () => plugin.start());
    }

    _withPlugin(call, frame, work) {
        const plugin = this._plugins.get(frame.plugin);
        if (!plugin) {
            call.fail(new Error(`The plugin ${frame.plugin} does not run here`));
            return;
        }
        plugin.serve(call);
        this._current.run(plugin, async () => {
            try {
                await work(plugin);
            } catch (err) {
                call.fail(err);
            }
        });
    }

    onUnhandledRejection(reason) {
        this._onStrayError('A promise that nobody awaits was rejected', reason);
    }

    onUncaughtException(thrown) {
        this._onStrayError('An error was thrown that nothing catches', thrown);
    }

    _onStrayError(what, thrown) {
        const plugin = this._current.getStore();
        const err = this.failure(thrown);
        if (plugin) {
            plugin.call.log('error', `${what}: ${err.message}`, err);
        } else {
            process.stderr.write(`${what}, outside any plugin: ${err.stack || err.message}\n`);
        }
    }
}

module.exports = { PluginHost };

'use strict';

// What a plugin wants to be asked when a component asks to be called by it (`context.onListenerAdded`).

class Listeners {

    constructor(plugin) {
        this._plugin = plugin;
        this._hooks = [];
    }

    // hook: async listener => {…}; it may change `listener.params`, and refuses the listener by throwing.
    onAdded(hook) {
        if (typeof hook !== 'function') {
            throw new TypeError('onListenerAdded needs a function');
        }
        this._hooks.push(hook);
    }

    // Ends the call with the listener's params.
    async added(call, listener) {
        const asked = { ...listener, params: listener?.params ?? {} };
        for (const hook of this._hooks) {
            await hook(asked);
        }
        call.done({ params: asked.params ?? {} });
    }
}

module.exports = { Listeners };

'use strict';

// What a component gets as `context`. Plain values are own members, everything else sits on the prototype (members.js),
// one file per group of calls. All of it belongs to one call and is the component's to change.

const { kCall, lazy } = require('./members');

class Context {

    constructor(call) {
        const { frame, flow } = call;
        const config = frame.config ?? {};
        const auth = frame.config ? { ...config, ...frame.auth } : frame.auth ?? {};
        this[kCall] = call;
        this.id = frame.callId;
        this.componentId = frame.componentId ?? null;
        this.componentType = frame.component;
        this.flowId = flow.flowId;
        this.userId = flow.userId;
        this.messages = frame.messages ?? {};
        this.properties = frame.properties ?? {};
        this.auth = auth;
        this.config = config;
        this.profileInfo = frame.profileInfo ?? auth.profileInfo ?? {};
        this.appmixerApiUrl = call.runtime.apiUrl;
        this.gridInstanceId = call.runtime.gridInstanceId;
        if (auth.profileInfo === undefined && frame.profileInfo) {
            auth.profileInfo = frame.profileInfo;
        }
        if (!call.isStatic) {
            this.scope = frame.scope ?? {};
            this.attempt = frame.attempt;
        } else {
            this.callerId = this.componentId;
        }
        if (frame.m === 'signal') {
            this.signal = { content: frame.signal };
        }
    }
}

lazy(Context.prototype, 'flowDescriptor', call => call.flow.copy('descriptor'));
lazy(Context.prototype, 'customFields', call => call.flow.copy('customFields'));
lazy(Context.prototype, 'userInfo', call => call.flow.copy('userInfo'));
lazy(Context.prototype, 'flowInfo', call => ({ flowId: call.flow.flowId, flowName: call.flow.name }));

for (const group of ['sending', 'errors', 'logging', 'http_request', 'state', 'webhooks', 'timeouts', 'locks',
    'static_cache', 'stores', 'files', 'flow_control', 'signals', 'listeners', 'call_appmixer', 'component_calls', 'variables', 'threads',
    'process_item']) {
    require(`./${group}`)(Context.prototype);
}

module.exports = { Context };

'use strict';

// What a shipped modifier finds in `options.helpers`. The same names exist in the sandbox, where an
// edited modifier runs (sandbox_prelude.js).

const { createHash, createHmac } = require('node:crypto');
const lodash = require('lodash');
const moment = require('moment');
const jsonata = require('jsonata');
const { JSONPath } = require('jsonpath-plus');
const basics = require('./basics.js');
const generated = require('./generated.js');
const { Sandbox } = require('./sandbox.js');

const CACHED_PATHS = 1000;

moment.suppressDeprecationWarnings = true;
JSONPath.cache = Object.create(null);

const PURE = {
    ...basics,
    lodash,
    moment,
    jsonata,
    uuid: { v4: generated.uuid },
    crypto: { createHash, createHmac },
    isDeepStrictEqual: lodash.isEqual,
    asDate: value => basics.dateOf(moment, value),
    base64: text => Buffer.from(text, 'utf8').toString('base64')
};

// The helpers of one evaluation. Sandboxes open on first use; `dispose` closes them.
class Toolbox {
    constructor(room, env) {
        const { flowId, flowName, userId, webhookUrl, customFields } = env;
        this.room = room;
        this.context = { flowId, flowName, userId, webhookUrl, customFields };
        this.sandbox = new Sandbox(room, { context: this.context });
        this.pathSandbox = new Sandbox(room, { kind: 'path' });
        this.helpers = {
            ...PURE,
            context: this.context,
            runJavascript: (code, value) => this.sandbox.runJavascript(code, value),
            jsonpathPlus: { JSONPath: ({ path, json }) => this.jsonPath(path, json) }
        };
    }

    // A path with a script or filter is program text: it is evaluated in the sandbox as a whole.
    jsonPath(path, json) {
        if (path.includes('(')) return this.pathSandbox.jsonPath(path, json);
        if (Object.keys(JSONPath.cache).length > CACHED_PATHS) JSONPath.cache = Object.create(null);
        return JSONPath({ path, json, wrap: true, eval: false });
    }

    dispose() {
        this.sandbox.dispose();
        this.pathSandbox.dispose();
    }
}

module.exports = { Toolbox };

'use strict';

/**
 * A small engine around one component: enough of the public context API to run the starter
 * connectors, with the rules that matter to them. Input is validated and coerced against the
 * manifest's schemas, unknown ports are refused, values are JSON copies, state is loaded before
 * each call, locks exclude each other, timers fire when a test says so.
 */

const crypto = require('node:crypto');
const path = require('node:path');
const { Readable } = require('node:stream');
const { createRequire } = require('node:module');

const engineRequire = createRequire(path.join(__dirname, '../../runtime-js/package.json'));
const Ajv = engineRequire('ajv').default;
const addFormats = engineRequire('ajv-formats').default;
const axios = engineRequire('axios');

const copy = value => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

class CancelError extends Error {
    constructor(message, data, code = 500) {
        super(message);
        this.name = 'ContextCancelError';
        this.data = data;
        this.code = code;
    }
}

class LockError extends Error {
    constructor(name) {
        super(`Lock ${name} is taken.`);
        this.name = 'LockError';
        this.attempts = 1;
    }
}

/** State of one scope, with the calls of component-runtime section 5. */
function stateOf(map) {
    return {
        loadState: async () => copy(Object.fromEntries(map)),
        stateGet: async key => copy(map.get(key)),
        stateSet: async (key, value) => void map.set(key, copy(value)),
        stateUnset: async key => void map.delete(key),
        stateClear: async () => map.clear()
    };
}

/** Data stores: Map storeId -> Map key -> record. */
function dataStores() {
    const stores = new Map();
    const webhooks = [];
    const records = storeId => stores.get(storeId) ?? stores.set(storeId, new Map()).get(storeId);
    return {
        webhooks,
        add: (storeId, name) => records(storeId).name = name,
        api: {
            set: async (storeId, key, value) => {
                const now = new Date().toISOString();
                const record = { createdAt: records(storeId).get(key)?.createdAt ?? now, updatedAt: now, storeId, key, value: copy(value) };
                records(storeId).set(key, record);
                return copy(record);
            },
            get: async (storeId, key) => copy(records(storeId).get(key) ?? null),
            remove: async (storeId, key) => void records(storeId).delete(key),
            clear: async storeId => records(storeId).clear(),
            find: async (storeId, { query = {}, limit = 100, offset = 0 } = {}) => {
                const test = new RegExp(query.key?.$regex ?? '');
                return copy([...records(storeId).values()].filter(({ key }) => test.test(key)).slice(offset, offset + limit));
            },
            listStores: async () => [...stores].map(([storeId, map]) => ({ storeId, name: map.name ?? storeId })),
            registerWebhook: async (storeId, events) => void webhooks.push({ storeId, events }),
            unregisterWebhook: async storeId => void webhooks.splice(webhooks.findIndex(hook => hook.storeId === storeId), 1)
        }
    };
}

function fileStore() {
    const files = new Map();
    const info = fileId => {
        const file = files.get(fileId);
        if (!file) {
            throw Object.assign(new Error(`File ${fileId} not found.`), { statusCode: 404 });
        }
        const { filename, contentType, data } = file;
        return { fileId, filename, contentType, length: data.length, metadata: { fileId } };
    };
    return {
        files,
        api: {
            saveFileStream: async (filename, content, fileId = crypto.randomUUID()) => {
                const chunks = typeof content === 'string' || Buffer.isBuffer(content) ? [content] : content;
                const parts = [];
                for await (const chunk of chunks) {
                    parts.push(Buffer.from(chunk));
                }
                const contentType = filename.endsWith('.csv') ? 'text/csv' : 'application/octet-stream';
                files.set(fileId, { filename, contentType, data: Buffer.concat(parts) });
                return info(fileId);
            },
            getFileInfo: async fileId => info(fileId),
            getFileReadStream: async fileId => (info(fileId), Readable.from([files.get(fileId).data])),
            loadFile: async fileId => (info(fileId), files.get(fileId).data)
        }
    };
}

/** One node of a running flow. `root` is the folder that holds patchbay/. */
class Node {

    constructor(root, type, { properties = {}, auth = {}, componentId = 'node-1', flowDescriptor, callAppmixer } = {}) {
        this.dir = path.join(root, ...type.split('.'));
        this.manifest = JSON.parse(require('node:fs').readFileSync(path.join(this.dir, 'component.json'), 'utf8'));
        this.component = require(path.join(this.dir, `${type.split('.').pop()}.js`));
        Object.assign(this, { type, properties, auth, componentId, callAppmixer });
        this.flowDescriptor = flowDescriptor ?? { [componentId]: { type, source: {} } };
        this.state = new Map();
        this.flowState = new Map();
        this.locks = new Set();
        this.timers = new Map();
        this.stores = dataStores();
        this.files = fileStore();
        this.sent = [];
        this.responses = [];
        this.stops = 0;
        this.ajv = addFormats(new Ajv({ allErrors: true, strict: false, coerceTypes: true }));
        this.check(this.manifest.properties?.schema, this.properties, 'properties');
    }

    check(schema, value, what) {
        const validate = schema ? this.ajv.compile(schema) : () => true;
        if (!validate(value)) {
            throw Object.assign(new Error(`Validation error on ${what}: ${this.ajv.errorsText(validate.errors)}`), { code: 'GRID_ERR_VAL_PORTS' });
        }
    }

    context({ messages = {}, id, isStatic = false, properties, collected } = {}) {
        const node = this;
        const ports = new Set((this.manifest.outPorts ?? []).map(port => port.name ?? port));
        const sendJson = async (payload, port) => {
            if (!ports.has(port)) {
                throw new CancelError(`Trying to send message to non existing port ${port}`);
            }
            await this.beforeSend?.(payload, port);
            (collected ?? this.sent).push({ port, payload: copy(payload) });
        };
        const context = {
            id, messages: copy(messages), properties: copy(properties ?? this.properties), auth: copy(this.auth), config: {},
            profileInfo: {}, componentId: this.componentId, flowId: 'flow-1', flowDescriptor: copy(this.flowDescriptor),
            scope: copy(messages.in?.scope ?? {}), CancelError,
            log: async () => {},
            httpRequest: axios.create(),
            sendJson,
            sendArray: async (items, port) => { for (const item of items) { await sendJson(item, port); } },
            store: this.stores.api,
            ...this.files.api
        };
        if (isStatic) {
            return context;
        }
        return Object.assign(context, stateOf(this.state), {
            state: copy(Object.fromEntries(this.state)),
            saveState: async state => {
                this.state.clear();
                Object.entries(copy(state)).forEach(entry => this.state.set(...entry));
            },
            flow: stateOf(this.flowState),
            lock: async name => {
                if (this.locks.has(name)) {
                    throw new LockError(name);
                }
                this.locks.add(name);
                return { unlock: async () => void this.locks.delete(name), extend: async () => {} };
            },
            setTimeout: async (content, ms) => {
                const timeoutId = crypto.randomUUID();
                this.timers.set(timeoutId, { content: copy(content), ms, correlationId: (messages.in ?? messages.timeout)?.correlationId });
                return timeoutId;
            },
            clearTimeout: async timeoutId => void this.timers.delete(timeoutId),
            response: async (body = {}, statusCode = 200, headers = {}) => void this.responses.push({ body, statusCode, headers }),
            stopFlow: async () => { this.stops += 1; },
            getWebhookUrl: () => `http://127.0.0.1/flows/flow-1/components/${node.componentId}`,
            callAppmixer: async request => copy(await this.callAppmixer(copy(request)))
        });
    }

    start() {
        return this.component.start?.(this.context());
    }

    stop() {
        return this.component.stop?.(this.context());
    }

    tick() {
        return this.component.tick?.(this.context({ messages: { tick: { content: {} } } }));
    }

    /** A message on the port `in`. A repeated `id` is another attempt of the same message. */
    async receive(content, { id = crypto.randomUUID(), correlationId = 'trace-1', walkthrough = [], originalContent } = {}) {
        const input = copy(content);
        this.check(this.manifest.inPorts?.find(port => (port.name ?? port) === 'in')?.schema, input, 'ports: in');
        const scope = { _walkthrough: walkthrough };
        const message = { content: input, originalContent, correlationId, scope, contentType: 'application/json' };
        await this.component.receive(this.context({ id, messages: { in: message } }));
        return this.sent;
    }

    webhook(content) {
        return this.component.receive(Object.assign(this.context(), { messages: { webhook: { content, correlationId: 'trace-1' } } }));
    }

    /** Fires the timers that are set now; one that fails stays. */
    async fireTimers() {
        for (const [timeoutId, { content, correlationId }] of [...this.timers]) {
            await this.component.receive(this.context({ messages: { timeout: { content, correlationId, timeoutId } } }));
            this.timers.delete(timeoutId);
        }
    }

    /** What a `source` of a form gets from this component. */
    async staticCall(outPort, { properties = {}, input = {}, transform } = {}) {
        const collected = [];
        await this.component.receive(this.context({ isStatic: true, properties, collected, messages: { in: { content: input } } }));
        const value = collected.find(({ port }) => port === outPort)?.payload;
        return transform ? this.component[transform](value) : value;
    }

    /** Payloads sent to a port so far. */
    on(port) {
        return this.sent.filter(message => message.port === port).map(message => message.payload);
    }
}

module.exports = { Node, CancelError };

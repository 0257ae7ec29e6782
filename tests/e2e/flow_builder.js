'use strict';

const crypto = require('node:crypto');

const VARIABLE = /\{\{\{(\$\.[^}]+)\}\}\}/g;

/**
 * Builds a flow descriptor step by step:
 *
 *   const flow = new FlowBuilder();
 *   const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
 *   flow.add('patchbay.utils.http.Request', { from: hook, input: { url: 'http://…', body: { id: `{{{$.${hook}.out.data.id}}}` } } });
 *   flow.descriptor
 *
 * `{{{$.id.port.path}}}` in `input` becomes a placeholder with its modifier entry, as a designer writes it.
 */
module.exports = class FlowBuilder {

    constructor() {
        this.descriptor = {};
    }

    /**
     * Adds a component and gives its id. `from` names what it listens to: an id (port `out`), {id, port}, or a
     * list of those. `input` is the object for its port `in`; without it the payload comes unchanged.
     */
    add(type, { id = crypto.randomUUID(), from = [], input, properties, errorHandling, inPort = 'in', label } = {}) {
        const node = { type, x: 0, y: 0, source: {}, config: {} };
        for (const link of [].concat(from)) {
            this.#link(node, inPort, typeof link === 'string' ? { id: link, port: 'out' } : link, input);
        }
        if (properties) {
            node.config.properties = properties;
        }
        if (errorHandling) {
            node.errorHandling = errorHandling;
        }
        if (label) {
            node.label = label;
        }
        this.descriptor[id] = node;
        return id;
    }

    #link(node, inPort, { id, port = 'out', input: own }, shared) {
        const ports = (node.source[inPort] ??= {});
        (ports[id] ??= []).push(port);
        const input = own ?? shared;
        if (input !== undefined) {
            const transform = (node.config.transform ??= {});
            ((transform[inPort] ??= {})[id] ??= {})[port] = json2new(input);
        }
    }
};

function json2new(input) {
    const modifiers = {};
    const lambda = {};
    for (const [field, value] of Object.entries(input)) {
        const entries = {};
        lambda[field] = placeholders(value, entries);
        modifiers[field] = entries;
    }
    return { type: 'json2new', modifiers, lambda };
}

function placeholders(value, entries) {
    if (typeof value === 'string') {
        return value.replace(VARIABLE, (match, variable) => {
            const id = crypto.randomUUID();
            entries[id] = { variable, functions: [] };
            return `{{{${id}}}}`;
        });
    }
    if (Array.isArray(value)) {
        return value.map(item => placeholders(item, entries));
    }
    if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, placeholders(item, entries)]));
    }
    return value;
}

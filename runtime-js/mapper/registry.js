'use strict';

// The modifiers in force: a definition document made ready to call. A function whose text is one we
// ship runs as it is; any other text runs in the sandbox.

const { shippedDocument, shippedFunctions } = require('./modifiers/document.js');

const SHIPPED_FUNCTIONS = shippedFunctions();

function isObject(value) {
    return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function prepared(name, definition) {
    const args = (Array.isArray(definition.arguments) ? definition.arguments : []).filter(isObject);
    const helperFn = definition.helperFn;
    return {
        name,
        positional: args.filter(arg => !arg.isHash).map(arg => ({ isBlock: Boolean(arg.isBlock) })),
        blockHashes: new Set(args.filter(arg => arg.isHash && arg.isBlock).map(arg => arg.name)),
        open: Boolean(definition.variableArguments) || !Array.isArray(definition.arguments),
        native: typeof helperFn === 'string' ? SHIPPED_FUNCTIONS.get(helperFn) : undefined,
        text: typeof helperFn === 'string' ? helperFn : undefined
    };
}

class Registry {
    constructor(document = shippedDocument()) {
        if (!isObject(document) || !isObject(document.modifiers)) {
            throw new TypeError('document.modifiers must be an object of definitions');
        }
        this.modifiers = new Map();
        for (const [name, definition] of Object.entries(document.modifiers)) {
            if (isObject(definition)) this.modifiers.set(name, prepared(name, definition));
        }
    }

    get(name) {
        return this.modifiers.get(name);
    }
}

module.exports = { Registry, isObject };

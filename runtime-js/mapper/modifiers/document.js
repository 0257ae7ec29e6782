'use strict';

// The definition document of the shipped modifiers, as GET /modifiers serves it
// (flow-format.md §4.1). `helperFn` is the source text of the very function the mapper runs.

const CATEGORIES = {
    object: { label: 'Object', index: 1 },
    list: { label: 'List', index: 2 },
    text: { label: 'Text', index: 3 },
    control: { label: 'Control', index: 4 },
    number: { label: 'Number', index: 5 },
    date: { label: 'Date', index: 6 },
    math: { label: 'Math', index: 7 }
};

const SHIPPED = {
    ...require('./object.js'),
    ...require('./list.js'),
    ...require('./text.js'),
    ...require('./control.js'),
    ...require('./number.js'),
    ...require('./date.js'),
    ...require('./flow.js')
};

// A function inside an object literal is indented; its text is published as if it stood alone.
function sourceText(fn) {
    return fn.toString().replaceAll('\n        ', '\n');
}

function argumentOf({ name, type, isHash = false, isBlock = false, ...rest }) {
    return { name, type, isHash, isBlock, ...rest };
}

function definitionOf(key, shipped) {
    const args = (shipped.arguments || []).map(argumentOf);
    return {
        name: key.replace(/^g_/, ''),
        label: shipped.label,
        category: shipped.category,
        type: shipped.type || 'modifier',
        description: shipped.description,
        arguments: args,
        variableArguments: Boolean(shipped.variableArguments),
        usesPartials: false,
        partialVariables: args.some(arg => arg.isBlock) ? ['@value', '@index', '@key'] : [],
        isBlock: args.some(arg => arg.isBlock),
        private: false,
        returns: shipped.returns,
        helperFn: sourceText(shipped.helperFn)
    };
}

function shippedDocument() {
    const modifiers = {};
    for (const [key, shipped] of Object.entries(SHIPPED)) {
        modifiers[key] = definitionOf(key, shipped);
    }
    return { categories: structuredClone(CATEGORIES), modifiers };
}

// Source text -> function, for texts we ship: only these run outside of the sandbox.
function shippedFunctions() {
    return new Map(Object.values(SHIPPED).map(shipped => [sourceText(shipped.helperFn), shipped.helperFn]));
}

module.exports = { shippedDocument, shippedFunctions };

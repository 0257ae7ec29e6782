'use strict';

// Placeholders of the old style, `{{{g_uppercase $.id.port.path}}}` (flow-format.md §4.5), read into
// modifier entries of today. An expression is a variable, or a function with its arguments:
//     g_name argument... key=argument...      argument = path | "text" | 12 | true | (g_name ...)

const TOKEN = /\s*(?:([()])|([\w-]+)=|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s()"'=]+))/y;
const NESTED_ID = 'argument';

function tokensOf(text) {
    const tokens = [];
    const end = text.trimEnd().length;
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < end) {
        const found = TOKEN.exec(text);
        if (!found) return undefined;
        const [, paren, key, double, single, word] = found;
        const quoted = double === undefined ? single : double;
        if (paren) tokens.push({ paren });
        else if (key) tokens.push({ key });
        else if (quoted !== undefined) tokens.push({ literal: quoted.replace(/\\(.)/g, '$1') });
        else tokens.push({ word });
    }
    return tokens;
}

function isVariable(word) {
    return word.startsWith('$') || word.startsWith('@');
}

function literalOf(word) {
    if (word === 'true' || word === 'false') return word === 'true';
    return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}

function asParameter(entry) {
    return { value: `{{{${NESTED_ID}}}}`, modifiers: { [NESTED_ID]: entry } };
}

class Reader {
    constructor(tokens) {
        this.tokens = tokens;
        this.at = 0;
    }

    expression() {
        const first = this.tokens[this.at++];
        if (!first || first.word === undefined) return undefined;
        if (isVariable(first.word)) return { variable: first.word, functions: [] };
        return first.word.startsWith('g_') ? this.call(first.word) : undefined;
    }

    // The first argument of a function is its input.
    call(name) {
        const params = [];
        const hashParams = {};
        while (this.at < this.tokens.length && this.tokens[this.at].paren !== ')') {
            const key = this.tokens[this.at].key;
            if (key !== undefined) this.at += 1;
            const parameter = this.argument();
            if (parameter === undefined) return undefined;
            if (key === undefined) params.push(parameter);
            else hashParams[key] = parameter;
        }
        const input = params.shift();
        const nested = input && input.modifiers && input.modifiers[NESTED_ID];
        if (nested) return { ...nested, functions: [...nested.functions, { name, params, hashParams }] };
        return input === undefined
            ? { functions: [{ name, params, hashParams }] }
            : { start: input.value, functions: [{ name, params, hashParams }] };
    }

    argument() {
        const token = this.tokens[this.at++];
        if (!token) return undefined;
        if (token.literal !== undefined) return { value: token.literal };
        if (token.paren === '(') {
            const entry = this.expression();
            const closed = this.tokens[this.at++];
            return entry && closed && closed.paren === ')' ? asParameter(entry) : undefined;
        }
        if (token.word === undefined) return undefined;
        return isVariable(token.word)
            ? asParameter({ variable: token.word, functions: [] })
            : { value: literalOf(token.word) };
    }
}

// The entry an old placeholder means, or undefined when the text is none.
function legacyEntry(text) {
    const tokens = tokensOf(text);
    if (!tokens) return undefined;
    const reader = new Reader(tokens);
    const entry = reader.expression();
    return reader.at === tokens.length ? entry : undefined;
}

module.exports = { legacyEntry };

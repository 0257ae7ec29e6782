'use strict';

const unescapeDelimiter = require('../delimiter');

const MAX_PATTERN = 1000;

const OPERATIONS = {
    trim: text => text.trim(),
    uppercase: text => text.toUpperCase(),
    lowercase: text => text.toLowerCase(),
    capitalize: text => text.charAt(0).toUpperCase() + text.slice(1),
    length: text => [...text].length,
    replace,
    split: (text, { separator = ',' }) => text.split(unescapeDelimiter(separator)),
    substring: (text, { start = 0, end }) => [...text].slice(start, end).join(''),
    match: (text, { search }, context) => [...text.matchAll(pattern(context, search))].map(found => found[1] ?? found[0]),
    encodeBase64: text => Buffer.from(text).toString('base64'),
    decodeBase64: text => Buffer.from(text, 'base64').toString(),
    encodeUrl: text => encodeURIComponent(text),
    decodeUrl,
    stripHtml: text => text.replace(/<(script|style)\b[^>]*>[^]*?<\/\1\s*>/gi, ' ').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
};

module.exports = {

    async receive(context) {

        const input = context.messages.in.content;
        const result = input.operation === 'join'
            ? join(context, input)
            : OPERATIONS[input.operation](asText(input.text), input, context);
        await context.sendJson({ result }, 'out');
    }
};

function asText(value) {

    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

function join(context, { text, separator = ',' }) {

    let list = text;
    if (typeof text === 'string') {
        try {
            list = JSON.parse(text);
        } catch (err) {
            list = null;
        }
    }
    if (!Array.isArray(list)) {
        throw new context.CancelError('text: only a list can be joined. Map a variable of the type array.');
    }
    return list.map(asText).join(unescapeDelimiter(separator));
}

function replace(text, { search, replacement = '', regex }, context) {

    if (!search) {
        throw new context.CancelError('search: say what to replace.');
    }
    return regex
        ? text.replace(pattern(context, search), replacement)
        : text.replaceAll(search, () => replacement);
}

function pattern(context, search) {

    if (!search || search.length > MAX_PATTERN) {
        throw new context.CancelError(`search: give a regular expression of ${MAX_PATTERN} characters at most.`);
    }
    try {
        return new RegExp(search, 'gu');
    } catch (err) {
        throw new context.CancelError(`search: ${err.message}.`);
    }
}

function decodeUrl(text, input, context) {

    try {
        return decodeURIComponent(text);
    } catch (err) {
        throw new context.CancelError('text: not encoded for a URL.');
    }
}

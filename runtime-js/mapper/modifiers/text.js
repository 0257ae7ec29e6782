'use strict';

// Modifiers of text. Numbers and booleans count as their text; other values stay as they are.

module.exports = {
    g_lowercase: {
        label: 'Lower case',
        category: ['text'],
        description: 'Writes the text in small letters.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : text.toLowerCase();
        }
    },
    g_uppercase: {
        label: 'Upper case',
        category: ['text'],
        description: 'Writes the text in capital letters.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : text.toUpperCase();
        }
    },
    g_lowerFirst: {
        label: 'First letter small',
        category: ['text'],
        description: 'Writes the first letter small.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.lowerFirst(text);
        }
    },
    g_upperFirst: {
        label: 'First letter capital',
        category: ['text'],
        description: 'Writes the first letter as a capital.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.upperFirst(text);
        }
    },
    g_snakeCase: {
        label: 'Snake case',
        category: ['text'],
        description: 'Writes the words like_this.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.snakeCase(text);
        }
    },
    g_kebabCase: {
        label: 'Kebab case',
        category: ['text'],
        description: 'Writes the words like-this.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.kebabCase(text);
        }
    },
    g_camelCase: {
        label: 'Camel case',
        category: ['text'],
        description: 'Writes the words likeThis.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.camelCase(text);
        }
    },
    g_trim: {
        label: 'Trim',
        category: ['text'],
        description: 'Takes white space, or the given characters, off both ends.',
        arguments: [{ name: 'chars', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, chars, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.trim(text, options.helpers.asText(chars) || undefined);
        }
    },
    g_trimStart: {
        label: 'Trim start',
        category: ['text'],
        description: 'Takes white space, or the given characters, off the beginning.',
        arguments: [{ name: 'chars', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, chars, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.trimStart(text, options.helpers.asText(chars) || undefined);
        }
    },
    g_trimEnd: {
        label: 'Trim end',
        category: ['text'],
        description: 'Takes white space, or the given characters, off the end.',
        arguments: [{ name: 'chars', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, chars, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.trimEnd(text, options.helpers.asText(chars) || undefined);
        }
    },
    g_truncate: {
        label: 'Truncate',
        category: ['text'],
        description: 'Shortens the text to a length that includes the omission mark, "..." by default.',
        arguments: [{ name: 'length', type: 'number' }, { name: 'omission', type: 'string' }],
        returns: { type: 'string' },
        helperFn: function (value, length, omission, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            const size = options.helpers.asNumber(length);
            const mark = options.helpers.asText(omission);
            return options.helpers.lodash.truncate(text, {
                length: size === undefined ? 1 : size,
                omission: mark === undefined ? '...' : mark
            });
        }
    },
    g_pad: {
        label: 'Pad',
        category: ['text'],
        description: 'Fills the text up to a length at the left, the right or both sides, with spaces by default.',
        arguments: [
            { name: 'length', type: 'number' },
            { name: 'side', type: 'string', enum: ['Pad Left', 'Pad Right', 'Pad Both'] },
            { name: 'chars', type: 'string' }
        ],
        returns: { type: 'string' },
        helperFn: function (value, length, side, chars, options) {
            const text = options.helpers.asText(value);
            const size = options.helpers.asNumber(length);
            if (text === undefined || size === undefined) return value;
            const fill = options.helpers.asText(chars) || ' ';
            if (side === 'Pad Left') return options.helpers.lodash.padStart(text, size, fill);
            if (side === 'Pad Right') return options.helpers.lodash.padEnd(text, size, fill);
            return options.helpers.lodash.pad(text, size, fill);
        }
    },
    g_replace: {
        label: 'Replace',
        category: ['text'],
        description: 'Replaces every occurrence of a text, or what a regular expression finds when "regex" is on.',
        arguments: [
            { name: 'pattern', type: 'string' },
            { name: 'replacer', type: 'string' },
            { name: 'regex', type: 'boolean', isHash: true },
            { name: 'global', type: 'boolean', isHash: true },
            { name: 'multiline', type: 'boolean', isHash: true },
            { name: 'ignorecase', type: 'boolean', isHash: true }
        ],
        returns: { type: 'string' },
        helperFn: function (value, pattern, replacer, options) {
            const text = options.helpers.asText(value);
            const from = options.helpers.asText(pattern);
            if (text === undefined || from === undefined || from === '') return value;
            const to = options.helpers.textOf(replacer);
            const on = options.helpers.isOn;
            if (!on(options.hash.regex)) return text.split(from).join(to);
            const flags = (on(options.hash.global) ? 'g' : '') + (on(options.hash.multiline) ? 'm' : '') +
                (on(options.hash.ignorecase) ? 'i' : '');
            return text.replace(new RegExp(from, flags), to);
        }
    },
    g_regex: {
        label: 'Match',
        category: ['text'],
        description: 'Finds a regular expression: the list of matches, or null when there is none.',
        arguments: [
            { name: 'pattern', type: 'string' },
            { name: 'global', type: 'boolean', isHash: true },
            { name: 'multiline', type: 'boolean', isHash: true },
            { name: 'ignorecase', type: 'boolean', isHash: true }
        ],
        returns: { type: 'array' },
        helperFn: function (value, pattern, options) {
            const text = options.helpers.asText(value);
            const expression = options.helpers.asText(pattern);
            if (text === undefined || expression === undefined) return value;
            const on = options.helpers.isOn;
            const flags = (on(options.hash.global) ? 'g' : '') + (on(options.hash.multiline) ? 'm' : '') +
                (on(options.hash.ignorecase) ? 'i' : '');
            return text.match(new RegExp(expression, flags));
        }
    },
    g_split: {
        label: 'Split',
        category: ['text'],
        description: 'Cuts the text into a list at each delimiter.',
        arguments: [{ name: 'delimiter', type: 'string' }],
        returns: { type: 'array' },
        helperFn: function (value, delimiter, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : text.split(options.helpers.asText(delimiter));
        }
    },
    g_splitByWhitespace: {
        label: 'Split by white space',
        category: ['text'],
        description: 'Cuts the text into the pieces between white space.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            return text.split(/\s+/).filter(function (piece) {
                return piece !== '';
            });
        }
    },
    g_splitWords: {
        label: 'Split into words',
        category: ['text'],
        description: 'Cuts the text into its words.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.words(text);
        }
    },
    g_extractEmail: {
        label: 'Find e-mail addresses',
        category: ['text'],
        description: 'Lists the e-mail addresses in the text, or gives null when there is none.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            return text.match(/[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+/gi);
        }
    },
    g_extractUrls: {
        label: 'Find URLs',
        category: ['text'],
        description: 'Lists the web addresses in the text, or gives null when there is none.',
        returns: { type: 'array' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            return text.match(/\b(?:https?|ftp):\/\/[^\s<>"'`{}|\\^]*[^\s<>"'`{}|\\^.,;:!?()[\]]/gi);
        }
    },
    g_encodeUrl: {
        label: 'Encode URL',
        category: ['text'],
        description: 'Escapes the text for use in a URL, or a whole URL.',
        arguments: [{ name: 'whole URL', type: 'boolean' }],
        returns: { type: 'string' },
        helperFn: function (value, whole, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            return options.helpers.isOn(whole) ? encodeURI(text) : encodeURIComponent(text);
        }
    },
    g_decodeUrl: {
        label: 'Decode URL',
        category: ['text'],
        description: 'Reads text escaped for a URL, or a whole URL.',
        arguments: [{ name: 'whole URL', type: 'boolean' }],
        returns: { type: 'string' },
        helperFn: function (value, whole, options) {
            const text = options.helpers.asText(value);
            if (text === undefined) return value;
            return options.helpers.isOn(whole) ? decodeURI(text) : decodeURIComponent(text);
        }
    },
    g_escapeHtml: {
        label: 'Escape HTML',
        category: ['text'],
        description: 'Escapes the characters & < > " and \' for HTML.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.lodash.escape(text);
        }
    },
    g_md5: {
        label: 'MD5',
        category: ['text'],
        description: 'The MD5 digest of the text in hexadecimal.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.crypto.createHash('md5').update(text).digest('hex');
        }
    },
    g_sha1: {
        label: 'SHA-1',
        category: ['text'],
        description: 'The SHA-1 digest of the text in hexadecimal.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.crypto.createHash('sha1').update(text).digest('hex');
        }
    },
    g_sha256: {
        label: 'SHA-256',
        category: ['text'],
        description: 'The SHA-256 digest of the text in hexadecimal.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.crypto.createHash('sha256').update(text).digest('hex');
        }
    },
    g_sha512: {
        label: 'SHA-512',
        category: ['text'],
        description: 'The SHA-512 digest of the text in hexadecimal.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.crypto.createHash('sha512').update(text).digest('hex');
        }
    },
    g_base64: {
        label: 'Base64',
        category: ['text'],
        description: 'Writes the UTF-8 bytes of the text in Base64.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            const text = options.helpers.asText(value);
            return text === undefined ? value : options.helpers.base64(text);
        }
    }
};

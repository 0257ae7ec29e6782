'use strict';

/** Sets config.data, and the Content-Type unless the headers have one, as the field bodyType says. */
module.exports = async function requestBody(context, input, config) {

    const { body, bodyType = 'json' } = input;
    if (bodyType === 'file') {
        return fileBody(context, input.fileId, config);
    }
    if (body === undefined || body === null || body === '') {
        return;
    }
    if (bodyType === 'json') {
        config.data = jsonText(context, body);
        contentType(config, 'application/json');
    } else if (bodyType === 'form') {
        config.data = formText(context, body);
        contentType(config, 'application/x-www-form-urlencoded');
    } else {
        config.data = typeof body === 'object' ? JSON.stringify(body) : String(body);
        contentType(config, 'text/plain; charset=utf-8');
    }
};

async function fileBody(context, fileId, config) {

    if (!fileId) {
        throw new context.CancelError('fileId: choose the file to send.');
    }
    const info = await context.getFileInfo(fileId);
    config.data = await context.getFileReadStream(fileId);
    // A stream cannot be sent a second time.
    config.maxRedirects = 0;
    config.headers['Content-Length'] = String(info.length);
    contentType(config, info.contentType || 'application/octet-stream');
}

function jsonText(context, body) {

    if (typeof body !== 'string') {
        return JSON.stringify(body);
    }
    try {
        JSON.parse(body);
    } catch (err) {
        throw new context.CancelError(`body: not valid JSON (${err.message}). Correct it or choose the body type Text.`);
    }
    return body;
}

function formText(context, body) {

    let value = body;
    if (typeof body === 'string') {
        if (!body.trim().startsWith('{')) {
            return body;
        }
        try {
            value = JSON.parse(body);
        } catch (err) {
            throw new context.CancelError(`body: not valid JSON (${err.message}). Use an object of names and values, or text such as a=1&b=2.`);
        }
    }
    if (typeof value !== 'object' || Array.isArray(value)) {
        throw new context.CancelError('body: a form needs an object of names and values, or text such as a=1&b=2.');
    }
    const form = new URLSearchParams();
    for (const [name, entry] of Object.entries(value)) {
        for (const item of Array.isArray(entry) ? entry : [entry]) {
            form.append(name, typeof item === 'object' && item !== null ? JSON.stringify(item) : String(item ?? ''));
        }
    }
    return form.toString();
}

function contentType(config, type) {

    if (!Object.keys(config.headers).some(name => name.toLowerCase() === 'content-type')) {
        config.headers['Content-Type'] = type;
    }
}

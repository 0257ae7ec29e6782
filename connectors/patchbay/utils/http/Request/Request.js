'use strict';

const readHeaders = require('../headers');
const requestBody = require('./body');

const MAX_BODY_BYTES = 15 * 1024 * 1024;

module.exports = {

    async receive(context) {

        const input = context.messages.in.content;
        const responseType = input.responseType || 'auto';
        const headers = readHeaders(context, input.headers);
        const config = {
            url: readUrl(context, input.url),
            method: input.method || 'GET',
            headers,
            timeout: Math.round((input.timeout || 60) * 1000),
            transitional: { clarifyTimeoutError: true }
        };
        const binary = responseType === 'base64' || responseType === 'file';
        if (binary) {
            config.responseType = responseType === 'file' ? 'stream' : 'arraybuffer';
        } else if (responseType === 'text') {
            config.responseType = 'text';
        }
        if (responseType !== 'file') {
            config.maxContentLength = MAX_BODY_BYTES;
        }
        await requestBody(context, input, config);
        // An answer outside 2xx rejects here; the engine finds its status in err.response.
        const response = await context.httpRequest(config);
        await context.sendJson({
            statusCode: response.status,
            headers: { ...response.headers },
            body: await readBody(context, responseType, config.url, response)
        }, 'out');
    }
};

function readUrl(context, text) {

    let url;
    try {
        url = new URL(text);
    } catch (err) {
        throw new context.CancelError(`url: "${String(text).slice(0, 200)}" is not an absolute URL such as https://example.com/path.`);
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw new context.CancelError('url: must start with http:// or https://.');
    }
    return url.href;
}

async function readBody(context, responseType, url, response) {

    if (responseType === 'base64') {
        return Buffer.from(response.data).toString('base64');
    }
    if (responseType === 'file') {
        const file = await context.saveFileStream(fileName(url), response.data);
        return { fileId: file.fileId, filename: file.filename, length: file.length };
    }
    return response.data;
}

function fileName(url) {

    const last = new URL(url).pathname.split('/').pop();
    try {
        return decodeURIComponent(last).replace(/[\\/\x00-\x1f]/g, '_').slice(0, 200) || 'download';
    } catch (err) {
        return last.slice(0, 200) || 'download';
    }
}

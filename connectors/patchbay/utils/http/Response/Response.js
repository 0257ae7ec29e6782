'use strict';

const readHeaders = require('../headers');

module.exports = {

    async receive(context) {

        const { statusCode = 200, body = '', contentType, headers } = context.messages.in.content;
        const all = readHeaders(context, headers);
        if (contentType) {
            Object.assign(all, readHeaders(context, { 'Content-Type': contentType }));
        } else if (!Object.keys(all).some(name => name.toLowerCase() === 'content-type')) {
            all['Content-Type'] = isJson(body) ? 'application/json' : 'text/plain; charset=utf-8';
        }
        await context.response(typeof body === 'object' && body !== null ? body : String(body ?? ''), statusCode, all);
    }
};

function isJson(body) {

    if (typeof body !== 'string') {
        return true;
    }
    try {
        JSON.parse(body);
        return true;
    } catch (err) {
        return false;
    }
}

'use strict';

// callAppmixer({ endPoint, method, body, qs }): a request to the engine's own API as the flow's owner. Resolves with the
// body; rejects with `statusCode` and the body as `error`.

const { methods } = require('./members');
const { createHttpClient } = require('./http_request');

let client = null;

function requestConfig(call, { endPoint, method, body, qs, headers }, token) {
    if (typeof endPoint !== 'string' || !endPoint.startsWith('/')) {
        throw new TypeError('callAppmixer needs an endPoint that starts with /');
    }
    // Its own plugin, where two revisions run side by side (R16).
    const own = endPoint.startsWith('/plugins/') && call.runtime.revision ? { 'X-Patchbay-Revision': call.runtime.revision } : {};
    return {
        url: call.runtime.apiUrl + endPoint, method: method || 'GET', data: body, params: qs,
        headers: { ...headers, ...own, Authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        validateStatus: () => true, proxy: false
    };
}

async function callAppmixer(call, request = {}) {
    const { token } = await call.ask('callToken', {});
    client ??= createHttpClient();
    const answer = await client(requestConfig(call, request, token));
    if (answer.status >= 200 && answer.status < 300) {
        return answer.data;
    }
    const shown = typeof answer.data === 'string' ? answer.data : JSON.stringify(answer.data);
    const err = new Error(`${answer.status} - ${shown.slice(0, 2000)}`);
    err.name = 'StatusCodeError';
    err.statusCode = answer.status;
    err.error = answer.data;
    throw err;
}

module.exports = proto => methods(proto, { callAppmixer });
module.exports.callAppmixer = callAppmixer;

'use strict';

// getWebhookUrl and response.

const { methods } = require('./members');
const { carryBytes } = require('./bytes');

// Only a call that answers a real in port continues a path, so only its URL is correlated. `enqueueOnly`: who calls the URL is
// answered at once and does not wait for the component.
function getWebhookUrl(call, options) {
    const { inPortName, correlationId, enqueueOnly } = options ?? {};
    const { frame } = call;
    const query = enqueueOnly ? ['enqueueOnly=true'] : [];
    const url = `${call.runtime.apiUrl}/flows/${encodeURIComponent(call.flow.flowId)}/components/${encodeURIComponent(frame.componentId)}`;
    const port = inPortName ?? frame.inPort;
    const id = correlationId ?? frame.correlationId;
    if (!call.isStatic && id && call.component.inPorts.has(port)) {
        call.tookUrl = true;
        query.unshift(`correlationId=${encodeURIComponent(id)}`, `correlationInPort=${encodeURIComponent(port)}`);
    }
    return query.length === 0 ? url : `${url}?${query.join('&')}`;
}

function hasContentType(headers) {
    return Object.keys(headers).some(name => name.toLowerCase() === 'content-type');
}

function answerHeaders(headers) {
    const given = headers && typeof headers === 'object' ? headers : {};
    return hasContentType(given) ? given : { 'Content-Type': 'application/json', ...given };
}

async function response(call, body = {}, status = 200, headers = {}, correlationId = undefined) {
    await call.respond({
        body: carryBytes(body), status: Number(status) || 200, headers: answerHeaders(headers), correlationId
    });
}

module.exports = proto => methods(proto, { getWebhookUrl, response });

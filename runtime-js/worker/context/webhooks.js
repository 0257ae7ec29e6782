'use strict';

// getWebhookUrl and response.

const { methods } = require('./members');
const { carryBytes } = require('./bytes');

// Only a call that answers a real in port continues a path, so only its URL is correlated.
function getWebhookUrl(call, { inPortName, correlationId } = {}) {
    const { frame } = call;
    const url = `${call.runtime.apiUrl}/flows/${encodeURIComponent(call.flow.flowId)}/components/${encodeURIComponent(frame.componentId)}`;
    const port = inPortName ?? frame.inPort;
    const id = correlationId ?? frame.correlationId;
    if (call.isStatic || !id || !call.component.inPorts.has(port)) {
        return url;
    }
    call.tookUrl = true;
    return `${url}?correlationId=${encodeURIComponent(id)}&correlationInPort=${encodeURIComponent(port)}`;
}

function hasContentType(headers) {
    return Object.keys(headers).some(name => name.toLowerCase() === 'content-type');
}

function answerHeaders(headers) {
    const given = headers && typeof headers === 'object' ? headers : {};
    return hasContentType(given) ? given : { 'Content-Type': 'application/json', ...given };
}

async function response(call, body = {}, status = 200, headers = {}, correlationId = undefined) {
    await call.tell('response', {
        body: carryBytes(body), status: Number(status) || 200, headers: answerHeaders(headers), correlationId
    });
}

module.exports = proto => methods(proto, { getWebhookUrl, response });

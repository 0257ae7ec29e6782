'use strict';

// Headers of one connection only (RFC 9110 §7.6.1); they do not travel between the engine's connection and ours.

const kHops = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer',
    'transfer-encoding', 'upgrade', 'http2-settings']);

// headers: `{name: text or [text]}`, names in lower case. The copy has lists only where there is more than one.
function withoutHops(headers) {
    const named = [headers.connection ?? []].flat().flatMap(text => String(text).toLowerCase().split(',')).map(name => name.trim());
    const dropped = new Set([...kHops, ...named]);
    const out = {};
    for (const [name, value] of Object.entries(headers)) {
        if (!dropped.has(name.toLowerCase())) {
            out[name] = Array.isArray(value) && value.length === 1 ? value[0] : value;
        }
    }
    return out;
}

module.exports = { withoutHops };

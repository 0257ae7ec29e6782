'use strict';

const { withChannel } = require('../../connection');

const MESSAGES_PER_TICK = 2000;
const TICK_MS = 120000;

module.exports = {

    /** Ticks that overlap do no harm: the server gives a message that is not yet acknowledged to nobody else. */
    async tick(context) {

        await withChannel(context.auth, 'createChannel', channel => take(context, channel));
    }
};

/** A message is acknowledged once the engine holds it, one at a time: until then it stays with the server. */
async function take(context, channel) {

    const { queue } = context.properties;
    const end = Date.now() + TICK_MS;
    for (let n = 0; n < MESSAGES_PER_TICK && Date.now() < end; n++) {
        const message = await channel.get(queue);
        if (!message) {
            return;
        }
        await context.sendJson(payloadOf(message, queue), 'out');
        await stillCounts(context);
        channel.ack(message);
    }
}

/**
 * Rejects if the engine has ended this call meanwhile, as it does when the flow is stopped: what such a call sends is
 * dropped, and the sending need not say so, but questions to the engine are refused.
 */
function stillCounts(context) {

    return context.stateGet('any');
}

function payloadOf({ content, fields, properties }, queue) {

    const { contentType, messageId, correlationId, replyTo, type, appId, timestamp, headers } = properties;
    return {
        ...readBody(content, contentType),
        contentType, messageId, correlationId, replyTo, type, appId, headers,
        timestamp: typeof timestamp === 'number' ? new Date(timestamp * 1000).toISOString() : undefined,
        exchange: fields.exchange,
        routingKey: fields.routingKey,
        redelivered: fields.redelivered,
        queue
    };
}

/** What the body says if it calls itself JSON and is; else its text; bytes that are no UTF-8 in base64. */
function readBody(bytes, contentType) {

    let text;
    try {
        text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (err) {
        return { content: bytes.toString('base64'), encoding: 'base64' };
    }
    if (/[/+]json\b/i.test(contentType ?? '')) {
        try {
            return { content: JSON.parse(text), encoding: 'json' };
        } catch (err) {
            // Then it is text.
        }
    }
    return { content: text, encoding: 'text' };
}

'use strict';

const crypto = require('crypto');
const { withChannel } = require('../../connection');

const CONFIRM_TIMEOUT_MS = 30000;

module.exports = {

    async receive(context) {

        const { exchange = '', routingKey, content, contentType } = context.messages.in.content;
        const text = typeof content === 'string';
        const message = {
            exchange,
            routingKey,
            body: Buffer.from(text ? content : JSON.stringify(content)),
            options: {
                contentType: contentType || (text ? 'text/plain' : 'application/json'),
                // Another attempt of the same message has the same ID, by which receivers can tell.
                messageId: context.id ?? crypto.randomUUID(),
                timestamp: Math.floor(Date.now() / 1000),
                persistent: true,
                mandatory: true
            }
        };
        await withChannel(context.auth, 'createConfirmChannel', channel => publish(context, channel, message));
        await context.sendJson({ messageId: message.options.messageId, exchange, routingKey, size: message.body.length }, 'out');
    }
};

/** Resolves once the server has confirmed that it holds the message. A message that no queue takes comes back before that. */
async function publish(context, channel, { exchange, routingKey, body, options }) {

    let returned = false;
    channel.on('return', () => { returned = true; });
    let timer;
    await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`RabbitMQ did not confirm the message within ${CONFIRM_TIMEOUT_MS / 1000} seconds.`)), CONFIRM_TIMEOUT_MS);
        channel.publish(exchange, routingKey, body, options, err => (err ? reject(err) : resolve()));
    }).finally(() => clearTimeout(timer));
    if (returned) {
        const where = exchange ? `the exchange "${exchange}" leads to no queue by the routing key "${routingKey}"` : `there is no queue "${routingKey}"`;
        throw Object.assign(new Error(`The message was not sent: ${where}.`), { statusCode: 422, status: 422 });
    }
}

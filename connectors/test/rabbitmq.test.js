'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const { createRequire } = require('node:module');
const { after, before, beforeEach, describe, test } = require('node:test');
const { Node } = require('./stub_context');
const installedBundle = require('./installed_bundle');
const { missing, startServer } = require('./rabbitmq_server');

describe('patchbay.rabbitmq', { skip: missing }, () => {

    let root;
    let remove;
    let server;
    let auth;
    let definition;
    let connection;
    let channel;

    const node = (name, properties) => new Node(root, `patchbay.rabbitmq.core.${name}`, { properties, auth });
    const send = async (content, more) => (await node('SendMessage').receive({ routingKey: 'orders', content, ...more }, { id: 'message-1' }))[0].payload;
    const waiting = async () => (await channel.checkQueue('orders')).messageCount;
    const put = (content, options) => channel.sendToQueue('orders', Buffer.from(content), options);
    const contents = trigger => trigger.on('out').map(({ content }) => content);

    before(async () => {
        ({ root, remove } = installedBundle('rabbitmq', ['.']));
        server = await startServer('sec ret"');
        auth = server.auth;
        ({ definition } = require(path.join(root, 'patchbay/rabbitmq/auth.js')));
        const amqp = createRequire(path.join(root, 'patchbay/rabbitmq/package.json'))('amqplib');
        connection = await amqp.connect({ hostname: auth.host, port: Number(auth.port), username: auth.user, password: auth.password });
        channel = await connection.createConfirmChannel();
    });

    after(async () => {
        await connection?.close();
        await server?.stop();
        remove?.();
    });

    beforeEach(async () => {
        await channel.deleteQueue('orders');
        await channel.assertQueue('orders', { durable: true });
    });

    test('auth: validate signs in, and names the account', async () => {
        assert.deepEqual(await definition.validate(auth), { token: 'none' });
        assert.equal(definition.requestProfileInfo(auth).name, `tester@127.0.0.1:${auth.port}`);
        assert.equal(definition.requestProfileInfo({ host: 'a', user: 'b', vhost: 'c' }).name, 'b@a/c');
    });

    test('auth: validate refuses what does not work', async () => {
        const validate = more => definition.validate({ ...auth, ...more });
        await assert.rejects(validate({ password: 'wrong' }), /ACCESS_REFUSED - Login was refused/);
        await assert.rejects(validate({ vhost: 'no where/' }), /virtual host "no where\/" does not exist/);
        await assert.rejects(validate({ port: '1' }), { code: 'ECONNREFUSED' });
        await assert.rejects(validate({ tls: 'on' }));
        await assert.rejects(validate({ tls: 'maybe' }), /^Error: tls: /);
        await assert.rejects(validate({ port: 'x' }), /^Error: port: /);
        await assert.rejects(validate({ host: '' }), /^Error: host: /);
    });

    test('SendMessage: the message is in the queue, kept on disk', async () => {
        assert.deepEqual(await send({ id: 7, name: 'Žluť' }), { messageId: 'message-1', exchange: '', routingKey: 'orders', size: 24 });
        const { content, properties } = await channel.get('orders', { noAck: true });
        assert.deepEqual(JSON.parse(content), { id: 7, name: 'Žluť' });
        assert.deepEqual([properties.contentType, properties.deliveryMode, properties.messageId], ['application/json', 2, 'message-1']);
        await send('plain', { contentType: 'text/csv' });
        const text = await channel.get('orders', { noAck: true });
        assert.deepEqual([text.content.toString(), text.properties.contentType], ['plain', 'text/csv']);
    });

    test('SendMessage: a message that no queue takes is an error', async () => {
        await assert.rejects(send('x', { routingKey: 'nowhere' }), { statusCode: 422, message: /there is no queue "nowhere"/ });
        await assert.rejects(send('x', { exchange: 'amq.topic' }), { statusCode: 422, message: /leads to no queue/ });
        await assert.rejects(send('x', { exchange: 'nowhere' }), { statusCode: 422, code: 404, message: /no exchange 'nowhere'/ });
        await channel.bindQueue('orders', 'amq.topic', 'shop.#');
        await send('bound', { exchange: 'amq.topic', routingKey: 'shop.new' });
        assert.equal(await waiting(), 1);
    });

    test('NewMessage takes every message, in order, and acknowledges it', async () => {
        for (let n = 0; n < 120; n++) {
            put(String(n));
        }
        await channel.waitForConfirms();
        const trigger = node('NewMessage', { queue: 'orders' });
        await trigger.tick();
        assert.deepEqual(contents(trigger), Array.from({ length: 120 }, (_, n) => String(n)));
        // Its connection is closed: what it had not acknowledged would be back.
        assert.equal(await waiting(), 0);
        await trigger.tick();
        assert.equal(trigger.sent.length, 120);
    });

    test('NewMessage leaves with the server what the engine did not take', async () => {
        ['a', 'b', 'c'].forEach(text => put(text));
        await channel.waitForConfirms();
        const trigger = node('NewMessage', { queue: 'orders' });
        trigger.beforeSend = ({ content }) => {
            if (content === 'b') {
                throw new Error('lost');
            }
        };
        await assert.rejects(trigger.tick(), /lost/);
        assert.equal(await waiting(), 2);
        trigger.beforeSend = undefined;
        await trigger.tick();
        assert.deepEqual(contents(trigger), ['a', 'b', 'c']);
        assert.deepEqual(trigger.on('out').map(({ redelivered }) => redelivered), [false, true, false]);
    });

    test('NewMessage leaves with the server what it sent after the engine had ended the call', async () => {
        ['a', 'b', 'c'].forEach(text => put(text));
        await channel.waitForConfirms();
        const trigger = node('NewMessage', { queue: 'orders' });
        const context = trigger.context();
        let ended = false;
        context.sendJson = async ({ content }) => { ended ||= content === 'b'; };
        context.stateGet = async () => {
            if (ended) {
                throw new Error('The call has ended');
            }
        };
        await assert.rejects(trigger.component.tick(context), /The call has ended/);
        assert.equal(await waiting(), 2);
    });

    test('NewMessage reads bodies as what they are, and gives what came with them', async () => {
        put('{"a":1}', { contentType: 'application/json', messageId: 'm', correlationId: 'c', timestamp: 1767323045, headers: { source: 'shop', n: 1 } });
        put('{"a"', { contentType: 'application/json' });
        put('{"a":1}');
        put(Buffer.from([0xff, 0]));
        await channel.waitForConfirms();
        const trigger = node('NewMessage', { queue: 'orders' });
        await trigger.tick();
        assert.deepEqual(trigger.on('out').map(({ content, encoding }) => [content, encoding]), [[{ a: 1 }, 'json'], ['{"a"', 'text'], ['{"a":1}', 'text'], ['/wA=', 'base64']]);
        const { messageId, correlationId, timestamp, headers, queue, routingKey } = trigger.on('out')[0];
        assert.deepEqual({ messageId, correlationId, timestamp, headers, queue, routingKey }, {
            messageId: 'm', correlationId: 'c', timestamp: '2026-01-02T03:04:05.000Z', headers: { source: 'shop', n: 1 }, queue: 'orders', routingKey: 'orders'
        });
    });

    test('NewMessage says which queue is missing', async () => {
        await assert.rejects(node('NewMessage', { queue: 'nowhere' }).tick(), { code: 404, statusCode: 422, message: /no queue 'nowhere'/ });
    });
});

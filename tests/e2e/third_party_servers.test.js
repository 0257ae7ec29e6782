'use strict';

/** The FTP and RabbitMQ connectors against real servers of their own on loopback: what is handed over is there, and nothing is lost. */

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const Sink = require('./sink');
const person = require('./people');
const refused = require('./refusal');
const { ROOT, Server, temporaryFolder } = require('./server');
const { publishStarters } = require('./starter_zips');
const ftp = require(path.join(ROOT, 'connectors/test/ftp_server.js'));
const rabbitmq = require(path.join(ROOT, 'connectors/test/rabbitmq_server.js'));
const installedBundle = require(path.join(ROOT, 'connectors/test/installed_bundle.js'));

const PASSWORD = 'sec ret"';

describe('Servers of third parties', () => {

    let server;
    let admin;
    let owner;
    let sink;

    before(async () => {
        sink = await Sink.start();
        server = await Server.start({ name: 'third-party-servers' });
        admin = await server.admin();
        await admin.post('/config', { key: 'TICK_PERIOD', value: 300 });
        await admin.post('/config', { key: 'RETRY_INIT_EXP', value: 200 });
        await publishStarters(admin, 'patchbay.utils.http');
        owner = await person(admin);
    });

    after(async () => {
        await server?.stop();
        await sink?.stop();
    });

    const at = mark => sink.requests.filter(({ url }) => url === `/${mark}`).map(({ body }) => body);
    const arrived = (mark, wanted, what) => sink.when(() => wanted(at(mark)), `${what} at /${mark}`, 60000);
    const assign = (componentId, { accountId }) => owner.must('PUT', `/auth/component/${componentId}/${accountId}`);
    const call = async (flowId, hook, json) => (await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json })).body;

    /** An account with a wrong password is refused with what the server says; with the right one it is given. */
    async function signIn(service, auth, refusal) {
        const wrong = refused(await owner.call('POST', '/accounts', { json: { service, token: { ...auth, password: 'guessed' } } }), 400, refusal);
        assert.ok(!JSON.stringify(wrong).includes('guessed'));
        assert.ok(!(await owner.get('/accounts')).some(account => account.service === service), 'no account is made of it');
        return owner.post('/accounts', { service, token: auth });
    }

    /** A started flow: a webhook, the component with the fields of the call as its input, and what it gave as the answer. */
    async function callable(type, account, fields, answer) {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook');
        const input = Object.fromEntries(fields.map(field => [field, `{{{$.${hook}.out.data.${field}}}}`]));
        const component = flow.add(type, { from: hook, input });
        const body = Object.fromEntries(answer.map(field => [field, `{{{$.${component}.out.${field}}}}`]));
        flow.add('patchbay.utils.http.Response', { from: component, input: { body } });
        const flowId = await owner.createFlow({ name: type, flow: flow.descriptor });
        await assign(component, account);
        await owner.startFlow(flowId);
        return json => call(flowId, hook, json);
    }

    describe('FTP', { skip: ftp.missing }, () => {

        const content = crypto.randomBytes(3 * 1024 * 1024 + 11);
        let ftpServer;
        let account;
        let fileId;

        const folder = temporaryFolder('ftp');
        const onServer = name => path.join(folder, name);

        async function save(filename, bytes) {
            const body = Buffer.concat([
                Buffer.from(`--xx\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`), bytes, Buffer.from('\r\n--xx--\r\n')
            ]);
            const headers = { 'content-type': 'multipart/form-data; boundary=xx', 'uploader-chunk-number': '1', 'uploader-chunks-total': '1', 'uploader-file-name': filename };
            return (await owner.must('POST', '/files', { body, headers })).fileId;
        }

        before(async () => {
            [ftpServer] = await Promise.all([ftp.startServer(PASSWORD, { folder }), publishStarters(admin, 'patchbay.ftp')]);
            fs.mkdirSync(onServer('reports'));
            fileId = await save('march.bin', content);
        });

        after(() => ftpServer?.stop());

        test('A wrong password is refused in the words of the server', async () => {
            account = await signIn('patchbay:ftp', ftpServer.auth, /Invalid credentials: 530 Authentication failed/);
            assert.match(account.name, /^tester@127\.0\.0\.1/);
        });

        test('A file that is uploaded is in the folder of the server, whole and alone', async () => {
            const upload = await callable('patchbay.ftp.core.UploadFile', account, ['fileId', 'path'], ['path', 'size']);
            assert.deepEqual(await upload({ fileId, path: 'reports/' }), { path: 'reports/march.bin', size: content.length });
            assert.ok(fs.readFileSync(onServer('reports/march.bin')).equals(content));
            assert.deepEqual(fs.readdirSync(onServer('reports')), ['march.bin']);
        });

        test('A file of the server is listed, and downloaded byte for byte', async () => {
            const bytes = Buffer.from(content).reverse();
            fs.writeFileSync(onServer('reports/april 1.bin'), bytes);
            const list = await callable('patchbay.ftp.core.ListFiles', account, ['path'], ['files', 'count']);
            const { files, count } = await list({ path: 'reports' });
            assert.equal(count, 2);
            assert.deepEqual(files.map(({ path: name, type, size }) => [name, type, size]), [
                ['reports/april 1.bin', 'file', bytes.length], ['reports/march.bin', 'file', content.length]
            ]);
            const download = await callable('patchbay.ftp.core.DownloadFile', account, ['path'], ['fileId', 'filename', 'size']);
            const file = await download({ path: files[0].path });
            assert.deepEqual([file.filename, file.size], ['april 1.bin', bytes.length]);
            assert.ok((await owner.call('GET', `/files/${file.fileId}`)).bytes.equals(bytes));
        });

        test('While the server is away the upload waits, and is done when it is back', async () => {
            const flow = new FlowBuilder();
            const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
            const upload = flow.add('patchbay.ftp.core.UploadFile', { from: hook, input: { fileId, path: 'reports/late.bin' } });
            flow.add('patchbay.utils.http.Request', { from: upload, input: { url: `${sink.url}/uploaded`, method: 'POST', body: { path: `{{{$.${upload}.out.path}}}` } } });
            const flowId = await owner.createFlow({ name: 'Late', flow: flow.descriptor });
            await assign(upload, account);
            await owner.startFlow(flowId);
            const { port } = ftpServer.auth;
            await ftpServer.stop();
            await call(flowId, hook, {});
            await owner.logged(flowId, ({ severity, componentId }) => severity === 'error' && componentId === upload, 'the refused connection');
            ftpServer = await ftp.startServer(PASSWORD, { folder, port });
            await arrived('uploaded', requests => requests.length === 1, 'the upload');
            assert.ok(fs.readFileSync(onServer('reports/late.bin')).equals(content));
            await owner.stopFlow(flowId);
        });
    });

    describe('RabbitMQ', { skip: rabbitmq.missing }, () => {

        let broker;
        let bundle;
        let connection;
        let channel;
        let account;
        let send;
        let flowId;

        const waiting = async queue => (await channel.checkQueue(queue)).messageCount;
        const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

        /** Puts messages into the queue, as another program of the company would. */
        async function put(ids) {
            for (const id of ids) {
                channel.sendToQueue('orders', Buffer.from(JSON.stringify({ id })), { persistent: true, contentType: 'application/json' });
            }
            await channel.waitForConfirms();
        }

        const all = ids => requests => {
            const come = new Set(requests.map(({ id }) => id));
            return ids.every(id => come.has(id));
        };

        before(async () => {
            bundle = installedBundle('rabbitmq', ['.']);
            [broker] = await Promise.all([rabbitmq.startServer(PASSWORD), publishStarters(admin, 'patchbay.rabbitmq')]);
            const amqp = createRequire(path.join(bundle.root, 'patchbay/rabbitmq/package.json'))('amqplib');
            const { host, port, user, password } = broker.auth;
            connection = await amqp.connect({ hostname: host, port: Number(port), username: user, password });
            channel = await connection.createConfirmChannel();
            await channel.assertQueue('orders', { durable: true });
            await channel.assertQueue('sent', { durable: true });
        });

        after(async () => {
            await connection?.close();
            await broker?.stop();
            bundle?.remove();
        });

        test('A wrong password is refused in the words of the server', async () => {
            account = await signIn('patchbay:rabbitmq', broker.auth, /Invalid credentials: .*ACCESS_REFUSED - Login was refused/);
            assert.match(account.name, /^tester@127\.0\.0\.1/);
        });

        test('A message that is sent is in the queue of the server, to stay', async () => {
            send = await callable('patchbay.rabbitmq.core.SendMessage', account, ['routingKey', 'content'], ['messageId', 'size']);
            const { messageId } = await send({ routingKey: 'sent', content: { id: 'a', name: 'Žluť' } });
            assert.equal(await waiting('sent'), 1);
            const { content, properties } = await channel.get('sent', { noAck: true });
            assert.deepEqual(JSON.parse(content), { id: 'a', name: 'Žluť' });
            assert.deepEqual([properties.messageId, properties.deliveryMode], [messageId, 2]);
        });

        test('A message for a queue that does not exist is an error that says so', async () => {
            const flow = new FlowBuilder();
            const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
            const lost = flow.add('patchbay.rabbitmq.core.SendMessage', { from: hook, input: { routingKey: 'nowhere', content: 'x' } });
            const id = await owner.createFlow({ name: 'Nowhere', flow: flow.descriptor });
            await assign(lost, account);
            await owner.startFlow(id);
            await call(id, hook, {});
            await owner.logged(id, record => record.severity === 'error' && JSON.stringify(record).includes('there is no queue'), 'the error');
            await owner.stopFlow(id);
        });

        test('The trigger sends every message of the queue, and takes each from it', async () => {
            const flow = new FlowBuilder();
            const trigger = flow.add('patchbay.rabbitmq.core.NewMessage', { properties: { queue: 'orders' } });
            flow.add('patchbay.utils.http.Request', { from: trigger, input: { url: `${sink.url}/orders`, method: 'POST', body: { id: `{{{$.${trigger}.out.content.id}}}` } } });
            flowId = await owner.createFlow({ name: 'Orders', flow: flow.descriptor });
            await assign(trigger, account);
            await put(numbers(1, 20));
            await owner.startFlow(flowId);
            await send({ routingKey: 'orders', content: { id: 21 } });
            await arrived('orders', all(numbers(1, 21)), 'the first messages');
        });

        test('Messages that come while the flow is stopped stay with the server, and arrive when it runs again', async () => {
            // The trigger acknowledges a message before it gets the next: only this last one may still be on its way.
            await put([22]);
            await arrived('orders', all([22]), 'the last message before the stop');
            await owner.stopFlow(flowId);
            await put(numbers(23, 40));
            await send({ routingKey: 'orders', content: { id: 41 } });
            assert.ok(await waiting('orders') >= 19);
            assert.ok(!at('orders').some(({ id }) => id > 22), 'a stopped flow takes none');
            await owner.startFlow(flowId);
            await arrived('orders', all(numbers(1, 41)), 'the messages from before and after the stop');
            const repeated = at('orders').filter(({ id }, n, requests) => requests.findIndex(request => request.id === id) !== n).map(({ id }) => id);
            assert.deepEqual(repeated.filter(id => id !== 22), [], 'each was acknowledged, so none came back');
        });

        test('No message is lost when the flow is stopped, or the server killed, while the trigger takes them', async () => {
            const beyond = count => requests => requests.filter(({ id }) => id > 100).length >= count;
            await put(numbers(101, 900));
            await arrived('orders', beyond(1), 'the first of many messages');
            // An administrator's stop keeps what the flow had already accepted.
            await admin.stopFlow(flowId);
            assert.ok(await waiting('orders') > 0, 'the trigger had not taken them all');
            await owner.startFlow(flowId);
            await arrived('orders', beyond(at('orders').length + 100), 'more of them');
            await server.kill();
            await server.start();
            await arrived('orders', all(numbers(101, 900)), 'all messages');
            assert.equal(await waiting('orders'), 0);
            await owner.stopFlow(flowId);
        });
    });
});

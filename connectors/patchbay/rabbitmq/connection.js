'use strict';

const amqp = require('amqplib');

const CONNECT_TIMEOUT_MS = 10000;
/** A server that is silent for two of these counts as lost. */
const HEARTBEAT_SECONDS = 15;

const TLS = {
    off: { protocol: 'amqp', options: {} }, '': { protocol: 'amqp', options: {} },
    on: { protocol: 'amqps', options: {} },
    'no-verify': { protocol: 'amqps', options: { rejectUnauthorized: false } }
};

/** Address and socket options of a connection from the fields of the account. Throws for what cannot be one. */
function connectionSettings(auth) {

    const { host, port, vhost, user, password, tls = 'off' } = auth;
    for (const [name, value] of Object.entries({ host, user })) {
        if (!value) {
            throw new Error(`${name}: is missing. Connect the account again.`);
        }
    }
    if (!Object.hasOwn(TLS, String(tls))) {
        throw new Error(`tls: "${tls}" must be off, on or no-verify.`);
    }
    const { protocol, options } = TLS[String(tls)];
    const number = Number(port || (protocol === 'amqps' ? 5671 : 5672));
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
        throw new Error(`port: "${port}" is not a port number.`);
    }
    return {
        address: {
            protocol,
            hostname: String(host),
            port: number,
            username: String(user),
            password: String(password ?? ''),
            vhost: encodeURIComponent(vhost || '/'),
            heartbeat: HEARTBEAT_SECONDS
        },
        socket: { ...options, timeout: CONNECT_TIMEOUT_MS, noDelay: true, clientProperties: { connection_name: 'patchbay' } }
    };
}

async function connect(address, socket) {

    try {
        return await amqp.connect(address, socket);
    } catch (err) {
        // All that the package tells of this refusal is the name of the frame.
        if (/ConnectionOpenOk.*ConnectionClose/.test(err.message)) {
            const vhost = decodeURIComponent(address.vhost);
            throw new Error(`The virtual host "${vhost}" does not exist, or ${address.username} has no right to it.`, { cause: err });
        }
        throw err;
    }
}

/**
 * Runs `work` with a channel on a connection of its own, made by `create`: createChannel or createConfirmChannel.
 *
 * When `work` has ended well the channel is closed in order, so that the server has taken what was written to it,
 * acknowledgements too. The connection is closed whatever happens; the server then puts back what is not acknowledged.
 */
async function withChannel(auth, create, work) {

    const { address, socket } = connectionSettings(auth);
    const connection = await connect(address, socket);
    // The server's own words come by these events; who waits on the channel hears only that it was closed.
    let cause;
    const told = err => { cause ??= err; };
    connection.on('error', told);
    try {
        const channel = await connection[create]();
        channel.on('error', told);
        const result = await work(channel);
        await channel.close();
        return result;
    } catch (err) {
        throw classified(cause ?? err);
    } finally {
        await connection.close().catch(() => {});
    }
}

/** Reply codes of AMQP: no right, no such queue, used by another alone, not as it was declared, not understood. */
const FOR_GOOD = new Set([403, 404, 405, 406, 503, 530, 540]);

/** What the server refuses for good gets the status 422, so that it is not tried for long. */
function classified(err) {

    if (FOR_GOOD.has(err.code)) {
        return Object.assign(new Error(err.message), { code: err.code, statusCode: 422, status: 422 });
    }
    return err;
}

module.exports = { withChannel };

'use strict';

const { Client, FTPError } = require('basic-ftp');

/** How long the server may be silent. */
const TIMEOUT_MS = 30000;

const TLS = {
    off: { secure: false }, '': { secure: false },
    on: { secure: true },
    'no-verify': { secure: true, secureOptions: { rejectUnauthorized: false } }
};

/** Settings of a connection from the fields of the account. Throws for what cannot be one. */
function accessSettings(auth) {

    const { host, port, user, password, tls = 'off' } = auth;
    for (const [name, value] of Object.entries({ host, user })) {
        if (!value) {
            throw new Error(`${name}: is missing. Connect the account again.`);
        }
    }
    const number = Number(port || 21);
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
        throw new Error(`port: "${port}" is not a port number.`);
    }
    if (!Object.hasOwn(TLS, String(tls))) {
        throw new Error(`tls: "${tls}" must be off, on or no-verify.`);
    }
    return { host: String(host), port: number, user: String(user), password: String(password ?? ''), ...structuredClone(TLS[String(tls)]) };
}

/** Runs `work` with a connection of its own that has signed in; it is closed afterwards, whatever happens. */
async function withClient(auth, work) {

    const settings = accessSettings(auth);
    const client = new Client(TIMEOUT_MS);
    try {
        await client.access(settings);
        return await work(client);
    } catch (err) {
        throw classified(err);
    } finally {
        client.close();
    }
}

const NOT_SIGNED_IN = 530;

/**
 * What the server refuses for good (replies 5xx: no such file, no right) gets the status 422, so that it is not tried
 * for long. Servers say "not signed in" also while they have too many connections, so that is tried again.
 */
function classified(err) {

    if (err instanceof FTPError && err.code >= 500 && err.code !== NOT_SIGNED_IN) {
        return Object.assign(new Error(err.message), { code: err.code, statusCode: 422, status: 422 });
    }
    return err;
}

module.exports = { FTPError, withClient };

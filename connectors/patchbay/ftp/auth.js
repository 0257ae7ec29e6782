'use strict';

const { withClient } = require('./session');

module.exports = {

    type: 'pwd',

    definition: {

        auth: {
            host: { type: 'text', name: 'Host', tooltip: 'Name or address of the FTP server.', required: true },
            port: { type: 'text', name: 'Port', tooltip: 'Left empty: 21.' },
            user: { type: 'text', name: 'User', tooltip: 'Name of the user on the server.', required: true },
            password: { type: 'password', name: 'Password', tooltip: 'Password of the user.' },
            tls: {
                type: 'select',
                name: 'TLS',
                tooltip: 'Whether to encrypt the connection (FTPS), and whether to check the certificate of the server.',
                options: [
                    { label: 'Off', value: 'off' },
                    { label: 'On, check the certificate', value: 'on' },
                    { label: 'On, accept any certificate', value: 'no-verify' }
                ]
            }
        },

        accountNameFromProfileInfo: 'name',

        requestProfileInfo(context) {

            const { host, port, user } = context;
            return { name: `${user}@${host}:${port || 21}`, host, user };
        },

        /** Signs in; whatever is wrong is thrown. */
        async validate(context) {

            await withClient(context, client => client.pwd());
            // FTP has no sessions that outlive a connection: every call signs in again.
            return { token: 'none' };
        }
    }
};

'use strict';

const { withChannel } = require('./connection');

module.exports = {

    type: 'pwd',

    definition: {

        auth: {
            host: { type: 'text', name: 'Host', tooltip: 'Name or address of the RabbitMQ server.', required: true },
            port: { type: 'text', name: 'Port', tooltip: 'Left empty: 5672, with TLS 5671.' },
            vhost: { type: 'text', name: 'Virtual host', tooltip: 'Left empty: /.' },
            user: { type: 'text', name: 'User', tooltip: 'Name of the user on the server.', required: true },
            password: { type: 'password', name: 'Password', tooltip: 'Password of the user.' },
            tls: {
                type: 'select',
                name: 'TLS',
                tooltip: 'Whether to encrypt the connection, and whether to check the certificate of the server.',
                options: [
                    { label: 'Off', value: 'off' },
                    { label: 'On, check the certificate', value: 'on' },
                    { label: 'On, accept any certificate', value: 'no-verify' }
                ]
            }
        },

        accountNameFromProfileInfo: 'name',

        requestProfileInfo(context) {

            const { host, port, user, vhost } = context;
            return { name: `${user}@${host}${port ? `:${port}` : ''}${vhost && vhost !== '/' ? `/${vhost}` : ''}`, host, user };
        },

        /** Signs in; whatever is wrong is thrown. */
        async validate(context) {

            await withChannel(context, 'createChannel', () => {});
            // AMQP has no sessions that outlive a connection: every call signs in again.
            return { token: 'none' };
        }
    }
};

'use strict';

const { withClient } = require('./database');

module.exports = {

    type: 'apiKey',

    definition: {

        tokenType: 'authentication-token',

        auth: {
            host: { type: 'text', name: 'Host', tooltip: 'Name or address of the database server.', required: true },
            port: { type: 'text', name: 'Port', tooltip: 'Left empty: 5432.' },
            database: { type: 'text', name: 'Database', tooltip: 'Name of the database.', required: true },
            user: { type: 'text', name: 'User', tooltip: 'Name of the database user.', required: true },
            password: { type: 'password', name: 'Password', tooltip: 'Password of the database user.' },
            ssl: {
                type: 'select',
                name: 'SSL',
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

            const { host, port, database, user } = context;
            return { name: `${user}@${host}:${port || 5432}/${database}`, host, database, user };
        },

        /** Connects; whatever is wrong is thrown. */
        async validate(context) {

            await withClient(context, client => client.query('SELECT 1'));
            return true;
        }
    }
};

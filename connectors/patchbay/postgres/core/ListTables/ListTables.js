'use strict';

const { query, tableLabel } = require('../../database');

module.exports = {

    async receive(context) {

        const { rows } = await query(context.auth, `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
            WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema <> 'public', table_schema, table_name LIMIT 5000`);
        await context.sendJson({ tables: rows }, 'out');
    },

    toSelectArray({ tables }) {

        return tables.map(({ schema, name }) => tableLabel(schema, name)).map(name => ({ label: name, value: name }));
    }
};

'use strict';

const { columnsOf } = require('../../database');

const TYPES = {
    integer: 'integer', smallint: 'integer', real: 'number', 'double precision': 'number',
    boolean: 'boolean', json: undefined, jsonb: undefined, ARRAY: 'array'
};

module.exports = {

    async receive(context) {

        const { table } = context.messages.in.content;
        await context.sendJson({ columns: table ? await columnsOf(context.auth, table) : [] }, 'out');
    },

    toSelectArray({ columns }) {

        return columns.map(({ name, type }) => ({ label: `${name} (${type})`, value: name }));
    },

    toOutputVariables({ columns }) {

        return columns.map(({ name, type }) => {
            // Types that JSON has no exact form for, such as bigint, come as text.
            const schemaType = Object.hasOwn(TYPES, type) ? TYPES[type] : 'string';
            return { label: name, value: name, ...(schemaType ? { schema: { type: schemaType } } : {}) };
        });
    }
};

'use strict';

// Functions of the flow. They start a value and ignore what came before them in the chain.
// Time and chance come from the message, so every attempt sees the same (the mapper pins both).

module.exports = {
    g_now: {
        label: 'Now',
        category: ['date'],
        type: 'flow',
        description: 'The time the message arrived, as ISO 8601 text.',
        returns: { type: 'string' },
        helperFn: function () {
            return new Date().toISOString();
        }
    },
    g_timestamp: {
        label: 'Timestamp',
        category: ['date'],
        type: 'flow',
        description: 'The time the message arrived, in seconds since 1970.',
        returns: { type: 'number' },
        helperFn: function () {
            return Math.floor(Date.now() / 1000);
        }
    },
    g_uuid4: {
        label: 'UUID',
        category: ['text'],
        type: 'flow',
        description: 'A new UUID of version 4, the same at every attempt of a message.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            return options.helpers.uuid.v4();
        }
    },
    g_random: {
        label: 'Random number',
        category: ['math'],
        type: 'flow',
        description: 'A number from 0 to 1 left to chance, the same at every attempt of a message.',
        returns: { type: 'number' },
        helperFn: function () {
            return Math.random();
        }
    },
    g_pi: {
        label: 'Pi',
        category: ['math'],
        type: 'flow',
        description: 'The number pi.',
        returns: { type: 'number' },
        helperFn: function () {
            return Math.PI;
        }
    },
    g_flowId: {
        label: 'Flow ID',
        category: ['text'],
        type: 'flow',
        description: 'The ID of this flow.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            return options.helpers.context.flowId;
        }
    },
    g_flowName: {
        label: 'Flow name',
        category: ['text'],
        type: 'flow',
        description: 'The name of this flow.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            return options.helpers.context.flowName;
        }
    },
    g_userId: {
        label: 'User ID',
        category: ['text'],
        type: 'flow',
        description: 'The ID of the user who owns this flow.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            return options.helpers.context.userId;
        }
    },
    g_webhookUrl: {
        label: 'Webhook URL',
        category: ['text'],
        type: 'flow',
        description: 'The webhook URL of the component.',
        returns: { type: 'string' },
        helperFn: function (value, options) {
            return options.helpers.context.webhookUrl;
        }
    },
    g_customFields: {
        label: 'Custom fields',
        category: ['object'],
        type: 'flow',
        description: 'The custom fields of this flow.',
        returns: { type: 'object' },
        helperFn: function (value, options) {
            return options.helpers.context.customFields;
        }
    }
};

'use strict';

const { sleep } = require('../e2e/rest_client');

const PATIENCE_MS = 60000;
const POLL_MS = 500;

/**
 * What became of the plugins: [{plugin, up, error?, routes?, jobs?}], or null where the server has no plugins.
 * `expected`: their folders, such as appmixer/utils/tasks.
 */
async function pluginsOf(client, expected) {
    const shown = await settled(client);
    if (shown === null) {
        return null;
    }
    return expected.map(plugin => {
        const found = shown.find(row => row.plugin === plugin);
        if (!found) {
            return { plugin, up: false, error: 'the server does not list it' };
        }
        const { state, error, routes, jobs } = found;
        return { plugin, up: state === 'up', error: error ?? (state === 'up' ? undefined : `it is ${state}`), routes, jobs };
    });
}

/** What the server shows of its plugins once none is starting; null where it has none. */
async function settled(client) {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
        const { status, body, text } = await client.call('GET', '/plugins');
        if (status === 404) {
            return null;
        }
        if (status !== 200) {
            throw new Error(`GET /plugins answered ${status}: ${text.slice(0, 500)}`);
        }
        if (Date.now() > end || !body.some(({ state }) => state === 'starting')) {
            return body;
        }
    }
}

module.exports = { pluginsOf, settled };

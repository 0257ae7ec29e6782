'use strict';

const { sleep } = require('../e2e/rest_client');

// npm alone may take ten minutes for each package.json.
const PATIENCE_MS = 45 * 60000;
const POLL_MS = 500;

/** Publishes one package through POST /components and follows its ticket. Gives {name, accepted, ms, error?, note?}. */
async function publish(client, { name, version, bytes, note, error }) {
    const began = Date.now();
    const result = { name, version, note, accepted: false };
    try {
        result.error = error ?? await refusal(client, bytes);
        result.accepted = result.error === undefined;
    } catch (err) {
        result.error = err.message;
    }
    result.ms = Date.now() - began;
    return result;
}

async function refusal(client, bytes) {
    const { ticket } = await client.must('POST', '/components?replaceAll=true', { body: bytes, headers: { 'content-type': 'application/octet-stream' } });
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
        const { finished, err, data } = await client.get(`/components/uploader/${ticket}`);
        if (finished) {
            return err === undefined ? undefined : [err, ...(data ?? []).map(fault => `${fault.dataPath ?? ''} ${fault.message}`)].join('\n');
        }
    }
    return `the ticket had no end within ${PATIENCE_MS / 60000} minutes`;
}

/** All of them, `jobs` side by side; `told(result)` after each. */
async function publishAll(client, packages, jobs, told) {
    const waiting = [...packages];
    const results = [];
    const work = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
            const result = await publish(client, next);
            results.push(result);
            told(result);
        }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return results.sort((a, b) => (a.name < b.name ? -1 : 1));
}

module.exports = publishAll;

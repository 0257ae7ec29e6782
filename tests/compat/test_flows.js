'use strict';

const fs = require('node:fs');

const { sleep } = require('../e2e/rest_client');
const quirksOf = require('./flow_quirks');

const PATIENCE_MS = 5 * 60000;
const POLL_MS = 500;
const JUDGE = /\.test\.ProcessE2EResults$/;

const seconds = ms => `${Math.round(ms / 1000)} s`;

/**
 * The shipped test flows that can run here: all their components are installed, and none needs an account of somebody
 * else's. Gives [{file, document, note?, outcome: "passed" | "stale"}].
 */
function runnableFlows(checkout, manifests) {
    const flows = [];
    for (const file of checkout.testFlows) {
        const text = fs.readFileSync(file, 'utf8');
        const nodes = Object.values(JSON.parse(text).flow ?? {});
        if (nodes.some(({ type }) => JUDGE.test(type)) && nodes.every(({ type }) => manifests.has(type) && !manifests.get(type).auth)) {
            flows.push(...variants(checkout.relative(file), text));
        }
    }
    return flows;
}

function variants(file, text) {
    const { stale, files = [] } = quirksOf(file);
    const shipped = { file, files, document: JSON.parse(text), outcome: stale ? 'stale' : 'passed', note: stale?.why };
    return stale ? [shipped, { file: `${file} (repaired)`, files, document: JSON.parse(stale.repair(text)), outcome: 'passed' }] : [shipped];
}

/**
 * Runs one of them to its verdict, which is a record in the data store for passed tests or in the one for failed.
 * Gives {file, passed, ms, detail}. A stale flow passes when its failure is told in time.
 */
async function runFlow(client, { file, files, document, outcome, note }) {
    const began = Date.now();
    let flowId;
    let detail;
    let passed = false;
    try {
        const stores = await makeStores(client, file);
        await Promise.all(files.map(one => seed(client, one)));
        flowId = await client.createFlow({ name: document.name ?? file, flow: withStores(document.flow, stores) });
        await client.startFlow(flowId);
        const verdict = await verdictOf(client, stores);
        passed = verdict !== null && verdict.passed === (outcome === 'passed');
        detail = `${verdict === null ? `no verdict within ${seconds(PATIENCE_MS)}` : verdict.text}${note ? `; ${note}` : ''}`;
        if (!passed) {
            detail += await errorsOf(client, flowId);
        }
    } catch (err) {
        detail = err.message;
    } finally {
        if (flowId) {
            await client.stopFlow(flowId).catch(() => undefined);
        }
    }
    return { file, passed, ms: Date.now() - began, detail };
}

async function makeStores(client, file) {
    const make = async kind => (await client.post('/stores', { name: `${file} ${kind}` })).storeId;
    return { passed: await make('passed'), failed: await make('failed') };
}

// The flows name data stores of another server.
function withStores(flow, stores) {
    for (const node of Object.values(flow).filter(({ type }) => JUDGE.test(type))) {
        node.config.properties = { ...node.config.properties, successStoreId: stores.passed, failedStoreId: stores.failed };
    }
    return flow;
}

async function seed(client, { id, name, text }) {
    const form = new FormData();
    form.set('file', new Blob([text], { type: 'text/csv' }), name);
    const packed = new Response(form);
    await client.must('POST', '/files', {
        body: Buffer.from(await packed.arrayBuffer()),
        headers: { 'content-type': packed.headers.get('content-type'), 'uploader-file-id': id, 'uploader-file-name': name }
    });
}

async function verdictOf(client, stores) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
        for (const kind of ['passed', 'failed']) {
            const [record] = await client.get(`/store?storeId=${stores[kind]}`);
            if (record) {
                return { passed: kind === 'passed', text: kind === 'passed' ? `record "${record.key}"` : failedText(record.value) };
            }
        }
    }
    return null;
}

const failedText = value => `it says ${(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 600)}`;

async function errorsOf(client, flowId) {
    const errors = (await client.logs(flowId)).filter(({ severity }) => severity === 'error').reverse();
    return errors.slice(0, 5).map(record => `\n${record.componentType ?? ''}: ${errorText(record)}`).join('');
}

function errorText({ err, error, message, msg }) {
    const shown = err ?? error ?? message ?? msg ?? '';
    return (typeof shown === 'string' ? shown : shown.message ?? JSON.stringify(shown)).slice(0, 400);
}

module.exports = { runnableFlows, runFlow };

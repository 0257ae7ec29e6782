'use strict';

const http = require('node:http');

const TICKET_TIMEOUT_MS = 120000;
const POLL_MS = 50;

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A refused call: `status`, and the body the server sent. */
class RestError extends Error {
    constructor(method, path, { status, text, body }) {
        super(`${method} ${path} answered ${status}: ${text.slice(0, 2000)}`);
        this.status = status;
        this.body = body;
    }
}

/** REST calls over keep-alive connections, with the headers the clients in the field send. */
module.exports = class RestClient {

    constructor(url, token = null) {
        this.url = url;
        this.token = token;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: 128 });
    }

    async signIn(username, password) {
        const { token, user } = await this.post('/user/auth', { username, password });
        this.token = token;
        this.user = user;
        return this;
    }

    /** The same server with another token, or none. */
    as(token) {
        return new RestClient(this.url, token);
    }

    /** One call; whatever the status, it resolves to {status, headers, text, body, bytes}. */
    call(method, path, { json, body, headers = {}, timeoutMs = 120000 } = {}) {
        const data = json === undefined ? body : JSON.stringify(json);
        const all = { ...headers };
        if (json !== undefined) {
            all['content-type'] ??= 'application/json';
        }
        if (data !== undefined && !('transfer-encoding' in all)) {
            all['content-length'] = Buffer.byteLength(data);
        }
        if (this.token && !('authorization' in all)) {
            all.authorization = `Bearer ${this.token}`;
        }
        return new Promise((resolve, reject) => {
            const request = http.request(this.url + path, { method, headers: all, agent: this.agent, timeout: timeoutMs }, response => {
                const chunks = [];
                response.on('data', chunk => chunks.push(chunk));
                response.on('error', reject);
                response.on('end', () => resolve(answer(response, Buffer.concat(chunks))));
            });
            request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer within ${timeoutMs} ms`)));
            request.on('error', reject);
            request.end(data);
        });
    }

    /** One call that must succeed; resolves to the body. */
    async must(method, path, options) {
        const result = await this.call(method, path, options);
        if (result.status < 200 || result.status > 299) {
            throw new RestError(method, path, result);
        }
        return result.body;
    }

    get(path) {
        return this.must('GET', path);
    }

    post(path, json) {
        return this.must('POST', path, { json });
    }

    put(path, json) {
        return this.must('PUT', path, { json });
    }

    delete(path) {
        return this.must('DELETE', path);
    }

    /** Publishes a zip and waits for the end of its ticket, which it gives. */
    async publish(zip, query = '') {
        const { ticket } = await this.must('POST', `/components${query}`, { body: zip, headers: { 'content-type': 'application/octet-stream' } });
        return until(async () => {
            const state = await this.get(`/components/uploader/${ticket}`);
            return state.finished ? state : null;
        }, 'the end of the publishing', TICKET_TIMEOUT_MS);
    }

    async createFlow(document) {
        return (await this.post('/flows', document)).flowId;
    }

    startFlow(flowId) {
        return this.post(`/flows/${flowId}/coordinator`, { command: 'start' });
    }

    stopFlow(flowId) {
        return this.post(`/flows/${flowId}/coordinator`, { command: 'stop' });
    }

    /** Log records of a flow, newest first. */
    async logs(flowId, query) {
        const parameters = new URLSearchParams({ flowId, size: '500', ...(query ? { query } : {}) });
        return (await this.get(`/logs?${parameters}`)).hits;
    }

    /** Waits until the log of a flow holds a record that `wanted` admits, and gives it. */
    logged(flowId, wanted, what, timeoutMs) {
        return until(async () => (await this.logs(flowId)).find(wanted), what ?? 'a log record', timeoutMs);
    }
};

function answer(response, bytes) {
    const text = bytes.toString('utf8');
    let body = text;
    if (/json/.test(response.headers['content-type'] ?? '')) {
        try {
            body = JSON.parse(text);
        } catch (err) {
            body = undefined;
        }
    }
    return { status: response.statusCode, headers: response.headers, text, body, bytes };
}

/** Asks until the answer is truthy. For conditions of the server, which has no other signal to offer. */
async function until(ask, what, timeoutMs = 30000) {
    const end = Date.now() + timeoutMs;
    for (;;) {
        const result = await ask();
        if (result) {
            return result;
        }
        if (Date.now() > end) {
            throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
        }
        await sleep(POLL_MS);
    }
}

module.exports.RestError = RestError;
module.exports.until = until;
module.exports.sleep = sleep;

'use strict';

const http = require('node:http');

/**
 * A server on loopback that takes what flows send, in the test's own process.
 *
 * `answer(request)` may give {status, headers, body}; the default is 200 and an empty object.
 */
module.exports = class Sink {

    static async start(answer) {
        const sink = new Sink();
        sink.answer = answer;
        sink.requests = [];
        sink.waiting = [];
        sink.server = http.createServer((request, response) => sink.#take(request, response));
        sink.server.keepAliveTimeout = 60000;
        await new Promise(resolve => sink.server.listen(0, '127.0.0.1', 1024, resolve));
        sink.url = `http://127.0.0.1:${sink.server.address().port}`;
        return sink;
    }

    #take(request, response) {
        const chunks = [];
        request.on('data', chunk => chunks.push(chunk));
        request.on('error', () => {});
        request.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const taken = { method: request.method, url: request.url, headers: request.headers, text, body: parsed(text), at: Date.now() };
            this.requests.push(taken);
            const { status = 200, headers = { 'content-type': 'application/json' }, body = '{}' } = this.answer?.(taken) ?? {};
            response.writeHead(status, headers).end(body);
            this.waiting = this.waiting.filter(wait => !wait());
        });
    }

    /** Waits until `wanted(requests)` is truthy and gives that. Wakes with each request, never polls. */
    when(wanted, what = 'a request', timeoutMs = 30000) {
        return new Promise((resolve, reject) => {
            const check = () => {
                const result = wanted(this.requests);
                if (result) {
                    clearTimeout(timer);
                    resolve(result);
                }
                return result;
            };
            const timer = setTimeout(() => {
                this.waiting = this.waiting.filter(wait => wait !== check);
                reject(new Error(`The sink waited ${timeoutMs} ms for ${what}; it has ${this.requests.length} requests, the last: ${this.requests.at(-1)?.text.slice(0, 500)}`));
            }, timeoutMs);
            if (!check()) {
                this.waiting.push(check);
            }
        });
    }

    /** Waits for the first request that `wanted` admits. */
    one(wanted, what, timeoutMs) {
        return this.when(requests => requests.find(wanted), what, timeoutMs);
    }

    stop() {
        this.server.closeAllConnections();
        return new Promise(resolve => this.server.close(resolve));
    }
};

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (err) {
        return text;
    }
}

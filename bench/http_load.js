'use strict';

/**
 * The load generator: a process of its own that speaks HTTP/1.1 over raw sockets, since Node's own
 * client costs more than the servers under test. Each connection sends its next request when the
 * answer to the last one is there.
 *
 * Parent → child: {port, paths, connections, seconds, first, expect?, rate?}, where `first` numbers the messages, which go to the
 * paths in turns; `rate`, in messages a second, holds them back to it. Or {stop: true}, to end before `seconds`.
 * Child → parent: {sent, ok, refused, late, seconds, startedUs, p50, p99, cpuMs}; times in microseconds.
 * The body is {"id": n, "sent": monotonic microseconds, "text": 100 characters}.
 */

const net = require('node:net');

const LatencyHistogram = require('./latency_histogram');

const TEXT = 'x'.repeat(100);
const PAUSE_AFTER_REFUSAL_MS = 5;
const CHECKED_EVERY = 64;

const nowUs = () => Number(process.hrtime.bigint() / 1000n);

class Connection {

    constructor(run) {
        this.run = run;
        this.pending = null;
        this.socket = net.connect({ port: run.port, host: '127.0.0.1', noDelay: true });
        this.socket.on('data', chunk => this.read(chunk));
        this.socket.on('close', () => this.closed());
        this.socket.on('error', err => run.fail(err));
        this.ended = new Promise(resolve => { this.end = resolve; });
        this.send();
    }

    send() {
        const { run } = this;
        const number = run.taken;
        run.taken += 1;
        const early = run.rate ? run.startedUs + number * 1e6 / run.rate - nowUs() : 0;
        if (early > 0) {
            setTimeout(() => this.sendNow(number), early / 1000);
        } else {
            this.sendNow(number);
        }
    }

    sendNow(number) {
        const { run } = this;
        this.sentUs = nowUs();
        if (this.sentUs >= run.endUs || run.failure) {
            this.over = true;
            this.socket.end();
            this.end();
            return;
        }
        const body = `{"id":${run.first + number},"sent":${this.sentUs},"text":"${TEXT}"}`;
        run.sent += 1;
        this.socket.write(`${run.heads[number % run.heads.length]}${body.length}\r\n\r\n${body}`);
    }

    read(chunk) {
        const buffer = this.pending ? Buffer.concat([this.pending, chunk]) : chunk;
        const end = answerEnd(buffer);
        if (end < 0) {
            this.pending = buffer;
            return;
        }
        this.pending = null;
        this.answered(buffer);
    }

    answered(buffer) {
        const { run } = this;
        const status = (buffer[9] - 48) * 100 + (buffer[10] - 48) * 10 + buffer[11] - 48;
        if (status === 429 || status === 503) {
            run.refused += 1;
            setTimeout(() => this.send(), PAUSE_AFTER_REFUSAL_MS);
            return;
        }
        if (status === 202) {
            // The server gave up waiting for the flow's answer.
            run.late += 1;
            this.send();
            return;
        }
        if (status !== 200 || (run.expect && run.ok % CHECKED_EVERY === 0 && !buffer.includes(run.expect))) {
            run.fail(new Error(`unexpected answer: ${buffer.toString('latin1').slice(0, 500)}`));
        }
        run.ok += 1;
        run.latency.add(nowUs() - this.sentUs);
        this.send();
    }

    closed() {
        if (!this.over) {
            this.run.fail(new Error('the server closed a connection'));
            this.end();
        }
    }
}

/** Where the answer ends in the buffer, or -1 while it is not whole. Knows lengths and chunks. */
function answerEnd(buffer) {
    const headEnd = buffer.indexOf('\r\n\r\n');
    if (headEnd < 0) {
        return -1;
    }
    const head = buffer.latin1Slice(0, headEnd).toLowerCase();
    const length = /\r\ncontent-length: *(\d+)/.exec(head);
    if (length) {
        const end = headEnd + 4 + Number(length[1]);
        return buffer.length >= end ? end : -1;
    }
    if (head.includes('\r\ntransfer-encoding: chunked')) {
        const end = buffer.indexOf('\r\n0\r\n\r\n', headEnd + 2);
        return end < 0 ? -1 : end + 7;
    }
    return headEnd + 4;
}

let current = null;

async function load({ port, paths, connections, seconds, first, expect, rate }) {
    const startedUs = nowUs();
    const run = {
        port,
        heads: paths.map(path => `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: `),
        rate,
        startedUs,
        endUs: startedUs + seconds * 1e6,
        first,
        expect,
        taken: 0,
        sent: 0,
        ok: 0,
        refused: 0,
        late: 0,
        latency: new LatencyHistogram(),
        fail: err => { run.failure ??= err; }
    };
    current = run;
    const cpu = process.cpuUsage();
    await Promise.all(Array.from({ length: connections }, () => new Connection(run).ended));
    const { user, system } = process.cpuUsage(cpu);
    if (run.failure) {
        throw run.failure;
    }
    return {
        sent: run.sent,
        ok: run.ok,
        refused: run.refused,
        late: run.late,
        seconds: (nowUs() - startedUs) / 1e6,
        startedUs,
        p50: run.latency.at(0.5),
        p99: run.latency.at(0.99),
        cpuMs: (user + system) / 1000
    };
}

process.on('message', order => {
    if (order.stop) {
        current.endUs = 0;
    } else {
        load(order).then(result => process.send({ result }), err => process.send({ error: err.message }));
    }
});
process.on('disconnect', () => process.exit());

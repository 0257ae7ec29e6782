'use strict';

/**
 * The counting sink: a process of its own that answers every POST with 200 and remembers the ids it
 * has seen. Raw sockets, for the same reason as the load generator.
 *
 * Parent → child: {order: 'reset'} | {order: 'state'} | {order: 'when', count} | {order: 'next', containing}.
 * Child → parent: {port} at the start; {seen, posts, lastUs, pauseUs, p50, p99} as answer, to `when` once `count`
 * ids have been seen, to `next` once a body comes that contains the text. Times in microseconds; p50 and p99 from the
 * sending of a message to its arrival here, `pauseUs` the longest between two arrivals at one path.
 */

const net = require('node:net');

const LatencyHistogram = require('./latency_histogram');

const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
const NUMBERS = /"id":"?(\d+)"?,"sent":"?(\d+)/;

let state;
let waiting = null;

const nowUs = () => Number(process.hrtime.bigint() / 1000n);

function reset() {
    state = { ids: new Set(), posts: 0, lastUs: 0, pauseUs: 0, lastByPath: new Map(), latency: new LatencyHistogram() };
}

function summary() {
    return { seen: state.ids.size, posts: state.posts, lastUs: state.lastUs, pauseUs: state.pauseUs, p50: state.latency.at(0.5), p99: state.latency.at(0.99) };
}

function arrived(path, body) {
    const numbers = NUMBERS.exec(body);
    if (!numbers) {
        throw new Error(`the sink got a body without id and time: ${body.slice(0, 200)}`);
    }
    state.posts += 1;
    state.lastUs = nowUs();
    if (!state.ids.has(numbers[1])) {
        state.ids.add(numbers[1]);
        state.latency.add(state.lastUs - Number(numbers[2]));
    }
    state.pauseUs = Math.max(state.pauseUs, state.lastUs - (state.lastByPath.get(path) ?? state.lastUs));
    state.lastByPath.set(path, state.lastUs);
    if (waiting?.(body)) {
        waiting = null;
        process.send(summary());
    }
}

/** Takes the requests out of a connection's bytes; gives what is left over. */
function requests(socket, buffer) {
    let at = 0;
    for (;;) {
        const headEnd = buffer.indexOf('\r\n\r\n', at);
        if (headEnd < 0) {
            return buffer.subarray(at);
        }
        const head = buffer.latin1Slice(at, headEnd);
        const length = /\r\ncontent-length: *(\d+)/i.exec(head);
        if (!length) {
            throw new Error('the sink takes requests with a Content-Length only');
        }
        const end = headEnd + 4 + Number(length[1]);
        if (buffer.length < end) {
            return buffer.subarray(at);
        }
        arrived(head.split(' ', 2)[1], buffer.latin1Slice(headEnd + 4, end));
        socket.write(ANSWER);
        at = end;
    }
}

reset();
const server = net.createServer({ noDelay: true }, socket => {
    let rest = Buffer.alloc(0);
    socket.on('data', chunk => { rest = requests(socket, rest.length ? Buffer.concat([rest, chunk]) : chunk); });
    socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 1024, () => process.send({ port: server.address().port }));

process.on('message', ({ order, count, containing }) => {
    if (order === 'reset') {
        reset();
    }
    waiting = null;
    if (order === 'when' && state.ids.size < count) {
        waiting = () => state.ids.size >= count;
    } else if (order === 'next') {
        waiting = body => body.includes(containing);
    } else {
        process.send(summary());
    }
});
process.on('disconnect', () => process.exit());

'use strict';

// One request of a client, played to the plugin's server as a real HTTP exchange within the process; its answer travels back in one
// piece where its length is known and small, else piece by piece, each when the client has taken the one before.
//
// Lifetime: `cancel` (the client has gone) and the end of the plugin break the exchange, which the route's handler sees as a lost client.

const http = require('node:http');
const { duplexPair } = require('node:stream');

const { introduce } = require('./visitors');
const { withoutHops } = require('./hop_headers');

const kWholeBytes = 1024 * 1024;
const kPieceBytes = 65536;
const kHeaderBytes = 64 * 1024;

class Exchange {

    constructor(plugin, call, frame) {
        this._plugin = plugin;
        this._call = call;
        this._frame = frame;
        [this._client, this._server] = duplexPair();
        this._request = null;
        // What breaks a connection is told by the request and the answer.
        this._client.on('error', () => undefined);
        this._server.on('error', () => undefined);
        call.atEnd(() => this._break());
    }

    // Resolves when the answer has been given; rejects when there is none.
    async run() {
        likeASocket(this._server, this._frame.remoteAddress);
        introduce(this._server, this._frame.user);
        await this._plugin.server.accept(this._server);
        if (this._call.ended) {
            return;
        }
        let response;
        try {
            response = await this._ask();
        } catch (err) {
            if (!kBadRequest.has(err.code)) {
                throw err;
            }
            this._call.done(refusal(400, 'Bad Request', err.message));
            return;
        }
        await this._answer(response);
    }

    _ask() {
        return new Promise((resolve, reject) => {
            const { method, path } = this._frame;
            if (String(method).toUpperCase() === 'CONNECT') {
                throw Object.assign(new TypeError('Plugins do not take CONNECT'), { code: 'ERR_INVALID_HTTP_TOKEN' });
            }
            const body = this._frame.body ? Buffer.from(this._frame.body, 'base64') : null;
            this._request = http.request({
                method, path, headers: requestHeaders(this._frame, body), maxHeaderSize: kHeaderBytes, createConnection: () => this._client
            });
            this._request.on('response', resolve);
            this._request.on('error', reject);
            this._request.end(body);
        });
    }

    async _answer(response) {
        const head = { status: response.statusCode, headers: withoutHops(response.headersDistinct) };
        const length = hasNoBody(this._frame.method, response.statusCode) ? 0 : Number(response.headers['content-length'] ?? NaN);
        if (length <= kWholeBytes) {
            const body = Buffer.concat(await response.toArray());
            this._call.done(body.length > 0 ? { ...head, body: body.toString('base64') } : head);
            return;
        }
        await this._call.ask('answerHead', head);
        for await (const chunk of response) {
            for (let at = 0; at < chunk.length; at += kPieceBytes) {
                if (!await this._piece(chunk.subarray(at, at + kPieceBytes))) {
                    return;
                }
            }
        }
        this._call.done(null);
    }

    // False when the client has gone, which is nobody's fault.
    async _piece(bytes) {
        try {
            await this._call.ask('answerPiece', { data: bytes.toString('base64') });
            return true;
        } catch {
            this._call.done(null);
            return false;
        }
    }

    _break() {
        this._request?.destroy();
        this._client.destroy();
        this._server.destroy();
    }
}

// What `http.request` says of a method, path or header that HTTP does not know.
const kBadRequest = new Set(['ERR_INVALID_HTTP_TOKEN', 'ERR_UNESCAPED_CHARACTERS', 'ERR_INVALID_CHAR', 'ERR_HTTP_INVALID_HEADER_VALUE']);

function requestHeaders({ headers, hostname, method }, body) {
    const out = withoutHops(headers ?? {});
    delete out.expect;
    delete out['content-length'];
    out.host ??= hostname || 'localhost';
    if (body !== null) {
        out['content-length'] = body.length;
    } else if (/^(?:post|put|patch)$/i.test(method)) {
        out['content-length'] = 0;
    }
    return out;
}

function hasNoBody(method, status) {
    return String(method).toUpperCase() === 'HEAD' || status === 204 || status === 304;
}

// What hapi and plugins ask of a connection that a stream lacks.
function likeASocket(stream, remoteAddress) {
    const self = () => stream;
    Object.assign(stream, { remoteAddress, remotePort: 0, setTimeout: self, setNoDelay: self, setKeepAlive: self, ref: self, unref: self });
}

// An answer in the shape of hapi's own errors.
function refusal(statusCode, error, message) {
    const body = Buffer.from(JSON.stringify({ statusCode, error, message })).toString('base64');
    return { status: statusCode, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

module.exports = { Exchange };

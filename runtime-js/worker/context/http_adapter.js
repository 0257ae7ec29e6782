'use strict';

// An axios adapter over Node's http with connections kept alive. Its results and errors are axios's own (R18).
//
// It takes the ordinary request: body in memory, answer in memory, no proxy. Anything else (streams, forms of the
// browser kind, proxies, progress, sockets, rates) goes to axios's adapter, with our agents.

const http = require('node:http');
const https = require('node:https');
const zlib = require('node:zlib');
const { promisify } = require('node:util');
const axios = require('axios');

const { AxiosError, AxiosHeaders, CanceledError } = axios;

const kAgentOptions = { keepAlive: true, maxFreeSockets: 64, timeout: 4000 };
const kMaxRedirects = 21;
const kIdempotent = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const kUncommon = ['socketPath', 'transport', 'beforeRedirect', 'lookup', 'onUploadProgress', 'onDownloadProgress', 'maxRate',
    'insecureHTTPParser', 'family'];
const kProxyVariables = ['http_proxy', 'https_proxy', 'all_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

const httpAgent = new http.Agent(kAgentOptions);
const httpsAgent = new https.Agent(kAgentOptions);
const stockAdapter = axios.getAdapter('http');

function isInMemory(data) {
    return data === undefined || data === null || typeof data === 'string' || Buffer.isBuffer(data) ||
        data instanceof ArrayBuffer || ArrayBuffer.isView(data);
}

function isOrdinary(config, url) {
    return isInMemory(config.data) && config.responseType !== 'stream' && !config.proxy &&
        (url.startsWith('http://') || url.startsWith('https://')) &&
        kUncommon.every(key => config[key] === undefined || config[key] === null) &&
        (config.proxy === false || kProxyVariables.every(name => !process.env[name]));
}

function fullUrl(config) {
    const { baseURL, url, params, paramsSerializer } = config;
    const full = params === undefined && !baseURL ? url || '' : axios.getUri({ baseURL, url, params, paramsSerializer });
    const hash = full.indexOf('#');
    return hash === -1 ? full : full.slice(0, hash);
}

// A string stays one: Node writes it together with the header.
function bodyOf(data) {
    if (data === undefined || data === null || data === '') {
        return null;
    }
    if (typeof data === 'string' || Buffer.isBuffer(data)) {
        return data;
    }
    return Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);
}

function requestHeaders(config, body) {
    const headers = AxiosHeaders.from(config.headers).normalize();
    headers.set('User-Agent', `axios/${axios.VERSION}`, false);
    headers.set('Accept-Encoding', 'gzip, compress, deflate, br', false);
    if (config.auth) {
        headers.delete('authorization');
    }
    if (body) {
        const length = Buffer.byteLength(body);
        headers.setContentLength(length, false);
        if (config.maxBodyLength > -1 && length > config.maxBodyLength) {
            throw new AxiosError('Request body larger than maxBodyLength limit', AxiosError.ERR_BAD_REQUEST, config);
        }
    }
    return headers.toJSON();
}

function credentials(config, url) {
    if (config.auth) {
        return `${config.auth.username || ''}:${config.auth.password || ''}`;
    }
    return url.username || url.password ? `${url.username}:${url.password}` : undefined;
}

// One request of a redirect chain: URL, method, headers, body and the axios config it serves.
class Exchange {

    constructor(config, url) {
        this.config = config;
        this.url = new URL(url);
        this.method = (config.method || 'get').toUpperCase();
        this.body = bodyOf(config.data);
        this.headers = requestHeaders(config, this.body);
        this.auth = credentials(config, this.url);
        this.redirects = 0;
        this.request = null;
        this._timer = null;
        this._unlisten = null;
        this._retried = false;
        this._ended = false;
    }

    run() {
        return new Promise((resolve, reject) => {
            this._settle = (fn, value) => {
                this._clear();
                fn(value);
            };
            this.resolve = value => this._settle(resolve, value);
            this.reject = err => this._settle(reject, err);
            this._startTimer();
            this._listenForAbort();
            this.send();
        });
    }

    send() {
        const { url, config } = this;
        const secure = url.protocol === 'https:';
        const request = (secure ? https : http).request({
            method: this.method, headers: this.headers, auth: this.auth,
            hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
            port: url.port, path: url.pathname + url.search,
            agent: secure ? config.httpsAgent ?? httpsAgent : config.httpAgent ?? httpAgent
        });
        this.request = request;
        request.on('response', response => this._onResponse(request, response));
        request.on('error', err => this._onRequestError(request, err));
        request.end(this.body);
    }

    // A kept connection may be closed by its server just as we use it; that says nothing about the request.
    _onRequestError(request, err) {
        const stale = !this._ended && request.reusedSocket && (err.code === 'ECONNRESET' || err.code === 'EPIPE');
        if (stale && !this._retried && kIdempotent.has(this.method) && request === this.request) {
            this._retried = true;
            this.send();
            return;
        }
        this.reject(AxiosError.from(err, null, this.config, request));
    }

    _onResponse(request, response) {
        const { location } = response.headers;
        const { maxRedirects } = this.config;
        if (location && response.statusCode >= 300 && response.statusCode < 400 && maxRedirects !== 0) {
            response.resume();
            this._redirect(response.statusCode, location, maxRedirects ?? kMaxRedirects);
            return;
        }
        if (maxRedirects !== 0) {
            response.responseUrl = this.url.href;
        }
        this._collect(request, response);
    }

    _redirect(status, location, maxRedirects) {
        this.redirects += 1;
        if (this.redirects > maxRedirects) {
            const err = new Error('Maximum number of redirects exceeded');
            err.name = 'Error [ERR_FR_TOO_MANY_REDIRECTS]';
            err.code = 'ERR_FR_TOO_MANY_REDIRECTS';
            this.reject(AxiosError.from(err, null, this.config, this.request));
            return;
        }
        try {
            this._moveTo(new URL(location, this.url), status);
        } catch (err) {
            this.reject(AxiosError.from(err, null, this.config, this.request));
            return;
        }
        this.send();
    }

    _moveTo(next, status) {
        if (next.protocol !== 'http:' && next.protocol !== 'https:') {
            throw new Error(`Unsupported protocol ${next.protocol}`);
        }
        const toGet = ((status === 301 || status === 302) && this.method === 'POST') ||
            (status === 303 && this.method !== 'GET' && this.method !== 'HEAD');
        if (toGet) {
            this.method = 'GET';
            this.body = null;
            this._dropHeaders(/^content-/i);
        }
        this._dropHeaders(/^host$/i);
        const downgraded = this.url.protocol === 'https:' && next.protocol === 'http:';
        if (downgraded || (next.host !== this.url.host && !next.host.endsWith('.' + this.url.host))) {
            this._dropHeaders(/^(?:authorization|proxy-authorization|cookie)$/i);
            this.auth = undefined;
        }
        this.url = next;
    }

    _dropHeaders(pattern) {
        for (const name of Object.keys(this.headers)) {
            if (pattern.test(name)) {
                delete this.headers[name];
            }
        }
    }

    _collect(request, response) {
        const { maxContentLength } = this.config;
        const chunks = [];
        let size = 0;
        response.on('data', chunk => {
            chunks.push(chunk);
            size += chunk.length;
            this._timer?.refresh();
            if (maxContentLength > -1 && size > maxContentLength) {
                this.reject(tooLong(this.config, request));
                response.destroy();
            }
        });
        response.on('aborted', () => {
            this.reject(new AxiosError('stream has been aborted', AxiosError.ERR_BAD_RESPONSE, this.config, request));
        });
        response.on('error', err => this.reject(AxiosError.from(err, null, this.config, request)));
        response.on('end', () => {
            this._finish(request, response, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
        });
    }

    async _finish(request, response, raw) {
        const { config } = this;
        try {
            const bytes = await decoded(response, raw, this.method, config);
            const headers = new AxiosHeaders(response.headers);
            settle(this, {
                status: response.statusCode, statusText: response.statusMessage, headers, config, request,
                data: config.responseType === 'arraybuffer' ? bytes : bodyText(bytes, config.responseEncoding)
            });
        } catch (err) {
            const tooBig = err.code === 'ERR_BUFFER_TOO_LARGE';
            this.reject(tooBig ? tooLong(config, request) : AxiosError.from(err, null, config, request));
        }
    }

    _startTimer() {
        const { config } = this;
        if (!config.timeout) {
            return;
        }
        const timeout = parseInt(config.timeout, 10);
        if (Number.isNaN(timeout)) {
            throw new AxiosError('error trying to parse `config.timeout` to int', AxiosError.ERR_BAD_OPTION_VALUE, config);
        }
        this._timer = setTimeout(() => {
            const clear = config.transitional && config.transitional.clarifyTimeoutError;
            this.reject(new AxiosError(config.timeoutErrorMessage || `timeout of ${config.timeout}ms exceeded`,
                clear ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED, config, this.request));
            this.request.destroy();
        }, timeout);
    }

    _listenForAbort() {
        const { cancelToken, signal } = this.config;
        if (!cancelToken && !signal) {
            return;
        }
        const abort = reason => {
            this.reject(!reason || reason.type ? new CanceledError(null, this.config, this.request) : reason);
            this.request?.destroy();
        };
        cancelToken?.subscribe(abort);
        signal?.addEventListener('abort', abort);
        this._unlisten = () => {
            cancelToken?.unsubscribe(abort);
            signal?.removeEventListener('abort', abort);
        };
    }

    _clear() {
        this._ended = true;
        clearTimeout(this._timer);
        this._unlisten?.();
        this.resolve = this.reject = () => undefined;
    }
}

function tooLong(config, request) {
    return new AxiosError(`maxContentLength size of ${config.maxContentLength} exceeded`, AxiosError.ERR_BAD_RESPONSE, config, request);
}

function bodyText(bytes, encoding) {
    const text = bytes.toString(encoding || 'utf8');
    return (!encoding || encoding === 'utf8') && text.charCodeAt(0) === 0xFEFF ? text.slice(1) : text;
}

const gunzip = promisify(zlib.unzip);
const inflate = promisify(zlib.inflate);
const inflateRaw = promisify(zlib.inflateRaw);
const brotli = promisify(zlib.brotliDecompress);

async function decoded(response, raw, method, config) {
    const encoding = config.decompress === false ? undefined : response.headers['content-encoding'];
    if (encoding === undefined) {
        return raw;
    }
    if (method === 'HEAD' || response.statusCode === 204) {
        delete response.headers['content-encoding'];
        return raw;
    }
    const bytes = raw.length === 0 ? raw : await decompress(encoding.toLowerCase(), raw, config.maxContentLength);
    if (bytes === null) {
        return raw;
    }
    delete response.headers['content-encoding'];
    return bytes;
}

// Answers null for an encoding that axios leaves alone.
async function decompress(encoding, raw, maxContentLength) {
    const options = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
    if (maxContentLength > -1) {
        options.maxOutputLength = maxContentLength;
    }
    switch (encoding) {
    case 'gzip': case 'x-gzip': case 'compress': case 'x-compress':
        return gunzip(raw, options);
    case 'deflate':
        return (raw[0] & 0x0f) === 8 ? inflate(raw, options) : inflateRaw(raw, options);
    case 'br':
        return brotli(raw, { ...options, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    default:
        return null;
    }
}

function settle(exchange, response) {
    const { validateStatus } = response.config;
    if (!response.status || !validateStatus || validateStatus(response.status)) {
        exchange.resolve(response);
        return;
    }
    const code = [AxiosError.ERR_BAD_REQUEST, AxiosError.ERR_BAD_RESPONSE][Math.floor(response.status / 100) - 4];
    exchange.reject(new AxiosError(`Request failed with status code ${response.status}`, code, response.config, response.request, response));
}

async function keepAliveAdapter(config) {
    const url = fullUrl(config);
    if (!isOrdinary(config, url)) {
        return stockAdapter({ ...config, httpAgent: config.httpAgent ?? httpAgent, httpsAgent: config.httpsAgent ?? httpsAgent });
    }
    config.cancelToken?.throwIfRequested();
    if (config.signal?.aborted) {
        throw new CanceledError(null, config);
    }
    return new Exchange(config, url).run();
}

module.exports = { keepAliveAdapter };

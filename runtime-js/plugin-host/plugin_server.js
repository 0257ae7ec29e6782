'use strict';

// The hapi server of one plugin: its routes, who may call them, and the status of what they throw. It listens on no port; connections
// are handed to it (exchange.js).
//
// Auth: the engine has checked the token. `jwt-strategy` lets a signed-in user through, `public` anybody; a route that says nothing
// needs a user. Who that is comes with the connection (visitors.js), never from a header.

const http = require('node:http');

const { userOf, kPublicUser } = require('./visitors');

const kHeaderBytes = 64 * 1024;
const kDefaultPayloadBytes = 1024 * 1024;
const kLargestPayloadBytes = 10 * 1024 * 1024;

class PluginServer {

    constructor(plugin) {
        this._plugin = plugin;
        this._server = null;
        this._isReady = new Promise(resolve => {
            this._becameReady = resolve;
        });
    }

    async initialise() {
        const server = require('@hapi/hapi').server(serverOptions(this._plugin.folder));
        await server.register(require('@hapi/inert'));
        server.validator(require('joi'));
        offerStrategies(server);
        server.ext('onPreResponse', (request, h) => {
            if (request.response.isBoom) {
                this._onError(request, request.response);
            }
            return h.continue;
        });
        await server.initialize();
        this._server = server;
        this._becameReady();
    }

    // Hands a connection to the server.
    async accept(connection) {
        await this._isReady;
        this._server.listener.emit('connection', connection);
    }

    register(route) {
        this._server.route(asOurs(route));
        this._plugin.changed();
    }

    // As `pluginUp` tells them.
    routes() {
        return this._server.table().map(route => ({
            method: route.method.toUpperCase(), path: route.path, auth: authWord(this._server.auth.lookup(route))
        }));
    }

    _onError(request, err) {
        takeStatus(err);
        if (err.output.statusCode >= 500) {
            const what = `${request.method.toUpperCase()} ${request.path} failed: ${err.message}`;
            this._plugin.call.log('error', what, this._plugin.host.failure(err));
        }
    }
}

function serverOptions(folder) {
    return {
        listener: http.createServer({ maxHeaderSize: kHeaderBytes, requestTimeout: 0, headersTimeout: 0 }),
        autoListen: false,
        compression: false,
        debug: false,
        operations: { cleanStop: false },
        routes: {
            files: { relativeTo: folder },
            payload: { maxBytes: kDefaultPayloadBytes },
            state: { failAction: 'ignore' },
            // The caller is told what is wrong with the request.
            validate: { failAction: (request, h, err) => { throw err; } }
        }
    };
}

function offerStrategies(server) {
    const Boom = require('@hapi/boom');
    server.auth.scheme('patchbay', (ignored, { anybody }) => ({
        authenticate(request, h) {
            const user = userOf(request) ?? (anybody ? kPublicUser : null);
            return user ? h.authenticated({ credentials: user }) : h.unauthenticated(Boom.unauthorized(null, 'Bearer'));
        }
    }));
    server.auth.strategy('jwt-strategy', 'patchbay', { anybody: false });
    server.auth.strategy('public', 'patchbay', { anybody: true });
    server.auth.default('jwt-strategy');
}

// A route as a plugin writes it: no leading slash, a payload of any size.
function asOurs(route) {
    if (route === null || typeof route !== 'object') {
        throw new TypeError('http.router.register needs a route: { method, path, options }');
    }
    const path = String(route.path ?? '');
    const out = { ...route, path: path.startsWith('/') ? path : `/${path}` };
    const maxBytes = route.options?.payload?.maxBytes;
    if (maxBytes > kLargestPayloadBytes) {
        out.options = { ...route.options, payload: { ...route.options.payload, maxBytes: kLargestPayloadBytes } };
    }
    return out;
}

function authWord(auth) {
    if (!auth) {
        return 'none';
    }
    return auth.mode !== 'required' || auth.strategies.includes('public') ? 'optional' : 'user';
}

// An error that a handler threw with a status of its own becomes that status.
function takeStatus(err) {
    const status = Number(err.statusCode ?? err.status);
    if (err.output.statusCode === 500 && Number.isInteger(status) && status >= 400 && status <= 599) {
        err.output.statusCode = status;
        err.reformat();
    }
}

module.exports = { PluginServer };

'use strict';

// What functions of an auth.js get as `context`. Fields of the account and keys of the configuration are own members,
// because some modules walk over them; calls sit on the prototype.

const { createHttpClient } = require('../context/http_request');
const { logRecord } = require('../context/logging');

class InvalidTokenError extends Error {

    constructor(message) {
        super(message === undefined ? 'The credentials are not valid' : String(message));
        this.name = 'InvalidTokenError';
    }
}

const kCall = Symbol('call');

class AuthContext {

    constructor(call, service) {
        const config = call.frame.config ?? {};
        for (const [name, value] of Object.entries({ ...config, ...call.frame.data })) {
            Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        }
        this.config = config;
        this.authConfig = config;
        this.service = service;
        this.profileInfo = call.frame.profileInfo ?? this.profileInfo;
        Object.defineProperty(this, kCall, { value: call });
    }

    get httpRequest() {
        const client = createHttpClient();
        Object.defineProperty(this, 'httpRequest', { value: client });
        return client;
    }

    get log() {
        return async (...args) => {
            const { level, message, data } = logRecord(args);
            this[kCall].log(level, message, data);
        };
    }
}

AuthContext.prototype.InvalidTokenError = InvalidTokenError;

module.exports = { AuthContext, InvalidTokenError };

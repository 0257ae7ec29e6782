'use strict';

// context.http: routes, errors with a status, validation, and who asks.

const { User, userOf } = require('../visitors');
const { kHttpErrors } = require('./http_errors');

function createHttp(plugin) {
    return {
        router: {
            register: route => [route].flat().forEach(one => plugin.server.register(one)),
            getPluginEndpoint: (path = '') => `/plugins/${plugin.id}${path === '' || path.startsWith('/') ? path : `/${path}`}`
        },
        auth: {
            getUser: async request => new User(userOf(request))
        },
        HttpError: kHttpErrors,
        get Joi() {
            return require('joi');
        }
    };
}

module.exports = { createHttp };

'use strict';

// httpRequest: an axios instance of the call's own, so that defaults and interceptors a component sets stay with it.

const { lazy } = require('./members');

let axios = null;
let keepAliveAdapter = null;

function createHttpClient() {
    if (!axios) {
        axios = require('axios');
        ({ keepAliveAdapter } = require('./http_adapter'));
    }
    return axios.create({
        adapter: keepAliveAdapter,
        headers: { 'User-Agent': process.env.GRIDD_USER_AGENT || 'Patchbay' }
    });
}

module.exports = proto => lazy(proto, 'httpRequest', () => createHttpClient());
module.exports.createHttpClient = createHttpClient;

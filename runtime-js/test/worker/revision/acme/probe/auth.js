'use strict';

module.exports = {
    type: 'apiKey',
    definition: config => ({
        tokenType: 'authentication-token',
        auth: { apiKey: { type: 'password', name: 'API key', tooltip: 'From your settings page' }, host: { type: 'text', name: 'Host' } },
        accountNameFromProfileInfo: 'user.email',
        requestProfileInfo: {
            method: 'GET', uri: '{{host}}/profile', auth: { bearer: '{{apiKey}}' }, qs: { region: config.region || 'none' }
        },
        validate: { method: 'GET', url: '{{{host}}}/check', headers: { 'x-api-key': '{{apiKey}}' } },
        validateCallback(body) {
            return body.ok;
        }
    })
};

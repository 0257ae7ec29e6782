'use strict';

// One operation of an auth definition: a function, a description of an HTTP request, or (for profiles) a URL.

const { fill } = require('./template');

// auth: { bearer } becomes a header; uri, qs and body are other names of url, params and data.
function requestOf(description) {
    const { uri, url, qs, params, body, data, auth, json, headers, ...rest } = description;
    const request = { ...rest, url: url ?? uri, params: params ?? qs, data: data ?? body, headers: { ...headers } };
    if (auth && auth.bearer !== undefined) {
        request.headers.Authorization = `Bearer ${auth.bearer}`;
    } else if (auth) {
        request.auth = { username: auth.username ?? auth.user, password: auth.password ?? auth.pass };
    }
    return request;
}

async function runRequest(definition, name, description, context) {
    let body;
    try {
        body = (await context.httpRequest(requestOf(fill(description, context)))).data;
    } catch (err) {
        const rewrite = definition[`${name}ErrCallback`];
        if (typeof rewrite !== 'function') {
            throw err;
        }
        const rewritten = await rewrite.call(definition, err, context);
        throw rewritten instanceof Error ? rewritten : err;
    }
    const rewrite = definition[`${name}Callback`];
    return typeof rewrite === 'function' ? rewrite.call(definition, body, context) : body;
}

// Answers the operation's result; undefined when the definition has no such operation.
async function runOperation(definition, name, context) {
    const operation = definition[name];
    if (typeof operation === 'function') {
        return operation.call(definition, context);
    }
    if (typeof operation === 'string') {
        const headers = context.accessToken ? { Authorization: `Bearer ${context.accessToken}` } : {};
        return runRequest(definition, name, { method: 'GET', url: operation, headers }, context);
    }
    return operation ? runRequest(definition, name, operation, context) : undefined;
}

module.exports = { runOperation };

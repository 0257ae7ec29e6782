'use strict';

// Calls of method `auth`: what an account's form looks like, whether its values are valid, who it belongs to.
//
//   describe    → { type, name?, fields?, hasValidate, hasProfile, connectAccountButton? }
//   validate    → { valid: true, token?, expires? } or { valid: false, message, status? }; expires is an ISO date
//   profile     → { profileInfo }
//   accountName → { name }; `profileInfo` of the call spares asking for it again
// A definition that does not load, or that throws in profile or accountName, fails the call.

const { AuthContext } = require('./auth_context');
const { readAuth, fieldsOf } = require('./definition');
const { runOperation } = require('./operation');
const { lookUp } = require('./template');
const { serialiseFailure } = require('../failure');

const kMaxName = 512;

function describe(auth) {
    const { type, name, definition } = auth;
    return {
        type, name, fields: fieldsOf(auth), hasValidate: Boolean(definition.validate),
        hasProfile: Boolean(definition.requestProfileInfo), connectAccountButton: definition.connectAccountButton
    };
}

async function validate(auth, context) {
    let result;
    try {
        result = await runOperation(auth.definition, 'validate', context);
    } catch (err) {
        const { message, status } = serialiseFailure(err);
        return { valid: false, message, status };
    }
    if (result === false) {
        return { valid: false, message: 'The values were not accepted' };
    }
    return auth.type === 'pwd' ? { valid: true, ...sessionOf(result) } : { valid: true };
}

// A session token: text, or { token, expires } with seconds from now or a date.
function sessionOf(result) {
    if (typeof result === 'string') {
        return { token: result };
    }
    if (result === null || typeof result !== 'object' || result.token === undefined) {
        return {};
    }
    const { token, expires } = result;
    if (expires === undefined || expires === null) {
        return { token };
    }
    const date = typeof expires === 'number' || /^\d+$/.test(expires) ? new Date(Date.now() + Number(expires) * 1000) : new Date(expires);
    return Number.isNaN(date.getTime()) ? { token } : { token, expires: date.toISOString() };
}

async function profileOf(auth, context, data) {
    const result = await runOperation(auth.definition, 'requestProfileInfo', context);
    if (result !== undefined && result !== null) {
        return result;
    }
    return auth.type === 'apiKey' ? { ...data } : {};
}

async function profile(auth, context, data) {
    return { profileInfo: await profileOf(auth, context, data) };
}

async function accountName(auth, context, data) {
    context.profileInfo ??= await profileOf(auth, context, data);
    const { accountNameFromProfileInfo: how } = auth.definition;
    let name;
    if (typeof how === 'function') {
        name = await how.call(auth.definition, context);
    } else if (typeof how === 'string') {
        name = lookUp(context.profileInfo, how) || lookUp(data, how);
    } else {
        name = defaultName(auth, data);
    }
    if (name === undefined || name === null || name === '') {
        throw new Error('The account has no name: accountNameFromProfileInfo found nothing in its profile');
    }
    return { name: String(name).slice(0, kMaxName) };
}

function defaultName(auth, data) {
    const fields = Object.keys(fieldsOf(auth) || {});
    if (auth.type === 'pwd') {
        return data.username;
    }
    return fields.length === 1 ? data[fields[0]] : undefined;
}

const kOperations = { describe, validate, profile, accountName };

async function runAuth(call) {
    const { op, dir, data, config } = call.frame;
    if (!Object.hasOwn(kOperations, op)) {
        throw new Error(`Unknown auth operation ${JSON.stringify(op)}; one of ${Object.keys(kOperations).join(', ')}`);
    }
    const auth = readAuth(call.runtime.loader, dir, config);
    return kOperations[op](auth, new AuthContext(call, call.frame.service ?? auth.name), data ?? {});
}

module.exports = { runAuth };

'use strict';

// httpRequest: axios. To a component it looks like an instance of its call's own, so that defaults and interceptors it sets stay with it.
//
// Making an instance costs a sixth of a small request, and next to no component sets anything: calls share one instance until
// one of them reaches for what can be set.

const { lazy } = require('./members');

const kSettable = new Set(['defaults', 'interceptors']);
const kOwn = Symbol('the instance of its own');

const members = Object.create(Function.prototype);
let shared = null;

function createInstance() {
    const axios = require('axios');
    const { keepAliveAdapter } = require('./http_adapter');
    return axios.create({
        adapter: keepAliveAdapter,
        headers: { 'User-Agent': process.env.GRIDD_USER_AGENT || 'Patchbay' }
    });
}

const instanceOf = client => client[kOwn] ?? shared;
const ownInstanceOf = client => client[kOwn] ??= createInstance();

function addMember(name) {
    const instance = kSettable.has(name) ? ownInstanceOf : instanceOf;
    Object.defineProperty(members, name, {
        get() {
            return instance(this)[name];
        },
        set(value) {
            Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        }
    });
}

function makeShared() {
    shared = createInstance();
    Object.keys(shared).forEach(addMember);
}

function createHttpClient() {
    if (!shared) {
        makeShared();
    }
    const client = (...args) => instanceOf(client)(...args);
    client[kOwn] = null;
    return Object.setPrototypeOf(client, members);
}

module.exports = proto => lazy(proto, 'httpRequest', () => createHttpClient());
module.exports.createHttpClient = createHttpClient;

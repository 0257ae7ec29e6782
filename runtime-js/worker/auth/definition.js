'use strict';

// Reads an auth.js: its type, and its definition as one object per instance (some keep values in a closure).

const { ComponentLoadError } = require('../loader');

const kTypes = new Set(['apiKey', 'pwd', 'oauth', 'oauth2']);

const kPasswordFields = {
    username: { type: 'text', name: 'Username' },
    password: { type: 'password', name: 'Password' }
};

function readAuth(loader, dir, config) {
    const exported = loader.require(dir, 'auth.js');
    if (!kTypes.has(exported.type)) {
        throw new ComponentLoadError(`${dir}/auth.js: type must be apiKey, pwd, oauth or oauth2`);
    }
    const init = config || {};
    const definition = typeof exported.definition === 'function' ? exported.definition(init) : exported.definition;
    if (definition === null || typeof definition !== 'object') {
        throw new ComponentLoadError(`${dir}/auth.js has no definition`);
    }
    return { type: exported.type, name: exported.name, definition };
}

// The form of an account: name → { type, name, … }. Types that sign in elsewhere have none.
function fieldsOf({ type, definition }) {
    if (type !== 'apiKey' && type !== 'pwd') {
        return undefined;
    }
    const given = definition.auth !== null && typeof definition.auth === 'object' ? definition.auth : undefined;
    return given ?? (type === 'pwd' ? kPasswordFields : {});
}

module.exports = { readAuth, fieldsOf };

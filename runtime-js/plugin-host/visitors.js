'use strict';

// Who a request comes from: the user the engine has authenticated, kept by the connection the request travels on.

const { ObjectId } = require('bson');

// The id of whoever is not signed in.
const kPublicUserId = new ObjectId('0'.repeat(24));
const kPublicUser = Object.freeze({ id: kPublicUserId.toHexString(), email: null, username: null, scope: [] });

const kObjectId = /^[0-9a-f]{24}$/;

const users = new WeakMap();

// connection: the server's side; user: `{id, email, username, scope}` or null.
function introduce(connection, user) {
    users.set(connection, user ?? null);
}

// The user of a hapi request, or null.
function userOf(request) {
    return users.get(request?.raw?.req?.socket) ?? null;
}

// An id that is not of the field's form; to plugins it is as comparable as one that is.
class TextId {

    constructor(text) {
        this._text = text;
    }

    equals(other) {
        return other !== null && other !== undefined && String(other) === this._text;
    }

    toString() {
        return this._text;
    }

    toJSON() {
        return this._text;
    }
}

// What plugins get from `http.auth.getUser`.
class User {

    constructor(user) {
        const { id, email, username, scope } = user ?? kPublicUser;
        this._id = kObjectId.test(id) ? new ObjectId(id) : new TextId(String(id));
        this._email = email ?? null;
        this._username = username ?? null;
        this._scope = scope ?? [];
    }

    getId() {
        return this._id;
    }

    getEmail() {
        return this._email;
    }

    getUsername() {
        return this._username;
    }

    getScope() {
        return this._scope;
    }

    toJSON() {
        return { id: this._id, email: this._email, username: this._username };
    }
}

module.exports = { introduce, userOf, User, kPublicUser, kPublicUserId };

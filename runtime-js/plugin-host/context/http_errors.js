'use strict';

// context.http.HttpError: errors that become an HTTP status. Plugins call them with and without `new`.

const { Boom } = require('@hapi/boom');

const kStatuses = { badRequest: 400, unauthorized: 401, forbidden: 403, notFound: 404 };

function httpError(statusCode) {
    return function HttpError(message, data) {
        return new Boom(message, { statusCode, data });
    };
}

const kHttpErrors = Object.fromEntries(Object.entries(kStatuses).map(([name, statusCode]) => [name, httpError(statusCode)]));

module.exports = { kHttpErrors };

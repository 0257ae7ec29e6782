'use strict';

/** The page's typed client knows the routes that the server has. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const test = require('node:test');

const { Server } = require('../e2e/server');

const PAGE = path.join(__dirname, '../../backoffice');

test('routes.gen.ts is what GET /openapi.json says (made by backoffice/generate_routes.js)', async () => {
    const server = await Server.start({ args: ['--empty'] });
    try {
        const { routesSource } = await import(pathToFileURL(path.join(PAGE, 'generate_routes.js')));
        const document = await server.client().get('/openapi.json');
        assert.equal(fs.readFileSync(path.join(PAGE, 'src/api/routes.gen.ts'), 'utf8'), routesSource(document));
    } finally {
        await server.stop();
    }
});

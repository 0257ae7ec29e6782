'use strict';

/** The README's five-minute tour and the guides, run from their own text. */

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');

const runPrinted = require('./printed_commands');
const { Server } = require('./server');

const ERROR = /"statusCode": ?[45]\d\d/;

/** `use(server, admin)` with a server that is new. */
async function withServer(name, use) {
    const server = await Server.start({ name });
    try {
        await use(server, await server.admin());
    } finally {
        await server.stop();
    }
}

describe('Commands that documents print work as printed', () => {

    test('README.md: the five-minute tour', context => withServer('tour', async (server, admin) => {
        const output = (await runPrinted(server, 'README.md', 'Five-minute tour')).join('');
        context.diagnostic(output);
        assert.doesNotMatch(output, ERROR);
        const flows = await admin.get('/flows');
        assert.equal(flows.length, 1, 'the tour has made a flow');
        assert.equal(flows[0].stage, 'stopped', 'and stopped it at the end');
        const messages = (await admin.logs(flows[0].flowId)).map(({ msg }) => msg);
        assert.ok(messages.includes('Flow started.') && messages.includes('Flow stopped.'), 'it has run in between');
        assert.ok((await admin.logs(flows[0].flowId)).some(({ portType }) => portType === 'in'), 'and was called');
    }));

    test('For authors of connectors', context => withServer('authors', async (server, admin) => {
        const outputs = await runPrinted(server, 'docs/guides/connector_authors.md');
        context.diagnostic(outputs.join(''));
        assert.doesNotMatch(outputs.join(''), ERROR);
        const [, published, tried, changed] = outputs;
        assert.doesNotMatch(published, /"err"/);
        assert.match(tried, /Hello Ada/);
        assert.match(changed, /HELLO ADA/);
        assert.equal((await admin.get('/connectors/acme.greeting')).installedVersion, '1.1.0');
    }));

    test('For integrators', context => withServer('integrators', async (server, admin) => {
        const outputs = await runPrinted(server, 'docs/guides/integrators.md');
        context.diagnostic(outputs.join(''));
        const refusal = outputs.pop();
        assert.match(refusal, /"statusCode":404/);
        assert.doesNotMatch(outputs.join(''), ERROR);
        const grace = admin.as(null);
        await grace.signIn('grace@example.test', 'a-fine-password');
        assert.deepEqual((await grace.get('/flows')).map(({ name, stage }) => [name, stage]), [['Orders of the shop', 'running']]);
    }));
});

'use strict';

/** The README's five-minute tour, run from its own text: every ```bash block under "Five-minute tour", in one shell. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { spawn } = require('node:child_process');

const { ADMIN, ROOT, Server } = require('./server');

const README = path.join(ROOT, 'README.md');
const HEADING = /^(#+)\s+Five-minute tour\s*$/im;
const ADDRESS = /http:\/\/(127\.0\.0\.1|localhost):8420/g;

/** The blocks of the section. Those that start the server are left out: the test has started it. */
function tourBlocks() {
    const text = fs.readFileSync(README, 'utf8');
    const heading = HEADING.exec(text);
    assert.ok(heading, 'README.md has a section "Five-minute tour"');
    const rest = text.slice(heading.index + heading[0].length);
    const end = rest.search(new RegExp(`^#{1,${heading[1].length}}\\s`, 'm'));
    const section = end < 0 ? rest : rest.slice(0, end);
    const blocks = [...section.matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    assert.ok(blocks.length > 1, 'the tour has commands');
    return blocks.filter(block => !/^\s*\.\/run\b/m.test(block));
}

function run(script, env) {
    return new Promise((resolve, reject) => {
        const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        shell.stdout.on('data', chunk => { output += chunk; });
        shell.stderr.on('data', chunk => { output += chunk; });
        shell.on('error', reject);
        shell.on('exit', code => resolve({ code, output }));
    });
}

describe('README.md', () => {

    test('The five-minute tour works as printed', async context => {
        const blocks = tourBlocks();
        const script = blocks.map((block, n) => `echo "--- block ${n + 1}"\n${block}`).join('\n');
        const server = await Server.start({ name: 'tour' });
        try {
            const admin = await server.admin();
            const env = { ...process.env, PATCHBAY_ADMIN_EMAIL: ADMIN.username, PATCHBAY_ADMIN_PASSWORD: ADMIN.password, TMPDIR: server.folder };
            const { code, output } = await run(script.replace(ADDRESS, server.url), env);
            context.diagnostic(output);
            assert.equal(code, 0, output);
            assert.doesNotMatch(output, /"statusCode": ?[45]\d\d/);
            const flows = await admin.get('/flows');
            assert.equal(flows.length, 1, 'the tour has made a flow');
            assert.equal(flows[0].stage, 'stopped', 'and stopped it at the end');
            const messages = (await admin.logs(flows[0].flowId)).map(({ msg }) => msg);
            assert.ok(messages.includes('Flow started.') && messages.includes('Flow stopped.'), 'it has run in between');
            assert.ok((await admin.logs(flows[0].flowId)).some(({ portType }) => portType === 'in'), 'and was called');
        } finally {
            await server.stop();
        }
    });
});

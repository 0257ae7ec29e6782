'use strict';

/** Commands as documents print them: every ```bash block of a file or of one of its sections, run in one shell. */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');

const { ADMIN, ROOT } = require('./server');

const ADDRESS = /http:\/\/(127\.0\.0\.1|localhost):8420/g;

/** The text below a heading, up to the next of its level. */
function sectionOf(text, title) {
    const heading = new RegExp(`^(#+)\\s+${title}\\s*$`, 'im').exec(text);
    assert.ok(heading, `there is a section "${title}"`);
    const rest = text.slice(heading.index + heading[0].length);
    const end = rest.search(new RegExp(`^#{1,${heading[1].length}}\\s`, 'm'));
    return end < 0 ? rest : rest.slice(0, end);
}

/** Blocks that start the server are left out: the test has started it. */
function blocksOf(file, title) {
    const text = fs.readFileSync(path.join(ROOT, file), 'utf8');
    const blocks = [...(title ? sectionOf(text, title) : text).matchAll(/^```bash\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    assert.ok(blocks.length > 1, `${file} has commands`);
    return blocks.filter(block => !/^\s*\.\/run\b/m.test(block));
}

function shell(script, env) {
    return new Promise((resolve, reject) => {
        const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
        let output = '';
        child.stdout.on('data', chunk => { output += chunk; });
        child.stderr.on('data', chunk => { output += chunk; });
        child.on('error', reject);
        child.on('exit', code => resolve({ code, output }));
    });
}

/** Runs them against `server`, with files that they put in /tmp in its folder. Gives what each block printed. Fails where one fails. */
async function runPrinted(server, file, title) {
    const mark = n => `--- block ${n} of ${file}`;
    const script = blocksOf(file, title).map((block, n) => `echo "${mark(n + 1)}"\n${block}`).join('\n');
    const binary = path.dirname(path.dirname(process.env.PATCHBAY_BINARY || path.join(ROOT, 'build/release/bin/patchbay')));
    const env = { ...process.env, PATCHBAY_ADMIN_EMAIL: ADMIN.username, PATCHBAY_ADMIN_PASSWORD: ADMIN.password, TMPDIR: server.folder };
    const text = script.replace(ADDRESS, server.url).replaceAll('/tmp/', `${server.folder}/`).replaceAll('build/release/', `${binary}/`);
    const { code, output } = await shell(text, env);
    assert.equal(code, 0, output);
    return output.split(/^--- block .*\n/m).slice(1);
}

module.exports = runPrinted;

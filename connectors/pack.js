'use strict';

/**
 * Packs every bundle below patchbay/ into a zip as a publish call takes it, and writes the
 * catalogue's index.json beside them:
 *
 *   node connectors/pack.js --out DIR
 *
 * The same tree gives the same bytes: entries are sorted and carry one fixed time. Needs no
 * network but for its own `npm ci`, run once.
 */

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const LEFT_OUT = /^(node_modules|artifacts|package-lock\.json|test.*|\.npmrc|\.git.*)$/;
// Local time, because zip entries carry local time without a zone.
const ENTRY_TIME = new Date(1980, 0, 1);

function readJson(file) {
    try {
        return JSON.parse(fs.readFileSync(file, 'utf8'));
    } catch (err) {
        throw new Error(`${file}: ${err.message}`);
    }
}

/** Files below a folder as paths relative to it, sorted. `skip` may leave folders out. */
function filesBelow(folder, skip = () => false) {
    const found = [];
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const full = path.join(folder, entry.name);
        if (LEFT_OUT.test(entry.name) || (entry.isDirectory() && skip(full))) {
            continue;
        }
        if (entry.isDirectory()) {
            found.push(...filesBelow(full, skip).map(file => path.join(entry.name, file)));
        } else if (entry.isFile()) {
            found.push(entry.name);
        }
    }
    return found.sort();
}

/** Folders with a bundle.json, relative to `root`. */
function bundleFolders(root) {
    return filesBelow(root)
        .filter(file => path.basename(file) === 'bundle.json')
        .map(file => path.dirname(file));
}

/** Paths of a bundle's files relative to `root`. A module brings the files of its service along. */
function bundleFiles(root, folder) {
    const own = filesBelow(path.join(root, folder)).map(file => path.join(folder, file));
    if (!fs.existsSync(path.join(root, folder, 'module.json'))) {
        return own;
    }
    const service = path.dirname(folder);
    const isModule = full => fs.existsSync(path.join(full, 'module.json'));
    return [...filesBelow(path.join(root, service), isModule).map(file => path.join(service, file)), ...own].sort();
}

/** Refuses what an engine would refuse, or a user would not understand. */
function checkManifests(root, folder, files) {
    const problems = [];
    const expect = (ok, text) => ok || problems.push(text);
    for (const file of files.filter(name => name.endsWith('.json'))) {
        const manifest = readJson(path.join(root, file));
        const name = path.dirname(file).split(path.sep).join('.');
        switch (path.basename(file)) {
            case 'bundle.json':
                expect(manifest.name === name, `${file}: the name must be ${name}`);
                expect(/^\d+\.\d+\.\d+$/.test(manifest.version), `${file}: the version must look like 1.0.0`);
                expect(manifest.changelog?.[manifest.version], `${file}: the changelog must tell of ${manifest.version}`);
                break;
            case 'service.json':
            case 'module.json':
                expect(manifest.name === name, `${file}: the name must be ${name}`);
                for (const key of ['label', 'category', 'icon', 'description']) {
                    expect(manifest[key], `${file}: ${key} is missing`);
                }
                break;
            case 'component.json':
                expect(manifest.name === name, `${file}: the name must be ${name}`);
                for (const key of ['label', 'description']) {
                    expect(manifest[key], `${file}: ${key} is missing`);
                }
                break;
            case 'package.json':
                for (const [dependency, version] of Object.entries(manifest.dependencies ?? {})) {
                    expect(/^\d+\.\d+\.\d+$/.test(version), `${file}: ${dependency} needs an exact version`);
                }
                break;
        }
    }
    if (problems.length) {
        throw new Error(`${folder} cannot be packed:\n  ${problems.join('\n  ')}`);
    }
}

async function zip(root, files, yazl) {
    const archive = new yazl.ZipFile();
    for (const file of files) {
        archive.addBuffer(fs.readFileSync(path.join(root, file)), file.split(path.sep).join('/'), {
            mtime: ENTRY_TIME,
            forceDosTimestamp: true,
            mode: 0o100644
        });
    }
    archive.end();
    const chunks = [];
    for await (const chunk of archive.outputStream) {
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

/** The row of one bundle in index.json. */
function catalogueRow(root, folder, files) {
    const bundle = readJson(path.join(root, folder, 'bundle.json'));
    const module = path.join(root, folder, 'module.json');
    const app = readJson(fs.existsSync(module) ? module : path.join(root, folder, 'service.json'));
    const components = files
        .filter(file => path.basename(file) === 'component.json')
        .map(file => readJson(path.join(root, file)))
        .filter(component => !component.private)
        .map(({ name, label, description, inPorts = [] }) => ({ name, label, description, kind: inPorts.length ? 'action' : 'trigger' }));
    return {
        name: bundle.name,
        version: bundle.version,
        label: app.label,
        category: app.category,
        description: app.description,
        engine: bundle.engine,
        changelog: bundle.changelog,
        components
    };
}

async function pack(root, out, yazl) {
    fs.mkdirSync(out, { recursive: true });
    const connectors = [];
    for (const folder of bundleFolders(root)) {
        const files = bundleFiles(root, folder);
        checkManifests(root, folder, files);
        const row = catalogueRow(root, folder, files);
        const data = await zip(root, files, yazl);
        const file = `${row.name}-${row.version}.zip`;
        fs.writeFileSync(path.join(out, file), data);
        connectors.push({ ...row, file, sha256: crypto.createHash('sha256').update(data).digest('hex'), size: data.length });
    }
    const epoch = process.env.SOURCE_DATE_EPOCH;
    const generated = (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString();
    fs.writeFileSync(path.join(out, 'index.json'), JSON.stringify({ format: 1, generated, connectors }, null, 2) + '\n');
    return connectors;
}

/** The zip library, installed beside this file on first use. */
function loadZipLibrary() {
    try {
        return require('yazl');
    } catch (err) {
        if (err.code !== 'MODULE_NOT_FOUND') {
            throw err;
        }
    }
    const ours = path.join(__dirname, '../runtime-js/node_modules/npm/bin/npm-cli.js');
    const command = fs.existsSync(ours) ? [process.execPath, ours] : ['npm'];
    execFileSync(command[0], [...command.slice(1), 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit'] });
    return require('yazl');
}

async function main(args) {
    const at = args.indexOf('--out');
    if (at < 0 || !args[at + 1] || args.length !== 2) {
        console.error('usage: node connectors/pack.js --out DIR');
        process.exitCode = 2;
        return;
    }
    const packed = await pack(__dirname, path.resolve(args[at + 1]), loadZipLibrary());
    packed.forEach(({ file, size }) => console.log(`${file} ${size}`));
}

main(process.argv.slice(2)).catch(err => {
    console.error(err.message);
    process.exitCode = 1;
});

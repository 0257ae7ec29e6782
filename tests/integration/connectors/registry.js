'use strict';

// A package registry on loopback with two packages, for tests of npm. Prints its address; ends with its standard input
// or after a minute without a request.

const crypto = require('node:crypto');
const http = require('node:http');
const zlib = require('node:zlib');

const kIdleMs = 60000;

// One file of a tar archive.
function tarEntry(name, text) {
    const body = Buffer.from(text);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(body.length.toString(8).padStart(11, '0') + '\0', 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\0' + '00', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
    return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

function pack(files) {
    const entries = Object.entries(files).map(([name, text]) => tarEntry(`package/${name}`, text));
    return zlib.gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

function packageOf(name, version, dependencies) {
    const manifest = { name, version, dependencies, main: 'index.js', scripts: { postinstall: 'touch ran-a-script' } };
    return { manifest, tarball: pack({
        'package.json': JSON.stringify(manifest),
        'index.js': `module.exports = ${JSON.stringify(`${name} ${version}`)};`
    }) };
}

const packages = {
    'left-part': packageOf('left-part', '1.2.3', { 'inner-part': '^1.0.0' }),
    'inner-part': packageOf('inner-part', '1.0.1', {})
};

const server = http.createServer((request, response) => {
    idle.refresh();
    const [, name, file] = request.url.split('/');
    const found = packages[name];
    if (!found) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    } else if (file) {
        response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.tarball);
    } else {
        const { version } = found.manifest;
        const dist = {
            tarball: `http://127.0.0.1:${server.address().port}/${name}/${name}.tgz`,
            integrity: `sha512-${crypto.createHash('sha512').update(found.tarball).digest('base64')}`
        };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({
            name, 'dist-tags': { latest: version }, versions: { [version]: { ...found.manifest, dist } }
        }));
    }
});

const idle = setTimeout(() => process.exit(0), kIdleMs);
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
process.stdin.on('end', () => process.exit(0)).resume();

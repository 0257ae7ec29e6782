'use strict';

const zlib = require('node:zlib');

// 1 January 1980, the earliest a zip can hold.
const DOS_DATE = 0x21;

/**
 * A zip of {path: text or Buffer}. Written here rather than with a library, so that tests can also make zips that
 * no library would make (names are written as they are).
 */
function zip(files) {
    const bodies = [];
    const directory = [];
    let offset = 0;
    for (const [name, content] of Object.entries(files)) {
        const data = Buffer.from(content);
        const packed = zlib.deflateRawSync(data);
        const entry = Buffer.alloc(26);
        entry.writeUInt16LE(20, 0);
        entry.writeUInt16LE(0x0800, 2);
        entry.writeUInt16LE(8, 4);
        entry.writeUInt16LE(0, 6);
        entry.writeUInt16LE(DOS_DATE, 8);
        entry.writeUInt32LE(zlib.crc32(data), 10);
        entry.writeUInt32LE(packed.length, 14);
        entry.writeUInt32LE(data.length, 18);
        entry.writeUInt16LE(Buffer.byteLength(name), 22);
        const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), entry, Buffer.from(name), packed]);
        const rest = Buffer.alloc(14);
        // Regular file, rw-r--r--.
        rest.writeUInt32LE(0o100644 * 0x10000, 6);
        rest.writeUInt32LE(offset, 10);
        directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), entry, rest, Buffer.from(name)]));
        bodies.push(local);
        offset += local.length;
    }
    const central = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(directory.length, 8);
    end.writeUInt16LE(directory.length, 10);
    end.writeUInt32LE(central.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...bodies, central, end]);
}

const ICON = 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=';

/**
 * Files of a bundle `vendor.service` with one module `core`. `components` maps a name to {manifest?, code};
 * a component has an in port `in` and an out port `out` unless its manifest says otherwise.
 */
function bundleFiles(service, { version = '1.0.0', changelog = { [version]: ['First version.'] }, engine = '>=6.0.0', components, extra = {} }) {
    const folder = service.replaceAll('.', '/');
    const json = value => JSON.stringify(value, null, 4);
    const files = {
        [`${folder}/service.json`]: json({ name: service, label: service, category: 'applications', description: `Tests: ${service}.`, icon: ICON, version }),
        [`${folder}/bundle.json`]: json({ name: service, version, engine, changelog })
    };
    for (const [name, { manifest = {}, code }] of Object.entries(components)) {
        const type = `${service}.core.${name}`;
        files[`${folder}/core/${name}/component.json`] = json({
            name: type, label: name, description: `Tests: ${name}.`, icon: ICON, author: 'Patchbay', version,
            inPorts: [{ name: 'in' }], outPorts: [{ name: 'out' }], ...manifest
        });
        files[`${folder}/core/${name}/${name}.js`] = code;
    }
    return { ...files, ...extra };
}

/** The zip of such a bundle. */
function bundleZip(service, description) {
    return zip(bundleFiles(service, description));
}

module.exports = { zip, bundleFiles, bundleZip };

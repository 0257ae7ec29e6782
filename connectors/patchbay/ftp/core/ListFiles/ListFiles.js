'use strict';

const { FileType } = require('basic-ftp');
const { withClient } = require('../../session');

const TYPES = { [FileType.File]: 'file', [FileType.Directory]: 'folder', [FileType.SymbolicLink]: 'link' };

module.exports = {

    async receive(context) {

        const { path: folder = '' } = context.messages.in.content;
        const entries = await withClient(context.auth, client => client.list(folder));
        const files = entries.map(entry => described(entry, folder)).sort((a, b) => (a.name < b.name ? -1 : 1));
        await context.sendJson({ files, count: files.length }, 'out');
    }
};

/** `modified` is there only if the server gives exact times. */
function described({ name, type, size, modifiedAt }, folder) {

    const path = folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`;
    return { name, path, type: TYPES[type] ?? 'unknown', size, modified: modifiedAt?.toISOString() };
}

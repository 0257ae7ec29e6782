'use strict';

/** Manifests of all installed components, private ones too, by type. */
async function manifestsOf(client) {
    return new Map((await client.get('/components?manifest=yes&ignoreACL=true')).map(manifest => [manifest.name, manifest]));
}

/** What became of every component of the packages: [{type, bundle, loads, error?}]. */
function componentsOf(shown, packages, published) {
    const refused = new Set(published.filter(({ accepted }) => !accepted).map(({ name }) => name));
    return packages.flatMap(({ name, types }) => types.map(type => verdict(type, name, shown.get(type), refused.has(name))));
}

function verdict(type, bundle, manifest, isRefused) {
    if (!manifest) {
        return { type, bundle, loads: false, error: isRefused ? 'its bundle was not accepted' : 'the server does not list it' };
    }
    return manifest.loadError ? { type, bundle, loads: false, error: manifest.loadError } : { type, bundle, loads: true };
}

module.exports = { manifestsOf, componentsOf };

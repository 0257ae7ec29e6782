'use strict';

// A plugin host: runs the plugins of one connector revision for the engine at the other end of file descriptor 3.
// The wire is described in protocol/README.md, section 5. stdout and stderr belong to the plugins.

require('../ambient_modules').offerAmbientModules();

const { PluginHost } = require('./plugin_host');

const host = new PluginHost();
host.listen(() => host.currentPlugin?.output);

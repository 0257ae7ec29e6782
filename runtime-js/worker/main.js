'use strict';

// A connector worker: runs the components of one revision for the engine at the other end of file descriptor 3.
// The wire is described in protocol/README.md. stdout and stderr belong to the components.

require('../ambient_modules').offerAmbientModules();

const { Runtime } = require('./runtime');

const runtime = new Runtime();
runtime.listen(() => runtime.currentCall);

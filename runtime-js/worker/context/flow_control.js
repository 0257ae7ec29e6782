'use strict';

// stopFlow(): stops the flow this call belongs to.

const { methods } = require('./members');

async function stopFlow(call) {
    await call.tell('stopFlow', {});
}

module.exports = proto => methods(proto, { stopFlow });

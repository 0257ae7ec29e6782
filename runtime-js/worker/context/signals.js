'use strict';

// sendSignal(object): tells every component of the flow that has a method `signal`. Resolves once they are being told.

const { methods } = require('./members');
const { forbidInStatic } = require('./static_mode');

async function sendSignal(call, content) {
    forbidInStatic(call, 'sendSignal');
    await call.tell('signal', { content: content === undefined ? {} : content });
}

module.exports = proto => methods(proto, { sendSignal });

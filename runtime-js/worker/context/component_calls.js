'use strict';

// componentStaticCall(type, outPort, { messages, properties, transform }): what another component sends to `outPort`, with the
// caller's account. `messages` holds content by port. Works in static calls too.

const { methods } = require('./members');

function textOf(value, what) {
    if (typeof value !== 'string' || value === '') {
        throw new TypeError(`componentStaticCall needs ${what}`);
    }
    return value;
}

async function componentStaticCall(call, type, outPort, options) {
    const { messages, properties, transform } = options || {};
    return await call.ask('staticCall', {
        component: textOf(type, 'the type of a component, such as acme.mail.core.ListFolders'),
        outPort: textOf(outPort, 'the name of an out port'),
        messages: messages ?? undefined, properties: properties ?? undefined, transform: transform ?? undefined
    });
}

module.exports = proto => methods(proto, { componentStaticCall });

'use strict';

// A mapper that does what the member `act` of a request says.

const { open } = require('../channel');

let modifiers = null;

const acts = {
    value: frame => send({ t: 'mapped', id: frame.id, value: frame.value, warnings: ['careful'] }),
    nothing: frame => send({ t: 'mapped', id: frame.id }),
    modifiers: frame => send({ t: 'mapped', id: frame.id, value: modifiers }),
    pid: frame => send({ t: 'mapped', id: frame.id, value: process.pid }),
    refuse: frame => send({ t: 'mapped', id: frame.id, err: { name: 'E', message: 'no such function' } }),
    exit: () => process.exit(4),
    block: () => {
        for (;;);
    }
};

const handlers = {
    hello: () => send({ t: 'ready', node: process.version }),
    modifiers: frame => {
        modifiers = frame;
    },
    map: frame => acts[frame.act](frame),
    test: frame => acts[frame.act](frame)
};

const { send } = open(frame => handlers[frame.t](frame));

'use strict';

// The mapper process: evaluates transforms the engine does not evaluate itself (protocol/README.md §4).
// It holds no secret, opens no socket and reads no file after `ready`; the engine ends it when a
// mapping takes too long.

process.env.TZ = 'UTC';
require('./generated.js').install();

const { Channel, FRAME_BYTES } = require('./channel.js');
const { Registry } = require('./registry.js');
const { SandboxRoom } = require('./sandbox.js');
const { mapMessage, testFunction } = require('./transform.js');

const PROTOCOL = 1;
const ERROR_CHARS = 2000;

class Mapper {
    constructor(room) {
        this.room = room;
        this.registry = new Registry();
        this.queue = Promise.resolve();
        this.channel = new Channel({
            onFrame: frame => this.take(frame),
            onEnd: () => process.exit(0),
            onBroken: reason => this.giveUp(reason)
        });
    }

    take(frame) {
        if (frame.t === 'ping') {
            this.pong(frame);
            return;
        }
        this.queue = this.queue.then(() => this.handle(frame)).catch(err => this.giveUp(err.stack));
    }

    async handle(frame) {
        switch (frame.t) {
            case 'hello': return this.greet(frame);
            case 'modifiers': return this.replaceModifiers(frame);
            case 'map': return this.answer(frame.id, () => mapMessage(frame, this));
            case 'test': return this.answer(frame.id, () => testFunction(frame, this));
            default: return this.giveUp(`unknown frame ${JSON.stringify(frame.t)}`);
        }
    }

    greet({ protocol }) {
        if (protocol !== PROTOCOL) {
            this.giveUp(`the engine speaks protocol ${JSON.stringify(protocol)}, this mapper ${PROTOCOL}`);
            return;
        }
        this.channel.send(JSON.stringify({ t: 'ready', node: process.version }));
    }

    replaceModifiers({ document }) {
        this.registry = new Registry(document);
    }

    async answer(id, work) {
        let reply;
        try {
            const { value, warnings } = await work();
            const shown = warnings.length > 0 ? { warnings } : {};
            reply = JSON.stringify({ t: 'mapped', id, value, ...shown });
            if (Buffer.byteLength(reply) > FRAME_BYTES) throw new RangeError('the mapped content is too large');
        } catch (err) {
            reply = JSON.stringify({ t: 'mapped', id, err: failureOf(err) });
        }
        this.channel.send(reply);
        if (this.room.broken) await this.room.mend();
    }

    pong({ n }) {
        const { heapUsed, rss } = process.memoryUsage();
        this.channel.send(JSON.stringify({ t: 'pong', n, heap: heapUsed, rss }));
    }

    giveUp(reason) {
        process.stderr.write(`mapper: ${reason}\n`);
        process.exit(1);
    }
}

function failureOf(err) {
    const known = err instanceof Error;
    return {
        name: known ? String(err.name) : 'Error',
        message: String(known ? err.message : err).slice(0, ERROR_CHARS)
    };
}

SandboxRoom.load().then(room => new Mapper(room), err => {
    process.stderr.write(`mapper: the sandbox does not load: ${err.stack}\n`);
    process.exit(1);
});

'use strict';

const crypto = require('crypto');

// A position is kept every so many items: an interrupted call repeats fewer items than this.
const ITEMS_PER_POSITION = 50;

module.exports = {

    async receive(context) {

        const list = readList(context, context.messages.in.content.list);
        const callId = context.id;
        // The same at every attempt of this message, different for every other one.
        const correlationId = callId || crypto.randomUUID();
        const start = callId ? (context.state[callId] ?? 0) : 0;

        for (let index = start; index < list.length; index++) {
            if (callId && index > start && index % ITEMS_PER_POSITION === 0) {
                await context.stateSet(callId, index);
            }
            await context.sendJson({ index, count: list.length, item: list[index], correlationId }, 'item');
        }
        await context.sendJson({ count: list.length, correlationId }, 'done');
        if (callId && list.length > ITEMS_PER_POSITION) {
            await context.stateUnset(callId);
        }
    }
};

function readList(context, value) {

    let list = value;
    if (typeof value === 'string') {
        try {
            list = JSON.parse(value);
        } catch (err) {
            throw new context.CancelError(`list: neither a list nor the JSON text of one (${err.message}).`);
        }
    }
    if (!Array.isArray(list)) {
        throw new context.CancelError('list: must be a list. Map a variable of the type array.');
    }
    return list;
}

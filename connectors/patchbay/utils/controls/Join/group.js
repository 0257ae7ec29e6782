'use strict';

const crypto = require('crypto');

const MAX_WAITING = 10000;

/**
 * The messages of one correlation id that wait to be joined, kept in the flow's state:
 *
 *   <key>                  { round, timeoutId, expected, first, next, taken: [seq], links: { seq: link } }
 *   <key>:i:<seq>          { id, item, index }
 *   <key>:m:<id>           seq, so that a repeated delivery counts once
 *   join:<node>:done:<n>   { group, id }: which message completed a group last, in one of 256 slots
 *
 * Every entry has a key of its own, because one record that grows with each message would
 * cost the square of their number. Use it under the group's lock only.
 */
module.exports = class Group {

    constructor(context, correlationId) {
        this.context = context;
        this.flow = context.flow;
        this.correlationId = String(correlationId);
        this.key = `join:${context.componentId}:${this.correlationId}`;
        const slot = crypto.createHash('sha256').update(this.correlationId).digest()[0];
        this.doneKey = `join:${context.componentId}:done:${slot}`;
    }

    async load() {
        this.meta = await this.flow.stateGet(this.key) || null;
    }

    get round() {
        return this.meta?.round;
    }

    get expected() {
        return this.meta?.expected;
    }

    /** Sequence numbers of the entries, oldest first. */
    get waiting() {
        const waiting = [];
        const taken = new Set(this.meta?.taken);
        for (let seq = this.meta?.first ?? 0; seq < (this.meta?.next ?? 0); seq++) {
            if (!taken.has(seq)) {
                waiting.push(seq);
            }
        }
        return waiting;
    }

    /** Whether this message has completed the group at an earlier attempt. */
    async completedBy(id) {
        const done = id ? await this.flow.stateGet(this.doneKey) : null;
        return Boolean(done) && done.group === this.correlationId && done.id === id;
    }

    async has(id) {
        if (!id || !this.meta) {
            return false;
        }
        const seq = await this.flow.stateGet(`${this.key}:m:${id}`);
        return typeof seq === 'number' && seq < this.meta.next &&
            (await this.flow.stateGet(`${this.key}:i:${seq}`))?.id === id;
    }

    async add({ id, link, item, index, count, timeoutMs }) {
        if (!this.meta) {
            await this.begin(count, timeoutMs);
        }
        const { first, next } = this.meta;
        if (next - first >= MAX_WAITING) {
            throw new this.context.CancelError(`More than ${MAX_WAITING} messages wait for the correlation ID "${this.correlationId}". Check the number of messages to join.`);
        }
        if (id) {
            await this.flow.stateSet(`${this.key}:m:${id}`, next);
        }
        await this.flow.stateSet(`${this.key}:i:${next}`, { id, item, index });
        if (link && !this.expected) {
            this.meta.links[next] = link;
        }
        this.meta.next = next + 1;
        await this.flow.stateSet(this.key, this.meta);
    }

    async begin(expected, timeoutMs) {
        const round = crypto.randomUUID();
        const timeoutId = await this.context.setTimeout({ group: this.correlationId, round }, timeoutMs);
        this.meta = { round, timeoutId, expected, first: 0, next: 0, taken: [], links: {} };
    }

    /** The oldest `count` entries, or null while there are fewer. */
    oldest(count) {
        const wanted = Math.max(count, 1);
        const { first, next, taken } = this.meta;
        return next - first - taken.length >= wanted ? this.waiting.slice(0, wanted) : null;
    }

    /** The oldest entry of each link, or null while one is missing. */
    oldestOfEach(links) {
        const waiting = this.waiting;
        if (!waiting.every(seq => links.includes(this.meta.links[seq]))) {
            return this.oldest(links.length);
        }
        const oldest = links.map(link => waiting.find(seq => this.meta.links[seq] === link));
        return oldest.every(seq => seq !== undefined) ? oldest : null;
    }

    async read(waiting) {
        const entries = [];
        for (const seq of waiting) {
            entries.push(await this.flow.stateGet(`${this.key}:i:${seq}`));
        }
        return entries.filter(Boolean);
    }

    /** Takes entries out after they were sent on. `id` is the message that completed them. */
    async finish(taken, entries, id) {
        if (id) {
            await this.flow.stateSet(this.doneKey, { group: this.correlationId, id });
        }
        const gone = new Set([...this.meta.taken, ...taken]);
        while (gone.has(this.meta.first)) {
            this.meta.first += 1;
        }
        this.meta.taken = [...gone].filter(seq => seq >= this.meta.first);
        if (this.meta.first === this.meta.next) {
            await this.flow.stateUnset(this.key);
            await this.context.clearTimeout(this.meta.timeoutId);
        } else {
            await this.flow.stateSet(this.key, this.meta);
        }
        for (const seq of taken) {
            await this.flow.stateUnset(`${this.key}:i:${seq}`);
        }
        for (const entry of entries.filter(({ id: entryId }) => entryId)) {
            await this.flow.stateUnset(`${this.key}:m:${entry.id}`);
        }
    }
};

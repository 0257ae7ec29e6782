'use strict';

// context.lock, the worker's, and context.job.lock: one try, of this revision alone, in a name space of its own.
//
// Errors: a lock that is not free rejects with a LockError whose message is `locked`; plugins of the field test for that text.

const { kCall } = require('../../worker/context/members');

const kDefaultJobTtl = 20000;

const members = {};
require('../../worker/context/locks')(members);

async function acquire(call, name, options) {
    const holder = Object.create(members);
    holder[kCall] = call;
    try {
        return await holder.lock(name, options);
    } catch (err) {
        throw err.name === 'LockError' ? Object.assign(new Error('locked'), { name: err.name, lock: String(name), cause: err }) : err;
    }
}

function acquireForJob(call, revision, name, options) {
    return acquire(call, `job:${revision}:${name}`, { ttl: options?.ttl ?? kDefaultJobTtl, retryDelay: 0, maxRetryCount: 0 });
}

module.exports = { acquire, acquireForJob };

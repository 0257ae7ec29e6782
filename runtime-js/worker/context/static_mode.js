'use strict';

// A static call belongs to no running flow: what writes state of the flow's run is not available in it.

function forbidInStatic(call, what) {
    if (call.isStatic) {
        throw new Error(`context.${what} is not available in a static call`);
    }
}

module.exports = { forbidInStatic };

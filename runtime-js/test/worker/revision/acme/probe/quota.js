'use strict';

module.exports = {
    rules: [
        { name: 'day', limit: 2000, window: 86400000, queueing: 'fifo', resource: 'requests', scope: 'userId' },
        { limit: 3, window: 1000, throttling: { type: 'window-fixed', getStartOfNextWindow: () => 0 }, resource: 'requests' }
    ]
};

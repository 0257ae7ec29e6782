'use strict';

const net = require('node:net');

/** A port on loopback that nobody listens on now. */
module.exports = function freePort() {
    return new Promise((resolve, reject) => {
        const server = net.createServer().on('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
};

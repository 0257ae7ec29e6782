'use strict';

module.exports = {

    async start(context) {

        await context.sendJson({ started: new Date().toISOString() }, 'out');
    }
};

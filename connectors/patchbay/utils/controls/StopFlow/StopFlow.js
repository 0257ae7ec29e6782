'use strict';

module.exports = {

    async receive(context) {

        await context.stopFlow();
    }
};

'use strict';

module.exports = {

    token: null,

    helper() {
        return 'kept';
    },

    async receive(context) {
        console.log('remembering');
        const before = this.token;
        this.token = 'secret of one account';
        await context.sendJson({ before, helper: this.helper() }, 'out');
    }
};

'use strict';

const { empty, equal } = require('../comparison');

const CASES = ['case1', 'case2', 'case3', 'case4', 'case5', 'case6', 'case7', 'case8'];

module.exports = {

    async receive(context) {

        const content = context.messages.in.content;
        const port = CASES.find(name => !empty(content[name]) && equal(content.input, content[name])) || 'otherwise';
        await context.sendJson({ input: content.input, case: port }, port);
    }
};

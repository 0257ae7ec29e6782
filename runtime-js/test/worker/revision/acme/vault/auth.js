'use strict';

module.exports = {
    type: 'pwd',
    definition: {
        async validate(context) {
            if (context.password !== 'open sesame') {
                throw new context.InvalidTokenError('Wrong password');
            }
            return { token: `session of ${context.username}`, expires: new Date('2030-01-01T00:00:00Z') };
        }
    }
};

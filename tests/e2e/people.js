'use strict';

const PASSWORD = 'a fine password';

let made = 0;

/** Makes a user and gives a client that is signed in as him. */
module.exports = async function person(admin, more = {}) {
    made += 1;
    const email = `person${made}@example.test`;
    const { user } = await admin.post('/user', { email, username: email, password: PASSWORD });
    if (Object.keys(more).length) {
        await admin.put(`/users/${user.id}`, more);
    }
    const client = admin.as(null);
    await client.signIn(email, PASSWORD);
    return Object.assign(client, { email, password: PASSWORD, id: user.id });
};

'use strict';

/** The Flows page of administrators, S51-S53: everybody's flows, by connector and stage. */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const person = require('./people');
const refused = require('./refusal');
const { Server } = require('./server');
const { publishStarters } = require('./starter_zips');

function flowOf(...types) {
    const flow = new FlowBuilder();
    types.forEach(type => flow.add(type));
    return flow.descriptor;
}

describe('The flows of all users', () => {

    let server;
    let admin;
    let ann;
    let bob;

    /** Names of a list, which its count must agree with. */
    async function names(client, query) {
        const list = await client.get(`/flows?${query}`);
        assert.deepEqual(await client.get(`/flows/count?${query}`), { count: list.length }, query);
        return list.map(({ name }) => name).sort();
    }

    before(async () => {
        server = await Server.start({ name: 'flow-list' });
        admin = await server.admin();
        ann = await person(admin);
        bob = await person(admin);
        await publishStarters(admin, 'patchbay.utils.http');
        const running = await ann.createFlow({ name: 'ann runs', flow: flowOf('patchbay.utils.http.Webhook', 'appmixer.trello.core.Card') });
        await ann.put(`/flows/${running}`, { flow: flowOf('patchbay.utils.http.Webhook') });
        await ann.startFlow(running);
        await ann.createFlow({ name: 'ann cards', type: 'integration-template', flow: flowOf('appmixer.trello.cards.CreateCard', 'appmixer.trello.lists.CreateList') });
        await bob.createFlow({ name: 'bob lists', flow: flowOf('appmixer.trello.lists.CreateList') });
        await bob.createFlow({ name: 'bob hook', flow: flowOf('patchbay.utils.http.Webhook') });
        await admin.createFlow({ name: 'own', flow: {} });
    });

    after(() => server?.stop());

    test('S51 An admin lists the flows of all users with owner, name, type and stage; the bare list stays his own', async () => {
        assert.deepEqual(await names(admin, ''), ['own']);
        const all = await admin.get('/flows?filter=userId:*&projection=flowId,userId,name,type,stage&sort=name:1');
        assert.deepEqual(all.map(({ userId, name, type, stage }) => [userId, name, type, stage]), [
            [ann.id, 'ann cards', 'integration-template', 'stopped'],
            [ann.id, 'ann runs', 'automation', 'running'],
            [bob.id, 'bob hook', 'automation', 'stopped'],
            [bob.id, 'bob lists', 'automation', 'stopped'],
            [admin.user.id, 'own', 'automation', 'stopped']
        ]);
        assert.deepEqual(await names(ann, 'filter=userId:*'), ['ann cards', 'ann runs'], 'nobody else does');
        const page = await admin.get('/flows?filter=userId:*&sort=name:1&limit=2&offset=1&projection=name');
        assert.deepEqual(page.map(({ name }) => name), ['ann runs', 'bob hook']);
    });

    test('S52 By connector: any module of it, no part of a word, of all users for an admin', async () => {
        assert.deepEqual(await names(admin, 'componentType=trello'), ['ann cards', 'bob lists']);
        assert.deepEqual(await names(admin, 'filter=componentType:appmixer.trello.cards'), ['ann cards']);
        assert.deepEqual(await names(admin, 'componentType=trel'), []);
        assert.deepEqual(await names(admin, `componentType=trello&filter=userId:${bob.id}`), ['bob lists']);
        assert.deepEqual(await names(ann, 'componentType=trello'), ['ann cards'], 'own flows only for a user');
    });

    test('S53 Running and stopped part the list, and combine with the connector', async () => {
        const all = await names(admin, 'filter=userId:*');
        const running = await names(admin, 'filter=userId:*&filter=stage:running');
        const stopped = await names(admin, 'filter=userId:*&stage=stopped');
        assert.deepEqual(running, ['ann runs']);
        assert.deepEqual([...running, ...stopped].sort(), all);
        assert.deepEqual(await names(admin, 'componentType=patchbay.utils.http&stage=running'), ['ann runs']);
        assert.deepEqual(await names(admin, 'componentType=patchbay.utils.http&filter=stage:stopped'), ['bob hook']);
        assert.deepEqual(await names(admin, 'componentType=trello&stage=running'), []);
        refused(await admin.call('GET', '/flows?stage=draft'), 400);
    });

    test('R26 Flows that need attention: none here, and none of them says so', async () => {
        assert.deepEqual(await names(admin, 'filter=attention:true'), []);
        assert.ok((await admin.get('/flows?filter=userId:*')).every(flow => !('attention' in flow)));
        refused(await admin.call('GET', '/flows?filter=attention:maybe'), 400);
    });
});

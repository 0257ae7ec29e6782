'use strict';

/**
 * A breaking update of a connector that 200 of 1,000 running flows use: what stops and what does not, true progress,
 * and a SIGKILL of the server at chance points of it (S102-S104, S126, R22). PATCHBAY_UPDATE_FLOWS and
 * PATCHBAY_UPDATE_KILLS name other numbers.
 */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const { seeded, seedFrom } = require('./random');
const { Story, action } = require('./connector_story');
const { until } = require('./rest_client');

const ALL = Number(process.env.PATCHBAY_UPDATE_FLOWS ?? 1000);
const USERS = ALL / 5;
const KILLS = Number(process.env.PATCHBAY_UPDATE_KILLS ?? 20);
const AT_ONCE = 16;

const version = (number, more = {}) => ({ version: number, components: { Send: action({ version: number, ...more }) } });
const OLD = version('1.0.0');
const NEW = version('2.0.0', { fields: { text: {}, to: {} }, required: ['to'] });

describe('A breaking update with many flows', () => {

    let story;
    let users;
    let others;

    before(async () => {
        story = await Story.begin('update-crash', { PATCHBAY_LOG_LEVEL: 'warn' });
        await story.offer(OLD, NEW);
        await story.install('1.0.0');
        await story.set('WEBHOOK_FLOW_STOPPED', `${story.sink.url}/stopped`);
        const made = [];
        for (let i = 0; i < ALL; i += AT_ONCE) {
            made.push(...await Promise.all(Array.from({ length: Math.min(AT_ONCE, ALL - i) }, (_, k) => story.flow(
                `flow ${i + k}`, i + k < USERS ? {} : { type: 'patchbay.utils.controls.SetVariable', input: { variables: {} } }))));
        }
        users = made.slice(0, USERS).map(({ flowId }) => flowId);
        others = made.slice(USERS).map(({ flowId }) => flowId);
    });

    after(() => story?.end());

    const stages = async () => new Map((await story.admin.get('/flows?limit=5000&projection=flowId,stage')).map(({ flowId, stage }) => [flowId, stage]));
    const notices = () => story.sink.requests.filter(({ url }) => url === '/stopped').map(({ body }) => body.flowId);

    async function allAt(wanted) {
        const now = await stages();
        const count = ids => ids.filter(id => now.get(id) === wanted).length;
        return [count(users), count(others)];
    }

    test('S102 S103 S104 S115 Exactly those that use it stop, progress is monotonic and true, and each is told of', async () => {
        const ticket = await story.begun('POST', '/connectors/story.mail/update', { version: '2.0.0', confirmBreaking: true });
        let last = 0;
        const seen = [];
        await until(async () => {
            const { flows, status } = await story.admin.get(`/connectors/operations/${ticket}`);
            assert.ok(flows.stopped >= last && flows.stopped <= flows.total, JSON.stringify(flows));
            last = flows.stopped;
            seen.push(last);
            return status === 'completed';
        }, 'the end of the update', 120000);
        assert.equal(last, USERS);
        assert.deepEqual(await allAt('running'), [0, others.length]);
        await story.sink.when(() => notices().length >= USERS, 'a notice for each');
        assert.deepEqual(notices().sort(), [...users].sort());
        await story.rollback();
        assert.deepEqual(await allAt('running'), [users.length, others.length], 'and a rollback starts them again');
    });

    test('S126 A rollback that is killed while it starts flows again goes on with that', async () => {
        for (const share of [0, 0.3, 0.9]) {
            await story.update({ version: '2.0.0', confirmBreaking: true });
            const ticket = await story.begun('POST', '/connectors/story.mail/rollback', {});
            await until(async () => {
                const { flows, status } = await story.admin.get(`/connectors/operations/${ticket}`);
                return status !== 'in-progress' || flows.restarted > share * USERS;
            }, 'the point of the kill', 120000);
            await story.server.kill();
            await story.restart();
            const operation = await story.ended(ticket);
            assert.equal(operation.status, operation.phase === 'done' ? 'completed' : 'failed', JSON.stringify(operation));
            if (operation.status === 'failed') {
                await story.rollback();
            }
            assert.equal(await story.version(), '1.0.0');
            assert.deepEqual(await allAt('running'), [users.length, others.length]);
        }
    });

    test(`S126 A SIGKILL at ${KILLS} chance points ends in wholly old or wholly new, each stop accounted for`, async () => {
        const seed = seedFrom('PATCHBAY_SEED');
        const random = seeded(seed);
        console.log(`PATCHBAY_SEED=${seed}`);
        const ended = { old: 0, new: 0 };
        for (let kill = 0; kill < KILLS; kill += 1) {
            const told = notices().length;
            const ticket = await story.begun('POST', '/connectors/story.mail/update', { version: '2.0.0', confirmBreaking: true });
            const after = random() * 1.15;
            await until(async () => {
                const { flows, status, phase } = await story.admin.get(`/connectors/operations/${ticket}`);
                return status !== 'in-progress' || (after > 1 && phase === 'switch') || (after <= 1 && flows.total > 0 && flows.stopped >= after * flows.total);
            }, 'the point of the kill', 120000);
            await story.server.kill();
            await story.restart();
            const operation = await story.ended(ticket);
            const isNew = operation.status === 'completed';
            ended[isNew ? 'new' : 'old'] += 1;
            assert.equal(await story.version(), isNew ? '2.0.0' : '1.0.0', JSON.stringify(operation));
            await until(async () => JSON.stringify(await allAt(isNew ? 'stopped' : 'running')) === JSON.stringify(isNew ? [users.length, 0] : [users.length, others.length]),
                `all flows ${isNew ? 'stopped' : 'running'} after a kill: ${JSON.stringify(operation)}`, 120000);
            assert.deepEqual((await allAt('running'))[1], others.length);
            if (isNew) {
                await story.sink.when(() => notices().length >= told + USERS, 'the notices');
                await story.rollback();
            } else {
                assert.equal(notices().length, told, 'nobody is told of stops that were taken back');
            }
            assert.deepEqual(await allAt('running'), [users.length, others.length]);
        }
        console.log(`killed ${KILLS} times: ${JSON.stringify(ended)}`);
    });
});

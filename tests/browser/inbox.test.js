'use strict';

/** The Inbox: what an owner has to do after a connector changed under his flows, until they run again. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const person = require('../e2e/people');
const { Story, action } = require('../e2e/connector_story');

const labelled = (label, more) => ({ label, ...more });
const FIRST = { version: '1.0.0', components: { Send: action({ version: '1.0.0', fields: { text: {}, subject: labelled('Subject') } }) } };
// `subject` has another name, which can be followed; `to` is new and must be filled in.
const RENAMED = { version: '2.0.0', changelog: { '2.0.0': ['(breaking change) Other names.'] }, components: { Send: action({ version: '2.0.0', fields: { text: {}, title: labelled('Subject') } }) } };
const REQUIRED = { version: '3.0.0', changelog: { '3.0.0': ['(breaking change) Send needs a recipient.'] }, components: { Send: action({ version: '3.0.0', fields: { text: {}, title: labelled('Subject'), to: {} }, required: ['to'] }) } };

describe('The Inbox', () => {

    let story;
    let admin;
    let ann;
    let bob;

    before(async () => {
        story = await Story.begin('inbox');
        admin = story.admin;
        ann = await person(admin);
        bob = await person(admin);
        await story.offer(FIRST, RENAMED, REQUIRED);
        await story.install('1.0.0');
        await admin.post('/acl/components/add-user-rules', {});
    });
    after(async () => {
        await Backoffice.end();
        await story?.end();
    });

    async function opened(who) {
        const backoffice = await Backoffice.open(story.server, { as: { username: who.email, password: who.password } });
        await backoffice.goto('/inbox');
        return { backoffice, page: backoffice.page };
    }

    const card = (page, name) => page.getByRole('list', { name: 'Flows that need you' }).getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

    it('S106 S112 S117 A prepared change is shown and applied, then the flow is started; then nothing needs the owner', async () => {
        const flow = await story.flow('Order mails', { client: ann, input: { text: 'x', subject: 'Hello' } });
        const { backoffice, page } = await opened(ann);
        await page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
        await backoffice.check('inbox_empty');

        await story.update({ version: '2.0.0', confirmBreaking: true });
        const mine = card(page, 'Order mails');
        await mine.getByText('story.mail has changed from version 1.0.0 to 2.0.0.').waitFor();
        await mine.getByText('Stopped', { exact: true }).waitFor();
        await mine.getByText('Field subject is called title now').waitFor();
        await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Inbox 1 waiting' }).waitFor();
        await backoffice.check('inbox');

        await mine.getByRole('button', { name: 'Apply the prepared change' }).click();
        const dialog = page.getByRole('alertdialog', { name: 'Apply the prepared change to “Order mails”?' });
        await dialog.getByText('Field title: Hello was filled in').waitFor();
        await backoffice.check('inbox_prepared');
        await dialog.getByRole('button', { name: 'Apply the change' }).click();
        await mine.getByText('Ready: start the flow, and it is done.').waitFor();
        await backoffice.check('inbox_ready');
        await mine.getByRole('button', { name: 'Start Order mails' }).click();
        await page.getByText('Done: “Order mails” runs again').waitFor();
        await page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
        await backoffice.check('inbox_done');
        assert.equal(await story.stage(flow.flowId), 'running');
        assert.equal(await page.getByRole('link', { name: /waiting/ }).count(), 0);
        await backoffice.close();
    });

    it('S106 S112 What only the owner can do links to the component and field in the Designer; others do not see it', async () => {
        const flow = await story.flow('Letters', { client: ann, input: { text: 'x' } });
        await story.flow('Of bob', { client: bob, input: { text: 'x' } });
        const { backoffice, page } = await opened(ann);
        await story.update({ version: '3.0.0', confirmBreaking: true });
        const mine = card(page, 'Letters');
        await mine.getByText('Field to is new and must be filled in.').waitFor();
        assert.equal(await page.getByText('Of bob').count(), 0);
        assert.ok(await mine.getByRole('button', { name: 'Start Letters' }).isDisabled());
        await backoffice.check('inbox_to_do');
        await mine.getByRole('link', { name: 'Fix now' }).click();
        await page.waitForURL(`**/backoffice/flows/${flow.flowId}?component=${flow.send}&field=in%2Fto`);

        const descriptor = structuredClone((await ann.get(`/flows/${flow.flowId}`)).flow);
        descriptor[flow.send].config.transform.in[flow.hook].out.lambda.to = 'me@example.test';
        await ann.put(`/flows/${flow.flowId}`, { flow: descriptor });
        await backoffice.goto('/inbox');
        await mine.getByText('Done', { exact: true }).waitFor();
        await mine.getByRole('button', { name: 'Start Letters' }).click();
        await page.getByText('Done: “Letters” runs again').waitFor();
        await backoffice.close();

        const other = await Backoffice.open(story.server, { as: { username: 'admin@example.test', password: 'correct horse battery' } });
        await other.goto('/inbox');
        await other.page.getByRole('heading', { name: 'Nothing needs you' }).waitFor();
        await other.goto('/flows?attention=true');
        await other.page.getByRole('link', { name: 'Of bob' }).waitFor();
        await other.page.getByRole('row').filter({ has: other.page.getByRole('link', { name: 'Of bob' }) }).getByText('Send: Field to is new').waitFor();
        await other.close();
    });

    it('S47 S69 A flow whose connector was removed is told of, while it runs on', async () => {
        await story.flow('Post', { client: bob, input: { text: 'x', to: 'me@example.test' } });
        await story.done('DELETE', '/connectors/story.mail?confirm=true');
        const { backoffice, page } = await opened(bob);
        const mine = card(page, 'Post');
        await mine.getByText('The flow still runs.').waitFor();
        await mine.getByText('story.mail is not available any more.').waitFor();
        await mine.getByText('The component was removed.').waitFor();
        await backoffice.check('inbox_removed');
        await backoffice.close();
    });
});

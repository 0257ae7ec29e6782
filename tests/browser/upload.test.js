'use strict';

/** Connectors from zip files (S14, S86, S87, S89, S90). */

const assert = require('node:assert/strict');
const fs = require('node:fs');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { ADMIN } = require('../e2e/server');
const { Story, action } = require('../e2e/connector_story');
const { bundleZip, zip } = require('../e2e/bundle_zip');

const mail = (version, more = {}) => ({ version, components: { Send: action({ version, ...more }) } });

describe('The upload page', () => {
    let story;
    let backoffice;
    let page;

    async function choose(name, buffer) {
        await backoffice.goto('/connectors/upload');
        await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/zip', buffer });
    }

    async function upload(name, buffer) {
        await choose(name, buffer);
        await page.getByRole('button', { name: 'Install', exact: true }).click();
    }

    before(async () => {
        story = await Story.begin('upload-page');
        backoffice = await Backoffice.open(story.server, { as: ADMIN });
        page = backoffice.page;
    });
    after(async () => {
        await backoffice?.close();
        await Backoffice.end();
        await story?.end();
    });

    it('S11 S86 S87 S89 From the button at the bottom of the list to a custom connector in it', async () => {
        await backoffice.goto('/connectors');
        await page.getByRole('button', { name: 'Add Connector from your Filesystem', exact: true }).click();
        await page.getByText('Choose a zip file, or drop it here').waitFor();
        await backoffice.check('upload');
        await page.locator('input[type=file]').setInputFiles({ name: 'own.zip', mimeType: 'application/zip', buffer: bundleZip('acme.own', mail('1.0.0')) });
        await page.getByText('own.zip', { exact: true }).waitFor();
        await backoffice.check('upload_chosen');
        await page.getByRole('button', { name: 'Install', exact: true }).click();
        await page.getByText('can be used in flows now').waitFor();
        await backoffice.check('upload_done');
        await page.getByRole('link', { name: 'acme.own 1.0.0' }).click();
        await page.getByText('Custom', { exact: true }).waitFor();
        await page.getByText('installed 1.0.0', { exact: true }).waitFor();
        await backoffice.goto('/connectors?q=acme.own&show=custom');
        await page.getByRole('list', { name: 'Connectors' }).getByText('Installed', { exact: true }).waitFor();
    });

    it('S14 What was downloaded, then removed, is the same connector when it is uploaded', async () => {
        await backoffice.goto('/connectors/acme.own');
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download as zip' }).click()]);
        const bytes = fs.readFileSync(await download.path());
        const [before] = (await story.admin.get('/connectors/acme.own/versions')).filter(({ installed }) => installed);
        await story.done('DELETE', '/connectors/acme.own?confirm=true');
        await upload(download.suggestedFilename(), bytes);
        await page.getByText('can be used in flows now').waitFor();
        const [after] = (await story.admin.get('/connectors/acme.own/versions')).filter(({ installed }) => installed);
        assert.deepEqual([after.version, after.revision], [before.version, before.revision], 'the revision is a hash of its files');
        assert.deepEqual((await story.admin.get('/apps/components?app=acme.own')).map(({ name }) => name), ['acme.own.core.Send']);
    });

    it('S86 What is no zip, what lies in wrong folders, and what is wrong in a file is said, and nothing is installed', async () => {
        await upload('nonsense.zip', Buffer.from('no zip at all'));
        await page.getByText('it is not a zip').waitFor();
        await backoffice.check('upload_no_zip');
        await upload('layout.zip', zip({ 'readme.txt': 'hello' }));
        await page.getByText('nothing in it lies below <vendor>/<service>/').waitFor();
        await page.getByText('CreateInvoice.js').waitFor();
        await backoffice.check('upload_wrong_layout');
        await upload('fields.zip', zip({
            'acme/bad/service.json': '{"name": "acme.bad"}', 'acme/bad/bundle.json': '{"name": "acme.bad", "version": "x"}', 'acme/bad/core/Send/component.json': '{"name": "acme.bad.core.Send", "inPorts": 5}'
        }));
        const wrong = page.getByRole('list', { name: 'What is wrong' });
        await wrong.getByText("acme/bad/service.json: should have required property 'label'").waitFor();
        await wrong.getByText('.version', { exact: true }).waitFor();
        await wrong.getByText('.inPorts', { exact: true }).waitFor();
        await backoffice.check('upload_wrong_fields');
        await upload('future.zip', bundleZip('acme.future', { ...mail('1.0.0'), engine: '>=99' }));
        await page.getByText('needs engine >=99').waitFor();
        assert.ok(!(await story.admin.get('/connectors?limit=1000')).some(({ name }) => /^acme\.(bad|future)$/.test(name)));
    });

    it('S86 A file that is too large or no zip by its name is refused before it is sent', async () => {
        await story.set('LIMIT_CC_ARCHIVE_MAX_BYTES', 2048);
        try {
            await choose('large.zip', Buffer.alloc(3000));
            await page.getByText('large.zip has 2.9 KiB; this server takes at most 2 KiB. Nothing was sent.').waitFor();
            await page.locator('input[type=file]').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
            await page.getByText('notes.txt is no zip file.').waitFor();
            assert.equal(await page.getByRole('button', { name: 'Install', exact: true }).count(), 0);
        } finally {
            await story.admin.delete('/config/LIMIT_CC_ARCHIVE_MAX_BYTES');
        }
    });

    it('S90 S110 A version that breaks flows says which, and is installed only when that was confirmed', async () => {
        await story.admin.publish(bundleZip('story.mail', mail('1.0.0')));
        const flow = await story.flow('breaks');
        await upload('mail-2.zip', bundleZip('story.mail', { ...mail('2.0.0', { fields: { text: {}, to: {} }, required: ['to'] }), changelog: { '2.0.0': ['(breaking change) Send needs a recipient.'] } }));
        await page.getByText('Breaking change in story.mail 2.0.0').waitFor();
        await page.getByText('Flow breaks, story.mail.core.Send: Field to is new and must be filled in.').waitFor();
        assert.equal(await story.version(), '1.0.0');
        assert.equal(await story.stage(flow.flowId), 'running');
        const publish = page.getByRole('button', { name: 'Publish and stop 1 flow', exact: true });
        await publish.waitFor();
        await backoffice.check('upload_breaking');
        await publish.click();
        await page.getByText('can be used in flows now').waitFor();
        assert.equal(await story.version(), '2.0.0');
        assert.equal(await story.stage(flow.flowId), 'stopped');
    });
});

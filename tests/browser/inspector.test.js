'use strict';

/** The Inspector: every type of field, variables and modifiers, choices that components tell, accounts. */

const assert = require('node:assert/strict');
const { after, before, describe, it } = require('node:test');

const Backoffice = require('./backoffice');
const { EVERY_INPUT, publishForms } = require('./inspector_bundle');
const FlowBuilder = require('../e2e/flow_builder');
const Sink = require('../e2e/sink');
const person = require('../e2e/people');
const { Server } = require('../e2e/server');
const { publishStarters } = require('../e2e/starter_zips');
const { until } = require('../e2e/rest_client');

const HOOK = 'patchbay.utils.http.Webhook';

describe('The Inspector', () => {
    let server;
    let sink;
    let owner;
    let backoffice;
    let page;
    /** Addresses of the sink that are no good key (any more). */
    const goneKeys = new Set(['/wrong']);

    before(async () => {
        server = await Server.start({ name: 'inspector' });
        sink = await Sink.start(({ url }) => (goneKeys.has(url) ? { status: 401 } : undefined));
        const admin = await server.admin();
        await publishStarters(admin, 'patchbay.utils.http', 'patchbay.utils.controls');
        await publishForms(admin);
        owner = await person(admin);
        backoffice = await Backoffice.open(server, { as: { username: owner.email, password: owner.password } });
        ({ page } = backoffice);
    });
    after(async () => {
        try {
            await backoffice?.close();
        } finally {
            await Backoffice.end();
            await sink?.stop();
            await server?.stop();
        }
    });

    const stored = async (flowId, componentId) => (await owner.get(`/flows/${flowId}`)).flow[componentId].config;
    const lambdaOf = (config, from) => config?.transform?.in?.[from]?.out?.lambda ?? {};
    /** Once the component's configuration, as the server has it, is so. */
    const saved = (flowId, componentId, wanted, what) => until(async () => {
        const config = await stored(flowId, componentId);
        return wanted(config) && config;
    }, `the saved ${what}`);
    const open = (flowId, componentId, more = '') => backoffice.goto(`/flows/${flowId}?component=${componentId}${more}`);
    const pick = async (label, option) => {
        await page.getByRole('combobox', { name: label, exact: true }).click();
        await page.getByRole('option', { name: option, exact: true }).click();
    };
    const textbox = label => page.getByRole('textbox', { name: label, exact: true });

    /** Webhook → a component of acme.forms. */
    async function withHook(type, more = {}) {
        const flow = new FlowBuilder();
        const hook = flow.add(HOOK, { properties: { immediateResponse: true }, label: 'Order desk' });
        const component = flow.add(type, { from: hook, ...more });
        return { flow, hook, component, flowId: await owner.createFlow({ name: type, flow: flow.descriptor }) };
    }

    it('Every type of input has its field and stores the JSON of its type', async () => {
        const { flowId, hook, component } = await withHook('acme.forms.core.Every');
        await open(flowId, component);
        await page.getByText('What comes is passed on as it is.').waitFor();
        await page.getByText('What it says.').waitFor();
        await textbox('Text').fill('hello');
        await textbox('Long text').fill('a');
        await textbox('Long text').press('End');
        await textbox('Long text').press('Enter');
        await textbox('Long text').pressSequentially('b');
        await textbox('Misspelt').fill('short');
        await textbox('Number').fill('42');
        await page.getByRole('switch', { name: 'Toggle' }).focus();
        await page.keyboard.press('Space');
        await pick('Select', 'One');
        await pick('Select box', 'large');
        await pick('Several', 'red');
        await page.getByRole('option', { name: 'blue', exact: true }).click();
        await page.keyboard.press('Escape');
        await page.getByLabel('Moment', { exact: true }).fill('2026-02-03T04:05');
        await page.getByLabel('Day', { exact: true }).fill('2026-02-03');
        await pick('Palette', 'Red');
        await page.getByRole('radiogroup', { name: 'Buttons', exact: true }).getByText('I', { exact: true }).click();
        await page.getByRole('group', { name: 'Many buttons' }).getByText('B', { exact: true }).click();
        await page.getByRole('button', { name: 'Add item' }).click();
        await page.getByLabel('Key 1').fill('size');
        await textbox('Value 1').fill('XL');
        await page.getByRole('button', { name: 'Add to Lines' }).click();
        const line = page.getByRole('group', { name: 'Lines 1' });
        await line.getByRole('textbox', { name: 'Name' }).fill('Tea');
        await line.getByRole('textbox', { name: 'Price' }).fill('3.5');
        await textbox('Drive file').fill('drive-1');
        await textbox('OneDrive file').fill('drive-2');
        await textbox('JSON').fill('{"a": [1]}');
        await textbox('Odd').fill('beam');
        await page.getByText('is not known here').waitFor();
        const chooser = page.waitForEvent('filechooser');
        await page.getByRole('button', { name: 'Upload a file for File' }).click();
        await (await chooser).setFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
        await page.getByText('notes.txt was uploaded.').waitFor();

        const config = await saved(flowId, component, all => lambdaOf(all, hook).file !== undefined && lambdaOf(all, hook).odd === 'beam', 'fields');
        const { file, ...others } = lambdaOf(config, hook);
        assert.deepEqual(others, {
            text: 'hello', textarea: 'a\nb', misspelt: 'short', number: 42, toggle: true, select: 1, box: 'large', several: ['red', 'blue'],
            when: '2026-02-03T04:05:00.000Z', day: '20260203', palette: 'red', buttons: 'italic', manyButtons: ['bold'], params: { size: 'XL' },
            lines: [{ name: 'Tea', price: 3.5 }], drive: 'drive-1', oneDrive: 'drive-2', json: '{"a": [1]}', odd: 'beam'
        });
        assert.equal((await owner.get(`/files/metadata/${file}`)).filename, 'notes.txt');
        assert.equal(config.transform.in[hook].out.type, 'json2new');
        await backoffice.check('inspector_every_input');
        await page.locator('[data-field="in/params"]').scrollIntoViewIfNeeded();
        await backoffice.picture('inspector_every_input_more');

        await page.reload();
        await page.getByLabel('Moment', { exact: true }).waitFor();
        assert.equal(await page.getByLabel('Moment', { exact: true }).inputValue(), '2026-02-03T04:05');
        assert.equal(await page.getByRole('combobox', { name: 'Select', exact: true }).inputValue(), 'One');
        assert.deepEqual(lambdaOf(await stored(flowId, component), hook), { ...others, file }, 'opening it again changed nothing');
        assert.equal(Object.keys(EVERY_INPUT).length - Object.keys(others).length, 3, 'rows and condition have a test of their own');
    });

    it('Rows of an expression: added, removed, joined by AND and OR, with conditions and exclusive values', async () => {
        const { flowId, hook, component } = await withHook('acme.forms.core.Every', { input: { text: 'x' } });
        await open(flowId, component);
        await page.getByRole('button', { name: 'Add to Rows' }).click();
        const first = page.getByRole('group', { name: 'Rows 1' });
        assert.equal(await first.getByRole('textbox', { name: 'Row value' }).count(), 0, 'its condition does not hold');
        await first.getByRole('combobox', { name: 'Key' }).click();
        await page.getByRole('option', { name: 'a', exact: true }).click();
        await first.getByRole('textbox', { name: 'Row value' }).fill('for a');
        await page.getByRole('button', { name: 'Add to Rows' }).click();
        await page.getByRole('group', { name: 'Rows 2' }).getByRole('combobox', { name: 'Key' }).click();
        await page.getByRole('option', { name: 'b', exact: true }).waitFor();
        assert.equal(await page.getByRole('option', { name: 'a', exact: true }).count(), 0, 'taken by the first row');
        await page.getByRole('option', { name: 'b', exact: true }).click();

        await page.getByRole('button', { name: 'Add to Condition' }).click();
        await page.getByRole('group', { name: 'Condition 1' }).getByRole('textbox', { name: 'Input' }).fill('1');
        await page.getByRole('button', { name: 'Condition: OR' }).click();
        await page.getByRole('group', { name: 'Condition 2' }).getByRole('textbox', { name: 'Input' }).fill('2');
        await page.getByRole('button', { name: 'Condition: AND' }).click();
        await page.getByRole('group', { name: 'Condition 3' }).getByRole('textbox', { name: 'Input' }).fill('3');
        await page.locator('[data-field="in/rows"]').scrollIntoViewIfNeeded();
        await backoffice.check('inspector_expression');
        const row = input => ({ negate: false, input });
        const { condition, rows } = lambdaOf(await saved(flowId, component, all => lambdaOf(all, hook).condition?.AND?.length === 2 && JSON.stringify(all).includes('"3"'), 'rows'), hook);
        assert.deepEqual(rows, { ADD: [{ key: 'a', value: 'for a' }, { key: 'b' }] });
        assert.deepEqual(condition, { AND: [{ OR: [row('1'), row('2')] }, { OR: [row('3')] }] });

        await page.getByRole('button', { name: 'Remove Condition 3' }).click();
        await page.getByRole('button', { name: 'Remove Rows 1' }).click();
        const less = lambdaOf(await saved(flowId, component, all => lambdaOf(all, hook).rows?.ADD?.length === 1, 'removal'), hook);
        assert.deepEqual(less.rows, { ADD: [{ key: 'b' }] });
        assert.deepEqual(less.condition, { AND: [{ OR: [row('1'), row('2')] }] });
    });

    it('Groups, order, defaults and conditions are those of the manifest; a schema alone makes fields too', async () => {
        const { flowId, component } = await withHook('acme.forms.core.Order');
        await open(flowId, component);
        const settings = page.getByRole('region', { name: 'Settings' });
        assert.equal(await settings.getByRole('combobox', { name: 'Kind' }).inputValue(), 'plain');
        assert.equal(await settings.getByRole('textbox', { name: 'Why special' }).count(), 0);
        await pick('Kind', 'special');
        await settings.getByRole('textbox', { name: 'Why special' }).fill('because');
        const more = settings.getByRole('button', { name: 'More settings' });
        if (await more.getAttribute('aria-expanded') === 'false') {  // open by itself once it is known that "Team" is missing
            await more.click();
        }
        await settings.getByRole('textbox', { name: 'Team' }).fill('red');
        await saved(flowId, component, ({ properties }) => properties?.team === 'red' && properties.kind === 'special' && properties.why === 'because', 'settings');

        const schema = await withHook('acme.forms.core.OnlySchema');
        await open(schema.flowId, schema.component);
        await textbox('Full name').fill('Ada');
        await pick('Size', 'M');
        await textbox('Count').fill('2');
        await page.getByRole('switch', { name: 'Urgent' }).focus();
        await page.keyboard.press('Space');
        const config = await saved(schema.flowId, schema.component, all => lambdaOf(all, schema.hook).urgent === true, 'fields of a schema');
        assert.deepEqual(lambdaOf(config, schema.hook), { name: 'Ada', size: 'M', count: 2, urgent: true });
    });

    it('A variable is picked, modified and tried out; the flow then runs and the value arrives', async () => {
        const { flow, hook, component } = await withHook('acme.forms.core.Every');
        const last = flow.add('patchbay.utils.http.Request', { from: component, input: { url: `${sink.url}/variables`, method: 'POST', body: `{{{$.${component}.out}}}` } });
        const flowId = await owner.createFlow({ name: 'Variables', flow: flow.descriptor });
        await open(flowId, component);
        await textbox('Text').fill('Dear ');
        await page.getByRole('button', { name: 'Insert a variable into Text' }).click();
        const picker = page.getByRole('dialog', { name: 'Insert a variable' });
        await picker.getByRole('button', { name: 'Order desk: Body' }).waitFor();
        await backoffice.checkWide('inspector_variable_picker');
        await picker.getByLabel('Search').fill('body');
        await picker.getByRole('button', { name: 'Order desk: Method' }).waitFor({ state: 'detached' });
        await picker.getByRole('button', { name: 'Order desk: Body' }).click();
        const chip = page.getByRole('button', { name: 'Variable Order desk › Body' });
        await chip.click();

        const dialog = page.getByRole('dialog', { name: 'Order desk › Body' });
        await dialog.getByLabel('Path in what it sends').fill('data.name');
        await dialog.getByRole('combobox', { name: 'Add a modifier' }).fill('upper case');
        await page.getByRole('option', { name: 'Upper case' }).click();
        await dialog.getByRole('combobox', { name: 'Add a modifier' }).fill('truncate');
        await page.getByRole('option', { name: 'Truncate' }).click();
        await dialog.getByRole('textbox', { name: 'Length' }).fill('6');
        await dialog.getByRole('button', { name: 'Move Truncate up' }).click();
        await dialog.getByLabel('A value that might come').fill('grace hopper');
        await dialog.getByRole('button', { name: 'Show the result' }).click();
        await dialog.getByText('GRA...').waitFor();
        await backoffice.checkWide('inspector_variable');
        await dialog.getByRole('button', { name: 'Apply' }).click();
        await page.getByRole('button', { name: 'Variable Order desk › data.name · Truncate · Upper case' }).waitFor();

        // Instead of a number's control; alone it keeps its type.
        await page.getByRole('button', { name: 'Use a variable for Number' }).click();
        await picker.getByRole('button', { name: 'Order desk: Body' }).click();
        await page.locator('[data-field="in/number"]').getByRole('button', { name: /^Variable/ }).click();
        await dialog.getByLabel('Path in what it sends').fill('data.n');
        await dialog.getByRole('button', { name: 'Apply' }).click();
        // In a row.
        await page.getByRole('button', { name: 'Add to Condition' }).click();
        await page.getByRole('button', { name: 'Insert a variable into Input' }).click();
        await picker.getByRole('button', { name: 'This flow: UUID' }).click();
        await page.getByRole('group', { name: 'Condition 1' }).getByRole('button', { name: 'Variable UUID' }).waitFor();
        await page.locator('[data-field="in/text"]').scrollIntoViewIfNeeded();
        await backoffice.check('inspector_chips');

        const config = await saved(flowId, component, all => JSON.stringify(lambdaOf(all, hook).condition ?? '').includes('{{{') && JSON.stringify(all).includes('data.n"'), 'variables');
        const { lambda, modifiers } = config.transform.in[hook].out;
        const [[textId, textEntry]] = Object.entries(modifiers.text);
        assert.equal(lambda.text, `Dear {{{${textId}}}}`);
        assert.deepEqual(textEntry, { variable: `$.${hook}.out.data.name`, functions: [{ name: 'g_truncate', params: [{ value: '6' }] }, { name: 'g_uppercase' }] });
        const [[numberId]] = Object.entries(modifiers.number);
        assert.equal(lambda.number, `{{{${numberId}}}}`);
        const [[rowId, rowEntry]] = Object.entries(modifiers.condition);
        assert.deepEqual(lambda.condition, { AND: [{ OR: [{ negate: false, input: `{{{${rowId}}}}` }] }] });
        assert.deepEqual(rowEntry, { functions: [{ name: 'g_uuid4' }] });

        await owner.startFlow(flowId);
        await server.client().call('POST', `/flows/${flowId}/components/${hook}`, { json: { name: 'grace hopper', n: 7 } });
        const { body } = await sink.one(({ url }) => url === '/variables', 'the message');
        assert.equal(body.text, 'Dear GRA...');
        assert.equal(body.number, 7);
        assert.match(body.condition.AND[0].OR[0].input, /^[0-9a-f-]{36}$/);
        assert.ok(last);
        await owner.stopFlow(flowId);
    });

    it('A variable is removed with its entry; what was not edited stays as it was', async () => {
        const { flowId, hook, component } = await withHook('acme.forms.core.Every', { input: { text: 'x', odd: 'kept' } });
        const document = await owner.get(`/flows/${flowId}`);
        const transform = document.flow[component].config.transform.in[hook].out;
        transform.lambda.text = 'A {{{one}}} B {{{two}}}';
        transform.modifiers = { text: { one: { variable: `$.${hook}.out.method`, functions: [] }, two: { functions: [{ name: 'g_now' }] }, spare: { functions: [] } }, gone: { left: {} } };
        await owner.put(`/flows/${flowId}`, { flow: document.flow });
        await open(flowId, component);
        await page.getByRole('button', { name: 'Variable Order desk › Method' }).click();
        await page.getByRole('button', { name: 'Remove the variable' }).click();
        const { lambda, modifiers } = (await saved(flowId, component, all => lambdaOf(all, hook).text !== transform.lambda.text, 'removal')).transform.in[hook].out;
        assert.deepEqual(lambda, { text: 'A  B {{{two}}}', odd: 'kept' });
        assert.deepEqual(modifiers, { text: { two: { functions: [{ name: 'g_now' }] }, spare: { functions: [] } }, gone: { left: {} } });
    });

    it('By keyboard alone: a variable is put in, opened and taken out again by Backspace', async () => {
        const { flowId, hook, component } = await withHook('acme.forms.core.Every', { input: { odd: 'x' } });
        await open(flowId, component);
        await textbox('Text').focus();
        await page.keyboard.type('Hi ');
        await page.keyboard.press('Tab');
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Insert a variable into Text');
        await page.keyboard.press('Enter');
        await page.getByRole('dialog').getByRole('button', { name: 'Order desk: Method' }).waitFor();
        await page.keyboard.type('method');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        const chip = page.getByRole('button', { name: 'Variable Order desk › Method' });
        await chip.waitFor();
        await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'textbox');
        await page.keyboard.type('!');
        await saved(flowId, component, all => /^Hi \{\{\{.*\}\}\}!$/.test(lambdaOf(all, hook).text), 'text around the variable');
        await page.keyboard.press('Shift+Tab');
        await chip.focus();
        await page.keyboard.press('Enter');
        await page.getByRole('dialog', { name: 'Order desk › Method' }).waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.waitForFunction(() => document.activeElement.dataset.variable !== undefined);
        await textbox('Text').focus();
        await page.keyboard.press('Control+End');
        await page.keyboard.press('Backspace');
        await page.keyboard.press('Backspace');
        await chip.waitFor({ state: 'detached' });
        const config = await saved(flowId, component, all => !String(lambdaOf(all, hook).text).includes('{{{'), 'text without it');
        assert.equal(lambdaOf(config, hook).text.trim(), 'Hi');
        assert.deepEqual(config.transform.in[hook].out.modifiers.text, {});
    });

    it('Each component that is connected has values of its own, on a tab', async () => {
        const flow = new FlowBuilder();
        const first = flow.add(HOOK, { label: 'First' });
        const second = flow.add(HOOK, { label: 'Second' });
        const component = flow.add('acme.forms.core.Order', { from: [{ id: first, input: { to: 'a' } }, { id: second, input: { to: 'b' } }] });
        const flowId = await owner.createFlow({ name: 'Two', flow: flow.descriptor });
        await open(flowId, component);
        await page.getByRole('tab', { name: 'First' }).waitFor();
        await textbox('To').waitFor();
        assert.equal(await textbox('To').textContent(), 'a');
        await page.getByRole('tab', { name: 'Second' }).click();
        await textbox('To').filter({ hasText: 'b' }).fill('c');
        await backoffice.check('inspector_tabs');
        const config = await saved(flowId, component, all => lambdaOf(all, second).to === 'c', 'value of the second');
        assert.equal(lambdaOf(config, first).to, 'a');
    });

    it('Choices and whole forms come from a component, by the values of other fields; a failure is said and tried again', async () => {
        const { flowId, component } = await withHook('acme.forms.core.Order', { input: { to: 'x' }, properties: { kind: 'plain' } });
        await open(flowId, component, '&field=properties/member');
        await page.getByText('Fill in Team first').waitFor();
        await textbox('Team').fill('nobody');
        await page.getByText('there is no team of this name').waitFor();
        await backoffice.check('inspector_source_failed');
        await page.getByRole('button', { name: 'Try again' }).click();
        await page.getByText('there is no team of this name').waitFor();
        await textbox('Team').fill('red');
        await page.getByText('there is no team of this name').waitFor({ state: 'detached' });
        await pick('Member', 'Bob of red');
        await saved(flowId, component, ({ properties }) => properties.member === 'Bob' && properties.team === 'red', 'choice');

        const asked = await withHook('acme.forms.core.Asked');
        await open(asked.flowId, asked.component);
        await textbox('For Ada').fill('tea');
        await saved(asked.flowId, asked.component, all => lambdaOf(all, asked.hook).Ada === 'tea', 'field that a component told');
    });

    it('S109 S107 A required field that is empty is marked, named and focused; filled in, the flow starts', async () => {
        const { flowId, component } = await withHook('acme.forms.core.Order', { input: { amount: 3 }, properties: { kind: 'plain', team: 'red' } });
        const refusal = await owner.call('POST', `/flows/${flowId}/coordinator`, { json: { command: 'start' } });
        assert.equal(refusal.status, 400);
        assert.match(refusal.text, /Input field \\"to\\" is required/, 'S107 the refusal names the field');
        await open(flowId, component, '&field=in/to');
        const to = textbox('To');
        await page.waitForFunction(() => document.activeElement?.closest('[data-field]')?.dataset.field === 'in/to');
        assert.equal(await to.getAttribute('aria-invalid'), 'true');
        assert.equal(await to.getAttribute('aria-required'), 'true');
        const described = (await to.getAttribute('aria-describedby')).split(' ');
        await page.locator(`#${described.at(-1)}`).filter({ hasText: 'Input field "to" is required.' }).waitFor();
        await backoffice.check('inspector_required');
        await to.fill('ada@example.test');
        await page.locator('[data-field="in/to"]').getByText('is required').waitFor({ state: 'detached' });
        assert.equal(await to.getAttribute('aria-invalid'), 'false');
        await saved(flowId, component, all => JSON.stringify(all).includes('ada@example.test'), 'recipient');
        await owner.startFlow(flowId);
        await owner.stopFlow(flowId);
    });

    it('S108 An account is made, refused when its key is wrong, given to the component, and reconnected', async () => {
        const { flowId, component } = await withHook('acme.keyed.core.Send', { input: { text: 'x' } });
        await open(flowId, component);
        const account = page.getByRole('region', { name: 'Account' });
        await account.getByText('This component needs an account.').waitFor();
        await account.getByRole('button', { name: 'Add an account' }).click();
        const dialog = page.getByRole('dialog', { name: 'Add an account of Keyed' });
        await dialog.getByLabel('Name', { exact: true }).fill('Mine');
        const key = dialog.getByLabel('Value 1', { exact: true }).or(dialog.getByLabel('API key', { exact: true }));
        await key.fill(`${sink.url}/wrong`);
        await dialog.getByRole('button', { name: 'Check and save' }).click();
        await dialog.getByText('Invalid credentials').waitFor();
        await backoffice.checkWide('inspector_account_form');
        await key.fill(`${sink.url}/right`);
        await dialog.getByRole('button', { name: 'Check and save' }).click();
        await dialog.waitFor({ state: 'detached' });
        await account.getByText('This component needs an account.').waitFor({ state: 'detached' });
        assert.equal(await account.getByRole('combobox', { name: 'Keyed account' }).inputValue(), 'Mine');
        assert.ok((await owner.get(`/accounts/flow/${flowId}`))[component]);
        await backoffice.check('inspector_account');

        goneKeys.add('/right');
        const [{ accountId }] = await owner.get('/accounts');
        await owner.post(`/accounts/${accountId}/test`, {});
        await page.reload();
        await account.getByRole('alert').getByText('Reconnect needed').waitFor();
        await backoffice.check('inspector_reconnect');
        await account.getByRole('button', { name: 'Reconnect account' }).click();
        const again = page.getByRole('dialog', { name: 'Reconnect Mine' });
        await again.getByLabel('Value 1', { exact: true }).or(again.getByLabel('API key', { exact: true })).fill(`${sink.url}/renewed`);
        await again.getByRole('button', { name: 'Check and save' }).click();
        await again.waitFor({ state: 'detached' });
        await account.getByText('Reconnect needed').waitFor({ state: 'detached' });
        assert.deepEqual((await owner.get('/accounts')).map(one => one.accountId), [accountId], 'the same account');
        await account.getByRole('button', { name: 'Use no account' }).click();
        await account.getByText('This component needs an account.').waitFor();
        assert.equal((await owner.get(`/accounts/flow/${flowId}`))[component], null);
    });

    it('Its dialogs fit a narrow screen, where it is a drawer', async () => {
        const every = await withHook('acme.forms.core.Every');
        const keyed = await withHook('acme.keyed.core.Send', { input: { text: 'x' } });
        const narrow = await Backoffice.open(server, { as: { username: owner.email, password: owner.password }, width: 320, height: 640 });
        const drawer = narrow.page.getByRole('dialog', { name: 'Details' });
        const details = async ({ flowId, component }) => {
            await narrow.goto(`/flows/${flowId}?component=${component}`);
            await narrow.page.getByRole('button', { name: 'Details', exact: true }).click();
            await drawer.waitFor();
        };
        await details(every);
        await drawer.getByRole('button', { name: 'Insert a variable into Text' }).click();
        const picker = narrow.page.getByRole('dialog', { name: 'Insert a variable' });
        await picker.getByRole('button', { name: 'Order desk: Body' }).waitFor();
        await narrow.check('inspector_narrow_picker');
        await picker.getByRole('button', { name: 'Order desk: Body' }).click();
        await drawer.getByRole('button', { name: 'Variable Order desk › Body' }).click();
        await narrow.page.getByRole('dialog', { name: 'Order desk › Body' }).getByRole('combobox', { name: 'Add a modifier' }).waitFor();
        await narrow.check('inspector_narrow_variable');
        await details(keyed);
        await drawer.getByRole('button', { name: 'Add an account' }).click();
        await narrow.page.getByRole('dialog', { name: 'Add an account of Keyed' }).getByLabel('Name', { exact: true }).waitFor();
        await narrow.check('inspector_narrow_account');
        await narrow.close();
    });

    it('While the flow runs, everything can be seen and nothing changed', async () => {
        const { flowId, component } = await withHook('acme.forms.core.Every', { input: { text: 'seen', toggle: true, rows: { ADD: [{ key: 'a', value: 'v' }] } } });
        await owner.startFlow(flowId);
        await open(flowId, component);
        await textbox('Text').waitFor();
        assert.equal(await textbox('Text').textContent(), 'seen');
        assert.equal(await textbox('Text').getAttribute('contenteditable'), 'false');
        assert.ok(await page.getByRole('switch', { name: 'Toggle' }).isDisabled());
        for (const name of [/^Insert a variable/, /^Add/, /^Remove/, /^Upload/]) {
            assert.equal(await page.locator('[data-field]').getByRole('button', { name }).count(), 0, String(name));
        }
        await backoffice.check('inspector_read_only');
        await owner.stopFlow(flowId);
    });
});

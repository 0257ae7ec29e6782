'use strict';

/** A connector with one input of each type, and one that fills forms of others. */

const { bundleZip } = require('../e2e/bundle_zip');

const source = (name, data = {}) => ({ url: `/component/acme/forms/core/${name}?outPort=out`, data });
const HANDS_ON = `'use strict';\nmodule.exports = { async receive(context) { await context.sendJson(context.messages.in.content, 'out'); } };\n`;

const EVERY_INPUT = {
    text: { type: 'text', label: 'Text', index: 1, tooltip: 'What it <b>says</b>.' },
    textarea: { type: 'textarea', label: 'Long text', index: 2 },
    misspelt: { type: 'textare', label: 'Misspelt', index: 3 },
    number: { type: 'number', label: 'Number', index: 4, min: 1, max: 100 },
    toggle: { type: 'toggle', label: 'Toggle', index: 5, tooltip: 'On or off.' },
    select: { type: 'select', label: 'Select', index: 6, options: [{ clearItem: true, content: 'None' }, { content: '<i>One</i>', value: 1 }, { label: 'Two', value: 'two' }] },
    box: { type: 'select-box', label: 'Select box', index: 7, options: ['small', 'large'] },
    several: { type: 'multiselect', label: 'Several', index: 8, options: ['red', 'green', 'blue'] },
    when: { type: 'date-time', label: 'Moment', index: 9 },
    day: { type: 'date-time', label: 'Day', index: 10, config: { enableTime: false, format: 'YYYYMMDD' } },
    palette: { type: 'color-palette', label: 'Palette', index: 11, options: [{ content: 'Green', value: 'green' }, { content: 'Red', value: 'red' }] },
    buttons: { type: 'select-button-group', label: 'Buttons', index: 12, options: [{ content: '<b>B</b>', value: 'bold' }, { content: '<i>I</i>', value: 'italic' }] },
    manyButtons: { type: 'select-button-group', label: 'Many buttons', index: 13, multi: true, options: [{ content: 'B', value: 'bold' }, { content: 'I', value: 'italic' }] },
    params: { type: 'key-value', label: 'Params', index: 14, addLabel: 'Add item' },
    lines: { type: 'list', label: 'Lines', index: 15, item: { type: 'object', properties: { name: { type: 'text', label: 'Name' }, price: { type: 'number', label: 'Price' } } } },
    rows: { type: 'expression', label: 'Rows', index: 16, levels: ['ADD'], exclusiveFields: ['key'], fields: {
        key: { type: 'select', label: 'Key', index: 1, options: ['a', 'b'] },
        value: { type: 'text', label: 'Row value', index: 2, when: { eq: { './key': 'a' } } }
    } },
    condition: { type: 'expression', label: 'Condition', index: 17, levels: ['AND', 'OR'], fields: { input: { type: 'text', label: 'Input', index: 1 }, negate: { type: 'toggle', label: 'Negate', index: 2, defaultValue: false } } },
    file: { type: 'filepicker', label: 'File', index: 18 },
    drive: { type: 'googlepicker', label: 'Drive file', index: 19, placeholder: 'Choose a file...' },
    oneDrive: { type: 'onedrivepicker', label: 'OneDrive file', index: 20 },
    json: { type: 'json', label: 'JSON', index: 21 },
    odd: { type: 'holographic', label: 'Odd', index: 22 }
};

const BUNDLE = {
    components: {
        Every: { code: HANDS_ON, manifest: { inPorts: [{ name: 'in', inspector: { inputs: EVERY_INPUT } }], outPorts: [{ name: 'out', options: [{ label: 'Text', value: 'text' }] }] } },
        Order: { code: HANDS_ON, manifest: {
            properties: {
                schema: { type: 'object', properties: { kind: { type: 'string' }, team: { type: 'string' } }, required: ['team'] },
                inspector: {
                    inputs: {
                        kind: { type: 'select', label: 'Kind', index: 1, options: ['plain', 'special'], defaultValue: 'plain' },
                        why: { type: 'text', label: 'Why special', index: 2, when: { eq: { './kind': 'special' } } },
                        team: { type: 'text', label: 'Team', index: 3, group: 'more' },
                        member: { type: 'select', label: 'Member', index: 4, group: 'more', source: source('List', { properties: { of: 'properties/team' }, transform: './List#toOptions' }) }
                    },
                    groups: { more: { label: 'More settings', index: 1, closed: true } }
                }
            },
            inPorts: [{ name: 'in', schema: { type: 'object', properties: { to: { type: 'string' }, amount: { type: 'number' } }, required: ['to'] }, inspector: { inputs: {
                to: { type: 'text', label: 'To', index: 1 }, amount: { type: 'number', label: 'Amount', index: 2 }, note: { type: 'textarea', label: 'Note', index: 3 }
            } } }],
            outPorts: [{ name: 'out', options: [{ label: 'Recipient', value: 'to' }, { label: 'Amount', value: 'amount', schema: { type: 'number' } }] }]
        } },
        OnlySchema: { code: HANDS_ON, manifest: { inPorts: [{ name: 'in', schema: { type: 'object', required: ['name'], properties: {
            name: { type: 'string', title: 'Full name' }, size: { type: 'string', enum: ['S', 'M'] }, count: { type: 'integer' }, urgent: { type: 'boolean' }, more: { type: 'object' }
        } } }] } },
        Asked: { code: HANDS_ON, manifest: { inPorts: [{ name: 'in', source: source('List', { properties: { of: 'team' }, transform: './List#toInspector' }) }] } },
        List: { manifest: { private: true }, code: `'use strict';
            module.exports = {
                async receive(context) {
                    const { of } = context.properties;
                    if (of === 'nobody') { throw new context.CancelError('there is no team of this name'); }
                    await context.sendJson(['Ada', 'Bob'].map(name => ({ name, of })), 'out');
                },
                toOptions: rows => rows.map(({ name, of }) => ({ label: name + ' of ' + of, value: name })),
                toInspector: rows => ({ inputs: Object.fromEntries(rows.map(({ name }, index) => [name, { type: 'text', label: 'For ' + name, index }])) })
            };` }
    }
};

/** A connector whose component needs an account. Its key is an address: good as long as that answers 200. */
const KEYED = {
    components: { Send: { code: HANDS_ON, manifest: { auth: { service: 'acme:keyed' }, inPorts: [{ name: 'in', inspector: { inputs: { text: { type: 'text', label: 'Text' } } } }] } } },
    extra: { 'acme/keyed/auth.js': `'use strict';
        module.exports = { type: 'apiKey', definition: {
            auth: { apiKey: { type: 'password', name: 'API key', tooltip: 'From your profile.' } },
            accountNameFromProfileInfo: 'apiKey',
            validate: async context => { await context.httpRequest({ url: context.apiKey }); return true; }
        } };` }
};

async function publishForms(client) {
    for (const [name, bundle] of [['acme.forms', BUNDLE], ['acme.keyed', KEYED]]) {
        const result = await client.publish(bundleZip(name, bundle));
        if (result.err) {
            throw new Error(`${name} was not published: ${result.err} ${JSON.stringify(result.data ?? '')}`);
        }
    }
}

module.exports = { EVERY_INPUT, publishForms };

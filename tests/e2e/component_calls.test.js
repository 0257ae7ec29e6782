'use strict';

/** What components ask of each other: static calls, fields of ports, signals, the way a message came (component-runtime §6, §7.4, §8.7, §8.9). */

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const FlowBuilder = require('./flow_builder');
const { Story } = require('./connector_story');

const code = body => `'use strict';\nmodule.exports = { ${body} };\n`;
const inPort = [{ name: 'in' }];
const outPorts = [{
    name: 'out',
    options: [{ label: 'All', value: 'all', schema: { type: 'array', items: { type: 'object', properties: { name: { type: 'string', title: 'Name' } } } } }]
}];

const COMPONENTS = {
    List: { manifest: { inPorts: inPort, outPorts }, code: code("async receive(context) { await context.sendJson([context.messages.in.content.of, context.properties.more, context.callerId], 'out'); }") + "module.exports.joined = list => list.join('-');\n" },
    Loop: { manifest: { inPorts: inPort, outPorts }, code: code("async receive(context) { await context.sendJson(await context.componentStaticCall('story.calls.core.Loop', 'out', {}), 'out'); }") },
    Ask: {
        manifest: { inPorts: inPort, outPorts },
        code: code(`async receive(context) {
            const list = await context.componentStaticCall('story.calls.core.List', 'out',
                { messages: { in: { of: 'a' } }, properties: { more: 'b' }, transform: './List#joined' });
            const [source] = Object.keys(context.flowDescriptor[context.componentId].source.in);
            await context.sendJson({
                list, deep: await context.componentStaticCall('story.calls.core.Loop', 'out', {}).catch(err => err.message),
                foreign: await context.componentStaticCall('story.none.core.X', 'out', {}).catch(err => err.message),
                fields: await context.loadOutputSchemaProperties(source), walk: context.scope._walkthrough,
                sum: await context.execOnWorker((left, right) => left + right, [1, 2]), me: context.componentId
            }, 'out');
        }`)
    },
    Signal: { manifest: { inPorts: inPort, outPorts }, code: code("async receive(context) { await context.sendSignal({ n: context.messages.in.content.n }); }") },
    Hear: { manifest: { inPorts: inPort, outPorts }, code: code("async signal(context) { await context.sendJson({ heard: context.signal.content.n }, 'out'); }, async receive() {}") }
};

describe('Calls between components', () => {

    let story;

    before(async () => {
        story = await Story.begin('calls');
        await story.offer({ name: 'story.calls', version: '1.0.0', components: COMPONENTS });
        await story.install('1.0.0', 'story.calls');
    });

    after(() => story?.end());

    const send = (flow, from, mark) => flow.add('patchbay.utils.http.Request', {
        from, input: { url: `${story.sink.url}/${mark}`, method: 'POST', body: `{{{$.${from}.out}}}` }
    });
    const sent = body => (typeof body === 'string' ? JSON.parse(body) : body);

    test('A component asks others, with its own account, and sees where its message came from', async () => {
        const flow = new FlowBuilder();
        const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
        const list = flow.add('story.calls.core.List', { from: hook, input: { of: 'x' } });
        const ask = flow.add('story.calls.core.Ask', { from: list, input: { any: '1' } });
        send(flow, ask, 'asked');
        const flowId = await story.admin.createFlow({ name: 'asks', flow: flow.descriptor });
        await story.admin.startFlow(flowId);
        await story.caller.call('POST', `/flows/${flowId}/components/${hook}`, { json: {} });
        const answer = sent((await story.arrived('asked', 1))[0]);
        assert.equal(answer.list, `a-b-${ask}`);
        assert.match(answer.deep, /4 deep at most/);
        assert.match(answer.foreign, /not installed/);
        assert.equal(answer.sum, 3);
        assert.deepEqual(answer.fields.out, [
            { path: 'out.all', label: 'All', type: 'array' }, { path: 'out.all.name', label: 'Name', type: 'string' }
        ]);
        assert.deepEqual(answer.walk, [
            { targetId: list, links: [{ sourceId: hook, sourceOut: 'out', targetIn: 'in' }] },
            { targetId: ask, links: [{ sourceId: list, sourceOut: 'out', targetIn: 'in' }] }
        ]);
    });

    test('A signal reaches every component of the flow that listens, and no other flow', async () => {
        const make = async mark => {
            const flow = new FlowBuilder();
            const hook = flow.add('patchbay.utils.http.Webhook', { properties: { immediateResponse: true } });
            flow.add('story.calls.core.Signal', { from: hook, input: { n: `{{{$.${hook}.out.data.n}}}` } });
            for (let i = 0; i < 2; ++i) {
                send(flow, flow.add('story.calls.core.Hear', { from: hook, input: { n: '0' } }), mark);
            }
            const flowId = await story.admin.createFlow({ name: mark, flow: flow.descriptor });
            await story.admin.startFlow(flowId);
            return () => story.caller.call('POST', `/flows/${flowId}/components/${hook}`, { json: { n: 5 } });
        };
        const other = await make('other');
        await (await make('heard'))();
        assert.deepEqual((await story.arrived('heard', 2)).map(body => String(sent(body).heard)), ['5', '5']);
        assert.equal(story.at('other').length, 0);
        await other();
        await story.arrived('other', 2);
        assert.equal(story.at('heard').length, 2);
    });
});

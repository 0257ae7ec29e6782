'use strict';

// What other components of the flow offer as variables:
//
//   loadOutputSchemaProperties(componentId) → { port: [{ path, label, type }] } of that component
//   loadVariables() → [{ variables, sourceComponentId, outPort, inPort }], one for each link into this component; `variables`
//                     as the API answers them, { static, dynamic: [{ componentId, port, label, value, schema }] }

const { methods } = require('./members');
const { callAppmixer } = require('./call_appmixer');

async function loadOutputSchemaProperties(call, componentId) {
    if (componentId === undefined || componentId === null || componentId === '') {
        throw new TypeError('loadOutputSchemaProperties needs the id of a component of this flow');
    }
    return await call.ask('outputSchema', { componentId: String(componentId) });
}

function variableLists(links) {
    const lists = [];
    for (const [inPort, sources] of Object.entries(links || {})) {
        for (const [sourceComponentId, ports] of Object.entries(sources)) {
            for (const [outPort, { variables }] of Object.entries(ports)) {
                lists.push({ variables, sourceComponentId, outPort, inPort });
            }
        }
    }
    return lists;
}

async function loadVariables(call) {
    const { flow, frame } = call;
    const answer = await callAppmixer(call, {
        endPoint: `/variables/${encodeURIComponent(flow.flowId)}/fetch`, method: 'POST',
        body: { flow: false, components: { IDs: [frame.componentId], links: true, properties: false } }
    });
    return variableLists(answer.components?.[frame.componentId]?.links);
}

module.exports = proto => methods(proto, { loadOutputSchemaProperties, loadVariables });

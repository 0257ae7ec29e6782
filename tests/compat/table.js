'use strict';

const line = (what, good, all) => `${what.padEnd(20)}${String(good).padStart(6)} of ${String(all).padStart(5)}`;

const indented = text => String(text ?? 'no reason was given').trim().split('\n').map(row => `    ${row}`).join('\n');

/** What was found, as text: four counts, then each failure with its reason. */
function tableOf({ bundles, components, plugins, flows }) {
    const rows = [
        line('bundles accepted', bundles.filter(({ accepted }) => accepted).length, bundles.length),
        line('components loaded', components.filter(({ loads }) => loads).length, components.length),
        plugins === null ? 'plugins up          the server has no plugins' : line('plugins up', plugins.filter(({ up }) => up).length, plugins.length),
        line('test flows passed', flows.filter(({ passed }) => passed).length, flows.length)
    ];
    const notes = bundles.filter(({ note }) => note).map(({ name, note }) => `note: ${name}: ${note}`);
    return [...rows, ...notes, ...failures({ bundles, components, plugins, flows })].join('\n');
}

function failures({ bundles, components, plugins, flows }) {
    const refused = bundles.filter(({ accepted }) => !accepted);
    const of = (heading, rows, name, reason) => rows.map(row => `\n${heading} ${row[name]}\n${indented(row[reason])}`);
    return [
        ...of('bundle', refused, 'name', 'error'),
        ...of('component', components.filter(({ loads, bundle }) => !loads && !refused.some(({ name }) => name === bundle)), 'type', 'error'),
        ...of('plugin', (plugins ?? []).filter(({ up }) => !up), 'plugin', 'error'),
        ...of('flow', flows.filter(({ passed }) => !passed), 'file', 'detail')
    ];
}

const isFlawless = ({ bundles, components, plugins, flows }) =>
    bundles.every(({ accepted }) => accepted) && components.every(({ loads }) => loads) &&
    (plugins ?? []).every(({ up }) => up) && flows.every(({ passed }) => passed);

module.exports = { tableOf, isFlawless };

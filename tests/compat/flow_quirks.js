'use strict';

/**
 * What test flows of the public collection need besides their components. By the end of the file's path:
 *
 *   files     made before, under the ids that the flow names
 *   stale     as shipped it cannot pass: `why`; `repair` makes of its text one that passes, and both are run
 */
const QUIRKS = {
    'utils/csv/test-flow-addrows.json': {
        files: ['73e96792-820b-4768-bc44-70e67dd9edbe', 'ebdaa787-5549-4a31-8643-f7a975af3e7c'].map(id => ({ id, name: 'seed.csv', text: 'a,b\n1,2\n' }))
    },
    'utils/controls/test-flow-condition.json': {
        stale: {
            why: 'names row fields "field" and "expected", which the component calls "input" and "value"',
            repair: text => text.replaceAll('"field"', '"input"').replaceAll('"expected"', '"value"')
        }
    }
};

module.exports = file => Object.entries(QUIRKS).find(([end]) => file.endsWith(end))?.[1] ?? {};

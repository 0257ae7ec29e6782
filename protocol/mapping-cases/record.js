'use strict';

// Fills in the value of golden cases that have neither `value` nor `absent`, and prints them to be
// checked by eye:
//     node protocol/mapping-cases/record.js

const { MapperProcess } = require('../../runtime-js/test/mapper/mapper_process.js');
const { caseFiles, readCases, writeCases } = require('../../runtime-js/test/mapper/mapping_cases.js');

async function record() {
    const mapper = new MapperProcess();
    await mapper.start();
    for (const file of caseFiles()) {
        const cases = readCases(file);
        for (const one of cases.filter(each => !('value' in each) && !each.absent)) {
            const reply = await mapper.map(one);
            if (reply.err) throw new Error(`${one.name}: ${reply.err.message}`);
            if ('value' in reply) one.value = reply.value;
            else one.absent = true;
            process.stdout.write(`${one.name}: ${JSON.stringify(reply)}\n`);
        }
        writeCases(file, cases);
    }
    await mapper.stop();
}

record();

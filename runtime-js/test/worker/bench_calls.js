'use strict';

// What one call of a trivial component costs on the Node side: CPU time of the worker process, per call.
// Run it by hand: node test/worker/bench_calls.js [calls] [in flight]. Nothing here is asserted.

const fs = require('node:fs');
const { FakeEngine } = require('./fake_engine');

const kTicksPerSecond = 100;
const calls = Number(process.argv[2]) || 100000;
const inFlight = Number(process.argv[3]) || 50;

const kMembers = {
    echo: { component: 'acme.probe.core.Echo', dir: 'acme/probe/core/Echo' },
    'echo through a schema': { component: 'acme.probe.core.Typed', dir: 'acme/probe/core/Typed', validate: true },
    'emit, then state': { component: 'acme.probe.core.Probe', dir: 'acme/probe/core/Probe', scenario: 'flushBeforeWrite' }
};

function cpuMicroseconds(pid) {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 1e6 / kTicksPerSecond;
}

function frameText(id, { scenario, ...members }) {
    return JSON.stringify({
        t: 'call', id, m: 'receive', flow: 'f1', componentId: 'c1', callId: 'c0ffee00-0000-4000-8000-00000000000' + (id % 10), attempt: 1,
        deadlineMs: 1380000, held: true, correlationId: 'c0ffee00-0000-4000-8000-000000000000', inPort: 'in', properties: {},
        auth: {}, config: {}, state: {},
        messages: { in: { content: { scenario, count: '7', text: 'hello', list: [1, 2], on: true } } }, ...members
    }) + '\n';
}

// Keeps `inFlight` calls open until `total` have ended; resolves then.
function drive(engine, members, total) {
    return new Promise(resolve => {
        let sent = 0;
        let ended = 0;
        let partial = '';
        const more = count => {
            let text = '';
            for (; count > 0 && sent < total; count--) {
                text += frameText(++sent, members);
            }
            engine.raw(text);
        };
        engine.channel.removeAllListeners('data');
        engine.channel.on('data', data => {
            const lines = (partial + data).split('\n');
            partial = lines.pop();
            let finished = 0;
            for (const line of lines) {
                if (line.startsWith('{"t":"done"')) {
                    finished += 1;
                } else if (line.startsWith('{"t":"host"')) {
                    const { id, q } = JSON.parse(line);
                    engine.raw(`{"t":"reply","id":${id},"q":${q},"ok":{}}\n`);
                } else if (line.startsWith('{"t":"fail"')) {
                    throw new Error(line);
                }
            }
            ended += finished;
            if (ended === total) {
                resolve();
            } else {
                more(finished);
            }
        });
        more(inFlight);
    });
}

async function main() {
    for (const [name, members] of Object.entries(kMembers)) {
        const engine = await FakeEngine.started();
        engine.send({ t: 'flow', key: 'f1', flow: { flowId: 'flow-1', userId: 'u', descriptor: {} } });
        await drive(engine, members, Math.min(calls, 20000));
        const before = cpuMicroseconds(engine.child.pid);
        const startedAt = performance.now();
        await drive(engine, members, calls);
        const cpu = (cpuMicroseconds(engine.child.pid) - before) / calls;
        const rate = calls / (performance.now() - startedAt) * 1000;
        process.stdout.write(`${name}: ${cpu.toFixed(1)} µs CPU per call, ${Math.round(rate)} calls/s\n`);
        await engine.stop();
    }
}

main();

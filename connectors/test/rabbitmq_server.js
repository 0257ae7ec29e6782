'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const freePort = require('./free_port');
const startServerProcess = require('./server_process');

// The script itself: the one in PATH is Debian's, for the node of the system service.
const PROGRAM = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** Why there can be no server here, or false. */
const missing = fs.existsSync(PROGRAM) ? false : 'RabbitMQ is not installed (Debian package rabbitmq-server)';

/** Text as Erlang writes a binary. */
const binary = text => `<<"${text.replace(/["\\]/g, '\\$&')}"/utf8>>`;

/**
 * A RabbitMQ node of our own on free loopback ports, with its data in a temporary folder and with an Erlang port mapper
 * that knows no other node, so that it meets neither the system's node nor that of another test.
 */
async function startServer(password) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'patchbay-rabbitmq-'));
    const inFolder = name => path.join(folder, name);
    const [port, distributionPort, mapperPort] = await freePorts(3);
    fs.writeFileSync(inFolder('rabbitmq.config'), `[{rabbit, [
        {tcp_listeners, [{"127.0.0.1", ${port}}]}, {num_tcp_acceptors, 2},
        {default_user, <<"tester">>}, {default_pass, ${binary(password)}}]}].\n`);
    fs.writeFileSync(inFolder('plugins'), '[].\n');
    const mapper = await startServerProcess('epmd', ['-d', '-port', String(mapperPort), '-address', '127.0.0.1'], { ready: /epmd running/, cwd: folder });
    let node;
    const stop = async () => {
        await node?.stop();
        await mapper.stop();
        fs.rmSync(folder, { recursive: true, force: true });
    };
    try {
        node = await startServerProcess(PROGRAM, [], {
            ready: /Server startup complete/,
            cwd: folder,
            env: {
                HOME: folder,
                RABBITMQ_NODENAME: 'patchbay-test@localhost',
                RABBITMQ_DIST_PORT: String(distributionPort),
                RABBITMQ_CONF_ENV_FILE: inFolder('no-settings-of-the-system'),
                RABBITMQ_CONFIG_FILE: inFolder('rabbitmq'),
                RABBITMQ_ENABLED_PLUGINS_FILE: inFolder('plugins'),
                RABBITMQ_MNESIA_BASE: inFolder('data'),
                RABBITMQ_LOG_BASE: inFolder('log'),
                RABBITMQ_PID_FILE: inFolder('pid'),
                RABBITMQ_LOGS: '-',
                // The script then becomes the node rather than its parent; there is no input for all that.
                RABBITMQ_ALLOW_INPUT: 'true',
                RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
                ERL_EPMD_PORT: String(mapperPort),
                ERL_EPMD_ADDRESS: '127.0.0.1'
            }
        });
    } catch (err) {
        await stop();
        throw err;
    }
    return { auth: { host: '127.0.0.1', port: String(port), vhost: '/', user: 'tester', password, tls: 'off' }, stop };
}

async function freePorts(count) {
    const ports = new Set();
    while (ports.size < count) {
        ports.add(await freePort());
    }
    return [...ports];
}

module.exports = { missing, startServer };

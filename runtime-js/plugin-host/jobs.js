'use strict';

// The cron jobs of one plugin (`context.scheduleJob`).
//
// Delivery: a run is left out while the run before it still goes on. What a job throws is logged; the next run comes anyway.
// Times are those of the server's time zone. They stop with the plugin.

const { Cron } = require('croner');

// Six fields, seconds first; five mean: at second 0.
const kMode = '5-or-6-parts';

class Jobs {

    constructor(plugin) {
        this._plugin = plugin;
        this._jobs = new Map();
    }

    // Of two jobs with one name the later counts.
    async schedule(name, pattern, run) {
        if (typeof run !== 'function') {
            throw new TypeError(`The job ${name} has no function to run`);
        }
        if (this._plugin.call.ended) {
            throw new Error(`The job ${name} came too late: the plugin has been stopped`);
        }
        let cron;
        try {
            cron = new Cron(String(pattern), { mode: kMode, paused: true });
        } catch (err) {
            throw new Error(`The schedule "${pattern}" of the job ${name} is not valid: ${err.message}`, { cause: err });
        }
        this._jobs.get(name)?.cron.stop();
        const job = { name, cron, run, isRunning: false };
        this._jobs.set(name, job);
        cron.schedule(() => this._run(job));
        cron.resume();
        this._plugin.changed();
    }

    // As `pluginUp` tells them.
    list() {
        return [...this._jobs.values()].map(({ name, cron }) => ({ name: String(name), cron: cron.getPattern() }));
    }

    stop() {
        for (const { cron } of this._jobs.values()) {
            cron.stop();
        }
        this._jobs.clear();
    }

    async _run(job) {
        if (job.isRunning) {
            this._plugin.call.log('debug', `The job ${job.name} still runs; this run is left out`);
            return;
        }
        job.isRunning = true;
        try {
            await job.run();
        } catch (err) {
            const failure = this._plugin.host.failure(err);
            this._plugin.call.log('error', `The job ${job.name} failed: ${failure.message}`, failure);
        } finally {
            job.isRunning = false;
        }
    }
}

module.exports = { Jobs };

'use strict';

/**
 * A repeating alarm: a chain of the engine's one-shot timers, each of which sets the next.
 * The state holds the time of the newest. An alarm with an earlier time is a leftover (a
 * repeated delivery, a second start) and ends there, so that a chain never splits in two.
 * The timer is set before the state, and may well go off before it: the chain never breaks.
 */

// Engines take 31 days at most; farther times are reached in steps.
const MAX_STEP_MS = 20 * 24 * 3600 * 1000;

/** Sets the timer for a time in ms since 1970, for what `context.setTimeout` hands back later. */
async function setAlarm(context, at, content = {}) {

    const delay = Math.max(0, at - Date.now());
    await context.setTimeout({ ...content, at }, Math.min(delay, MAX_STEP_MS));
}

/** Whether the time of the alarm has come; sets the timer for the next step if it has not. */
async function reached(context) {

    const content = context.messages.timeout.content;
    if (content.at - Date.now() > 1000) {
        await setAlarm(context, content.at, content);
        return false;
    }
    return true;
}

/** Sets the next timer of the chain and keeps what the call after that wants to know. */
async function setNext(context, at, memory = {}) {

    await setAlarm(context, at);
    await context.stateSet('alarm', { ...memory, at });
}

/** The time of the alarm that has just gone off, or null if there is nothing to do. */
async function due(context) {

    const { at } = context.messages.timeout.content;
    if (at < (context.state.alarm?.at ?? 0) || !await reached(context)) {
        return null;
    }
    return at;
}

module.exports = { due, reached, setAlarm, setNext };

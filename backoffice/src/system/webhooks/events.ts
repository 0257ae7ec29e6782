// The events that the server tells receivers of (docs/formats/system_webhooks.md). Each is a key of the configuration.

export interface SystemEvent {
  key: string;
  title: string;
  fires: string;
  /** Said while nobody is told of it. */
  unset: string;
  recommended?: boolean;
}

export const SYSTEM_EVENTS: SystemEvent[] = [
  {
    key: 'WEBHOOK_FLOW_STOPPED',
    title: 'Flow stopped',
    fires: 'The system stopped a flow: for a breaking update or a removal, a lost account, an error that stops it. It says which flow, why, and what its owner has to do. A person’s own stop is never sent.',
    unset: 'Nobody is told when an update stops flows. Set this before the first breaking update, so that owners hear of it.',
    recommended: true,
  },
  {
    key: 'WEBHOOK_FLOW_COMPONENT_ERROR',
    title: 'Component error',
    fires: 'An attempt of a component failed; retries, ticks and starts are told too.',
    unset: 'Errors are only in the flows’ logs.',
  },
  { key: 'WEBHOOK_USER_CREATED', title: 'User created', fires: 'A user was created.', unset: 'Nobody is told.' },
  {
    key: 'WEBHOOK_USER_FORGOT_PASSWORD',
    title: 'Forgotten password',
    fires: 'Somebody asked for a one-time code to set a new password. The receiver brings it to him.',
    unset: 'Codes for new passwords reach nobody.',
  },
];

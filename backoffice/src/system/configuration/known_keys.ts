// The keys that the server reads, and what each does (docs/formats, rest-api §18). Other keys may be set; it keeps them and
// does nothing with them. The server itself tells only what is set, so defaults stand here.

export type KeyKind = 'number' | 'flag' | 'text';

export interface KnownKey {
  key: string;
  kind: KeyKind;
  /** As it is shown; empty: nothing is set by itself. */
  standard: string;
  meaning: string;
  /** Of a number. */
  unit?: 'ms' | 'bytes' | 'days';
  /** Read at the start only. */
  restart?: boolean;
  /** Where it is edited with more comfort. */
  page?: string;
}

const number = (key: string, standard: number, meaning: string, unit?: KnownKey['unit']): KnownKey => ({ key, kind: 'number', standard: String(standard), meaning, unit });
const flag = (key: string, standard: boolean, meaning: string): KnownKey => ({ key, kind: 'flag', standard: String(standard), meaning });
const text = (key: string, standard: string, meaning: string): KnownKey => ({ key, kind: 'text', standard, meaning });
const receivers = (key: string, meaning: string): KnownKey => ({ ...text(key, '', `Addresses that are told when ${meaning}.`), page: '/system/webhooks' });

export const KNOWN_KEYS: KnownKey[] = [
  text('API_USER_CREATE_SCOPE', '', 'Scopes that may create users, separated by commas. Not set: everybody may register.'),
  text('APPMIXER_FE_URL', 'http://localhost:8080', 'Address of your front end, for links in mails.'),
  number('BULK_FLOWS_STOP_CONCURRENCY', 15, 'So many flows are stopped or started at a time by operations on many.'),
  number('COMPONENT_FACTORY_TIMEOUT', 300_000, 'How long a component may take to start or stop.', 'ms'),
  number('COMPONENT_RECEIVE_TIMEOUT', 1_380_000, 'How long a component may work on one message.', 'ms'),
  { ...text('CONNECTOR_CATALOGUE_URL', '', 'Folders that offer connectors to install.'), page: '/system/catalogue' },
  number('CONNECTOR_STOP_PATIENCE', 30_000, 'How long an operation waits for calls under way before it stops their flows.', 'ms'),
  text('DEFAULT_USER_VENDOR', '', 'Vendor of new users: whose connectors they may publish.'),
  number('DISK_RESERVE_BYTES', 134_217_728, 'With less disk left nothing new is taken.', 'bytes'),
  flag('FLOW_VALIDATE_BEFORE_START', false, 'Flows with invalid settings do not start.'),
  number('FLOW_VERSIONS_MAX', 50, 'Versions that are kept of each flow.'),
  number('LIMIT_CC_ARCHIVE_MAX_BYTES', 10_485_760, 'Largest connector zip that may be published.', 'bytes'),
  number('LIMIT_COMPONENT_STATIC_CALL_MAX_BYTES', 104_857_600, 'Largest call of a component outside of flows.', 'bytes'),
  number('LIMIT_FILE_UPLOAD_BYTES', 52_428_800, 'Largest file that may be uploaded.', 'bytes'),
  number('LIMIT_FLOW_UPDATE_BYTES', 2_097_152, 'Largest flow that may be saved.', 'bytes'),
  number('LIMIT_MESSAGE_MAX_BYTES', 15_728_640, 'Largest message.', 'bytes'),
  number('LIMIT_WEBHOOK_BYTES', 1_048_576, 'Largest call of a webhook.', 'bytes'),
  flag('LOG_COMPONENT_INPUT_MESSAGES', true, 'The log has a record of every message a component takes.'),
  flag('LOG_COMPONENT_OUTPUT_MESSAGES', true, 'The log has a record of every message a component sends.'),
  number('LOG_COMPONENT_MESSAGE_MAX_BYTES', 51_200, 'Longer texts are cut in the log.', 'bytes'),
  number('LOG_RETENTION_BYTES', 2_147_483_648, 'When the log holds more, its oldest records go.', 'bytes'),
  number('LOG_RETENTION_DAYS', 30, 'Older records of the log go.', 'days'),
  number('MESSAGE_TTL', 2_592_000_000, 'How long a message may wait; then it is unprocessed. 0: for ever.', 'ms'),
  text('METRICS_TOKEN', '', 'Who shows this token may read /metrics: 16 characters or more.'),
  flag('OUTBOUND_PRIVATE_ADDRESSES', true, 'The server may call addresses of the private network.'),
  number('PARKED_WEBHOOKS_LIMIT', 1000, 'Calls that are kept for a flow which an operation has stopped.'),
  flag('PUBLISH_CONFIRMS_BREAKING', false, 'Publishing a breaking version counts as its confirmation.'),
  { ...number('QUEUE_DEPTH_LIMIT', 200_000, 'So many messages may wait; then webhooks are refused. Half of it may wait in one flow.'), restart: true },
  text('RESET_PASSWORD_FE_URL_SUFFIX', 'reset-password', 'Page of your front end that sets a new password.'),
  number('RETRY_INIT_EXP', 10_000, 'Delay before the first retry of a message.', 'ms'),
  number('RETRY_FACTOR', 2, 'Each further delay is so many times longer.'),
  number('RETRY_MAX_EXP', 1_800_000, 'Longest delay between two tries.', 'ms'),
  number('RETRY_MAX_COUNT', 30, 'Retries of a message; then it is unprocessed.'),
  number('RETRY_PERIOD', 86_400_000, 'So long after its arrival a message is tried; then it is unprocessed.', 'ms'),
  number('TICK_PERIOD', 60_000, 'How often triggers poll, unless they say otherwise.', 'ms'),
  number('WEBHOOK_REQUEST_TIMEOUT', 10_000, 'How long a webhook’s caller waits for the flow’s answer.', 'ms'),
  receivers('WEBHOOK_FLOW_COMPONENT_ERROR', 'a component failed'),
  receivers('WEBHOOK_FLOW_STOPPED', 'the system stopped a flow'),
  receivers('WEBHOOK_USER_CREATED', 'a user was created'),
  receivers('WEBHOOK_USER_FORGOT_PASSWORD', 'somebody asked for a new password'),
  number('WEBHOOK_RETRY_COUNT', 20, 'Tries of a system webhook.'),
  number('WEBHOOK_RETRY_INTERVAL', 30_000, 'Delay before its second try.', 'ms'),
  number('WEBHOOK_RETRY_MAX', 1_800_000, 'Longest delay between two of its tries.', 'ms'),
];

export const knownKey = (key: string) => KNOWN_KEYS.find(known => known.key === key);

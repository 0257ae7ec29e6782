// What /health looks after. It tells only what is wrong; all else is well.

export const CHECKS: { codes: string[]; title: string; fine: string }[] = [
  { codes: ['ENGINE_BLOCKED'], title: 'Engine', fine: 'It answers.' },
  { codes: ['DISK_FULL', 'DISK_NEARLY_FULL'], title: 'Disk', fine: 'More than four times the reserve is left.' },
  { codes: ['STORE_FAILING', 'STORE_DAMAGED'], title: 'Database', fine: 'Its disk did all it was asked in the last ten minutes.' },
  { codes: ['QUEUE_FULL', 'FLOW_FULL'], title: 'Queue of messages', fine: 'It is below its limit.' },
  { codes: ['WORKER_QUARANTINED'], title: 'Connectors’ processes', fine: 'None keeps crashing.' },
  { codes: ['PLUGIN_FAILED'], title: 'Plugins of connectors', fine: 'All are up.' },
  { codes: ['LOG_DROPPING'], title: 'Flows’ logs', fine: 'Without gaps in the last ten minutes.' },
  { codes: ['SYSTEM_WEBHOOKS_FAILING', 'SYSTEM_WEBHOOKS_DROPPING'], title: 'System webhooks', fine: 'Their receivers answer.' },
];

export const KNOWN_CODES = new Set(CHECKS.flatMap(({ codes }) => codes));

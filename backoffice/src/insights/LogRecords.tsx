import { Anchor, Badge, Code, Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Time } from '../parts/Time';
import type { LogRecord } from './api';
import classes from './LogRecords.module.css';

export function LogRecords({ records }: { records: LogRecord[] }) {
  return (
    <ul className={classes.records} aria-label="Records">
      {records.map(record => (
        <Record key={record._id} record={record} />
      ))}
    </ul>
  );
}

function Record({ record }: { record: LogRecord }) {
  const [open, setOpen] = useState(false);
  const text = messageOf(record.msg);
  return (
    <li className={classes.record}>
      <UnstyledButton className={classes.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={classes.mark}>{open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}</span>
        <span className={classes.facts}>
          <Badge variant={record.severity === 'error' ? 'filled' : 'default'} color="red" size="sm" radius="sm" tt="none">
            {record.severity}
          </Badge>
          <Text size="sm" c="dimmed" span>
            <Time at={record.gridTimestamp} />
          </Text>
          <Text size="sm" fw={600} span className={classes.type}>
            {record.componentType ?? record.type}
            {record.portType !== undefined && record.portType !== null && ` · ${record.portType} ${record.port ?? ''}`}
          </Text>
        </span>
        <Text size="sm" ff="monospace" lineClamp={2} className={classes.text} span>
          {text}
        </Text>
      </UnstyledButton>
      {open && <Details record={record} />}
    </li>
  );
}

/** Where the record stands in the order of a search says nothing about it. */
const wholeOf = ({ sort: _, ...record }: LogRecord) => ({ ...record, msg: parsed(record.msg) });

function Details({ record }: { record: LogRecord }) {
  return (
    <div className={classes.details}>
      {record.flowId !== undefined && (
        <Group gap="md" mb="xs">
          <Anchor component={Link} to={`/flows/${record.flowId}`} size="sm" underline="always">
            Open the flow
          </Anchor>
          <Anchor component={Link} to={`/insights?flow=${record.flowId}`} size="sm" underline="always">
            Only this flow
          </Anchor>
        </Group>
      )}
      <Code block tabIndex={0} role="region" aria-label="The whole record" mah={400} style={{ overflow: 'auto' }}>
        {JSON.stringify(wholeOf(record), null, 2)}
      </Code>
    </div>
  );
}

function parsed(message: unknown): unknown {
  if (typeof message !== 'string') {
    return message;
  }
  try {
    return JSON.parse(message);
  } catch {
    return message;
  }
}

/** What a record says, in one line: an error's own words where it is one. */
function messageOf(message: unknown): string {
  const inner = parsed(message);
  if (typeof inner === 'object' && inner !== null && 'message' in inner && typeof inner.message === 'string') {
    return inner.message;
  }
  return typeof message === 'string' ? message : JSON.stringify(message ?? '');
}

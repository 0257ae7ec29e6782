// The newest records of one component; while the flow runs they come by themselves.
import { Badge, Code, Group, Spoiler, Text } from '@mantine/core';
import { Loaded } from '../../parts/States';
import { Time } from '../../parts/Time';
import { type LogRecord, useComponentLog } from '../api';
import classes from './Panel.module.css';

interface Props {
  flowId: string;
  componentId: string;
  live: boolean;
}

export function Logs({ flowId, componentId, live }: Props) {
  const query = useComponentLog(flowId, componentId, live);
  return (
    <Loaded query={query} what="the logs">
      {({ hits }) =>
        hits.length === 0 ? (
          <Text size="sm">{live ? 'No message has come here yet.' : 'There are no records. They are written while the flow runs.'}</Text>
        ) : (
          <ul className={classes.list} aria-label="Log records, newest first">
            {hits.map(record => (
              <Entry key={record._id} record={record} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

function Entry({ record }: { record: LogRecord }) {
  return (
    <li className={classes.item}>
      <Group gap="xs" justify="space-between">
        <Badge size="xs" variant="outline" color={record.severity === 'error' ? 'red' : 'gray'} tt="none">
          {kindOf(record)}
        </Badge>
        <Text size="xs" component="span">
          <Time at={record.gridTimestamp} />
        </Text>
      </Group>
      <Spoiler maxHeight={74} showLabel="Show all" hideLabel="Show less" mt={4} classNames={{ control: classes.more }}>
        <Code block className={classes.message}>
          {readable(record)}
        </Code>
      </Spoiler>
    </li>
  );
}

function kindOf({ severity, portType, port, type }: LogRecord): string {
  if (severity === 'error') {
    return 'Error';
  }
  return portType === undefined ? type : `${portType === 'in' ? 'Received at' : 'Sent from'} ${port}`;
}

/** Messages are JSON; of an error what it says comes first. */
function readable({ severity, msg }: LogRecord): string {
  try {
    const content = JSON.parse(msg) as { message?: unknown };
    const said = severity === 'error' && typeof content?.message === 'string' ? `${content.message}\n\n` : '';
    return said + JSON.stringify(content, null, 2);
  } catch {
    return msg;
  }
}

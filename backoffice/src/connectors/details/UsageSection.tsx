// Which flows use the connector.
import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Empty, Loaded } from '../../parts/States';
import { type ConnectorDetails, type FlowUsage, useFlowUsage } from '../api';
import { PersonName } from '../../parts/PersonName';
import { ScrollingTable } from './ScrollingTable';

const SHOWN = 50;

export default function UsageSection({ connector: { name, usage } }: { connector: ConnectorDetails }) {
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Usage
      </Title>
      <Group gap="lg">
        <Text>
          <strong>{usage.flowsRunning}</strong> running, <strong>{usage.flowsStopped}</strong> stopped, of <strong>{usage.users}</strong>{' '}
          {usage.users === 1 ? 'person' : 'people'}
        </Text>
        <Anchor component={Link} to={`/flows?connector=${encodeURIComponent(name)}`} underline="always">
          All flows that use it
        </Anchor>
      </Group>
      <Loaded query={useFlowUsage(name)} what="the flows">
        {flows => <Flows name={name} flows={flows.filter(({ componentTypes }) => componentTypes.some(type => type.startsWith(`${name}.`)))} />}
      </Loaded>
    </Stack>
  );
}

function Flows({ name, flows }: { name: string; flows: FlowUsage[] }) {
  if (flows.length === 0) {
    return <Empty title="No flow uses it" text="It can be updated or removed without anything stopping." />;
  }
  return (
    <>
      <ScrollingTable label="Flows that use it" columns={['Flow', 'Owner', 'Stage', 'Components']}>
        {flows.slice(0, SHOWN).map(({ flowId, flowName, userId, value2, componentTypes }) => (
          <Table.Tr key={flowId}>
            <Table.Td>
              <Anchor component={Link} to={`/flows/${flowId}`} underline="always">
                {flowName || flowId}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <PersonName id={userId} />
            </Table.Td>
            <Table.Td>{value2}</Table.Td>
            <Table.Td>
              {componentTypes
                .filter(type => type.startsWith(`${name}.`))
                .map(type => type.slice(name.length + 1))
                .join(', ')}
            </Table.Td>
          </Table.Tr>
        ))}
      </ScrollingTable>
      {flows.length > SHOWN && (
        <Text size="sm">
          The first {SHOWN} of {flows.length}.
        </Text>
      )}
    </>
  );
}

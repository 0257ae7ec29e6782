// Health: each check, the server's main numbers, its versions and its disk reserve.
import { Alert, Anchor, Badge, Card, Group, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Page } from '../parts/Page';
import { Loaded } from '../parts/States';
import { useConfiguration } from './configuration/api';
import { knownKey } from './configuration/known_keys';
import { readable, shown } from './configuration/values';
import { type Health, useHealth, useMetrics, useVersion } from './health/api';
import { CHECKS, KNOWN_CODES } from './health/checks';
import type { Metric } from './health/metrics';

const STATUS: Record<Health['status'], { title: string; color: string; icon: typeof IconCircleCheck }> = {
  ok: { title: 'All is well', color: 'green', icon: IconCircleCheck },
  degraded: { title: 'It works, but something needs looking after', color: 'yellow', icon: IconAlertTriangle },
  failing: { title: 'It does not take new work', color: 'red', icon: IconCircleX },
};
const RESERVE = 'DISK_RESERVE_BYTES';

export default function HealthPage() {
  return (
    <Page title="Health" about="Checked again every ten seconds.">
      <Loaded query={useHealth()} what="the server’s health">
        {health => <Checks health={health} />}
      </Loaded>
      <Facts />
      <Title order={2} size="h4">
        Numbers
      </Title>
      <Loaded query={useMetrics()} what="the server’s numbers">
        {metrics => <Numbers metrics={metrics} />}
      </Loaded>
    </Page>
  );
}

function Checks({ health }: { health: Health }) {
  const { title, color, icon: Icon } = STATUS[health.status];
  const others = health.problems.filter(({ code }) => !KNOWN_CODES.has(code));
  return (
    <Stack>
      <Alert color={color} icon={<Icon aria-hidden />} title={title} role="status" />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {CHECKS.map(({ codes, title: name, fine }) => (
          <Check key={name} name={name} fine={fine} problems={health.problems.filter(({ code }) => codes.includes(code))} />
        ))}
        {others.map(problem => (
          <Check key={problem.code} name={problem.code} fine="" problems={[problem]} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Check({ name, fine, problems }: { name: string; fine: string; problems: Health['problems'] }) {
  return (
    <Card withBorder component="li" padding="sm">
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text fw={600}>{name}</Text>
        <Badge variant={problems.length === 0 ? 'default' : 'filled'} color="red" tt="none">
          {problems.length === 0 ? 'OK' : 'Problem'}
        </Badge>
      </Group>
      {problems.length === 0 ? (
        <Text size="sm" c="dimmed">
          {fine}
        </Text>
      ) : (
        problems.map(({ code, message }) => (
          <Text key={code} size="sm">
            {message} ({code})
          </Text>
        ))
      )}
    </Card>
  );
}

function Facts() {
  const version = useVersion();
  const configuration = useConfiguration();
  const stored = configuration.data?.find(({ key }) => key === RESERVE)?.value;
  const reserve = stored === undefined ? knownKey(RESERVE)!.standard : shown(stored);
  return (
    <Card withBorder>
      <Group gap="xl">
        <Fact name="Patchbay" value={version.data?.patchbay ?? '…'} />
        <Fact name="Engine version (for connectors)" value={version.data?.version ?? '…'} />
        <Fact name="Disk reserve" value={readable(reserve, 'bytes') || reserve}>
          <Anchor component={Link} to={`/system/configuration?show=all&q=${RESERVE}`} size="sm" underline="always">
            Change
          </Anchor>
        </Fact>
      </Group>
    </Card>
  );
}

function Fact({ name, value, children }: { name: string; value: string; children?: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Group gap="xs">
        <Text fw={600} dir="ltr">
          {value}
        </Text>
        {children}
      </Group>
    </div>
  );
}

function Numbers({ metrics }: { metrics: Metric[] }) {
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'The server’s numbers' } }}>
      <Table verticalSpacing={6} striped>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th ta="right" w={220}>
              Now
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {metrics.map(metric => (
            <Table.Tr key={metric.name}>
              <Table.Td>
                <Text size="sm">{metric.help || metric.name}</Text>
                <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {metric.name}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Samples metric={metric} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Of many only those that are not 0. */
function Samples({ metric: { name, samples } }: { metric: Metric }) {
  const told = samples.length === 1 ? samples : samples.filter(({ value }) => value !== 0);
  if (told.length === 0) {
    return <>{samples.length === 0 ? '–' : '0'}</>;
  }
  return told.map(({ label, value }) => (
    <Text key={label} size="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {label !== '' && <span>{label}: </span>}
      {spoken(name, value)}
    </Text>
  ));
}

const spoken = (name: string, value: number) =>
  name.endsWith('_bytes') ? readable(String(value), 'bytes') || '0' : value.toLocaleString('en', { maximumFractionDigits: 4 });

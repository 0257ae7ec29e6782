// The flows that use a connector and what a plan does to each: the worst change in the row, all of them below it.
import { ActionIcon, Anchor, Badge, Button, Group, List, Stack, Table, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { SpokenHead, TableHead } from '../parts/TableHead';
import { planAsCsv, planAsJson } from './plan_export';
import { saveFile } from '../parts/save_file';
import { VERDICTS, type FlowChange, type FlowImpact, type Plan } from './types';
import { ACTION_NAMES, count, nameOfType, VERDICT_COLORS, VERDICT_NAMES } from './words';

// What confirms stands below the table: few rows at first.
const FIRST = 20;
const MORE = 100;

export function ImpactTable({ plan, flows }: { plan: Plan; flows: FlowImpact[] }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <Stack align="flex-start" gap="xs">
      <Group justify="space-between" w="100%">
        <Text>{count(flows.length, 'flow')}</Text>
        <Export plan={plan} flows={flows} />
      </Group>
      <Table.ScrollContainer type="native" minWidth={1000} w="100%" tabIndex={0} role="region" aria-label="Flows that use it">
        <Table verticalSpacing="xs">
          <TableHead columns={[<SpokenHead>More</SpokenHead>, 'Flow', 'Owner', 'Type', 'Running', 'Verdict', 'Component', 'Field', 'Change', 'Action']} />
          <Table.Tbody>
            {flows.slice(0, shown).map(flow => (
              <FlowRow key={flow.flowId} flow={flow} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {flows.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + MORE)}>
          Show more
        </Button>
      )}
    </Stack>
  );
}

function Export({ plan, flows }: { plan: Plan; flows: FlowImpact[] }) {
  const name = `${plan.name}-${plan.from ?? 'none'}-to-${plan.to ?? 'none'}`;
  return (
    <Group gap="xs">
      <Button size="xs" variant="default" onClick={() => saveFile(`${name}.csv`, planAsCsv(flows))}>
        Export as CSV
      </Button>
      <Button size="xs" variant="default" onClick={() => saveFile(`${name}.json`, planAsJson(plan, flows))}>
        Export as JSON
      </Button>
    </Group>
  );
}

const worstOf = ({ changes }: FlowImpact): FlowChange | undefined =>
  changes.toSorted((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict))[0];

function FlowRow({ flow }: { flow: FlowImpact }) {
  const [opened, setOpened] = useState(false);
  const worst = worstOf(flow);
  return (
    <>
      <Table.Tr>
        <Table.Td>
          {flow.changes.length > 0 && (
            <ActionIcon
              variant="subtle"
              aria-expanded={opened}
              aria-label={`${opened ? 'Hide' : 'Show'} all changes in ${flow.name}`}
              onClick={() => setOpened(!opened)}
            >
              {opened ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
            </ActionIcon>
          )}
        </Table.Td>
        <Table.Td>
          <Anchor component={Link} to={`/flows/${encodeURIComponent(flow.flowId)}`}>
            {flow.name === '' ? flow.flowId : flow.name}
          </Anchor>
        </Table.Td>
        <Table.Td>{flow.email ?? flow.userId}</Table.Td>
        <Table.Td>{nameOfType(flow.type)}</Table.Td>
        <Table.Td>{flow.stage === 'running' ? 'Yes' : 'No'}</Table.Td>
        <Table.Td>
          <Badge variant="light" color={VERDICT_COLORS[flow.verdict]} miw="max-content">
            {VERDICT_NAMES[flow.verdict]}
          </Badge>
          {flow.sideBySide && <Text size="xs">keeps its version</Text>}
        </Table.Td>
        <Table.Td>{worst === undefined ? '–' : shortName(worst.component)}</Table.Td>
        <Table.Td>{worst?.field ?? '–'}</Table.Td>
        <Table.Td>
          {worst?.message ?? 'None'}
          {flow.changes.length > 1 && <Text size="xs">and {flow.changes.length - 1} more</Text>}
        </Table.Td>
        <Table.Td>{worst === undefined ? '–' : ACTION_NAMES[worst.action]}</Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr>
          <Table.Td />
          <Table.Td colSpan={9}>
            <AllChanges changes={flow.changes} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function AllChanges({ changes }: { changes: FlowChange[] }) {
  return (
    <List size="sm">
      {changes.map(({ componentId, component, kind, where, message, action }) => (
        <List.Item key={`${componentId} ${kind} ${where}`}>
          <b>{component}</b> {where !== '' && <>at {where}</>}: {message} {ACTION_NAMES[action]}. ({componentId})
        </List.Item>
      ))}
    </List>
  );
}

/** "acme.mail.core.Send" → "Send" */
const shortName = (component: string) => component.slice(component.lastIndexOf('.') + 1);

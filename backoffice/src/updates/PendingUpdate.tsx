import { Anchor, Badge, Button, Checkbox, Group, Table, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Connector } from '../connectors/api';
import { textOf } from '../parts/States';
import { connectorAddress, reviewAddress } from './begin';
import { OperationProgress } from './OperationProgress';
import { isSafe as isSafePlan, runningOf } from './stopping';
import { VERDICTS, type Operation, type Plan } from './types';
import { UpdateButton } from './UpdateButton';
import { VERDICT_COLORS, VERDICT_NAMES, versionStep } from './words';

interface Props {
  connector: Connector;
  plan: UseQueryResult<Plan>;
  isSafe: boolean;
  isChosen: boolean;
  toggle: () => void;
  begun: (operation: Operation) => void;
}

export function PendingUpdate({ connector, plan, isSafe, isChosen, toggle, begun }: Props) {
  const { name, label, installedVersion, availableVersion, operation } = connector;
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox aria-label={`Select ${label}`} disabled={!isSafe} checked={isSafe && isChosen} onChange={toggle} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} to={connectorAddress(name)}>
          {label}
        </Anchor>
        <Text size="sm" dir="ltr">
          {versionStep(installedVersion, availableVersion)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Risk connector={connector} plan={plan} />
      </Table.Td>
      <Table.Td>{plan.data === undefined ? '–' : usage(plan.data)}</Table.Td>
      <Table.Td>
        {operation !== null ? <OperationProgress ticket={operation} /> : <Act connector={connector} plan={plan.data} begun={begun} />}
      </Table.Td>
    </Table.Tr>
  );
}

function usage(plan: Plan): string {
  const running = runningOf(plan).length;
  return plan.flows.length === 0 ? 'None' : `${running} running, ${plan.flows.length - running} stopped`;
}

function Risk({ connector, plan }: Pick<Props, 'connector' | 'plan'>) {
  if (plan.data === undefined) {
    return <Text size="sm">{plan.isError ? `Could not be worked out: ${textOf(plan.error)}` : 'Working it out …'}</Text>;
  }
  const hit = VERDICTS.filter(verdict => verdict !== 'safe' && plan.data.counts.verdicts[verdict] > 0);
  return (
    <Group gap={4}>
      {connector.breaking && (
        <Badge variant="light" color="red">
          Declared breaking
        </Badge>
      )}
      {isSafePlan(plan.data) && (
        <Badge variant="light" color="green">
          Safe
        </Badge>
      )}
      {hit.map(verdict => (
        <Badge key={verdict} variant="light" color={VERDICT_COLORS[verdict]}>
          {plan.data.counts.verdicts[verdict]} {VERDICT_NAMES[verdict]}
        </Badge>
      ))}
    </Group>
  );
}

function Act({ connector, plan, begun }: { connector: Connector; plan: Plan | undefined; begun: Props['begun'] }) {
  return plan?.requiresConfirmation ? (
    <Button component={Link} to={reviewAddress(connector.name, plan.to)} size="xs" variant="default" aria-label={`Review ${connector.label}`}>
      Review
    </Button>
  ) : (
    <UpdateButton connector={connector} begun={begun} compact />
  );
}

// How the last operation on a connector ended, beside what can be done with it next.
import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useOperation } from './api';
import { connectorAddress, operationAddress } from './begin';
import type { Operation } from './types';
import { titleOf } from './words';

/** Where the page of a connector tells who may use it. */
const ACCESS_SECTION = '?section=access';

export function OperationOutcome({ ticket, label }: { ticket: string; label: string }) {
  const { data } = useOperation(ticket);
  if (data === undefined || data.status === 'in-progress') {
    return null;
  }
  if (data.status === 'failed') {
    return (
      <Alert role="alert" color="red" title={`${titleOf(data, label)} failed`} maw={520}>
        <Text size="sm">{data.err}</Text>
        <Details operation={data} />
      </Alert>
    );
  }
  const ended = data.status === 'completed' ? 'is done' : 'was cancelled: nothing was changed';
  return (
    <Alert role="status" color={data.status === 'completed' ? 'green' : 'gray'} title={`${titleOf(data, label)} ${ended}`} maw={520}>
      {data.action === 'install' && data.status === 'completed' && <WhoMayUseIt name={data.name ?? ''} />}
      <Details operation={data} />
    </Alert>
  );
}

/** Installing adds no rules by itself (rest-api §29.3). */
export function WhoMayUseIt({ name }: { name: string }) {
  return (
    <Text size="sm">
      Rules that are there already decide who may use it.{' '}
      <Anchor component={Link} to={connectorAddress(name, ACCESS_SECTION)} size="sm" c="inherit" underline="always">
        See its access control
      </Anchor>
    </Text>
  );
}

function Details({ operation }: { operation: Operation }) {
  return (
    <Anchor component={Link} to={operationAddress(operation.ticket)} size="sm" c="inherit" underline="always">
      Details of the operation
    </Anchor>
  );
}

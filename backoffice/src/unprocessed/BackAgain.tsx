// Messages that failed because a connector was not there, when it is there again: the way to put all of them back.
import { Alert, Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { connectorOf, useInstalledConnectors } from '../flows/connectors';
import { notDone } from '../parts/notify';
import { beginBulk, fetchMatchingIds, REFRESH_MS, type UnprocessedRow } from './api';
import { ANY } from './choices';
import { CONNECTOR_MISSING, failureOf } from './failure';

interface Props {
  newest: UnprocessedRow[];
  flow: string;
  begun: (ticket: string) => void;
}

export function BackAgain({ newest, flow, begun }: Props) {
  const missed = newest.filter(({ err }) => failureOf(err).code === CONNECTOR_MISSING);
  const { data: installed = {} } = useInstalledConnectors(missed.length > 0 && REFRESH_MS);
  const counts = new Map<string, number>();
  for (const { componentType } of missed) {
    const connector = connectorOf(componentType, installed);
    if (connector in installed) {
      counts.set(connector, (counts.get(connector) ?? 0) + 1);
    }
  }
  const replay = useMutation({
    mutationFn: async (connector: string) => beginBulk('retry', await fetchMatchingIds({ ...ANY, connector, error: CONNECTOR_MISSING, flow })),
    onSuccess: ({ ticket }) => begun(ticket),
    onError: error => notDone('Nothing was put back.', error),
  });
  return [...counts].map(([connector, count]) => {
    const label = installed[connector]?.label ?? connector;
    return (
      <Alert key={connector} role="status" color="blue" icon={<IconPlugConnected aria-hidden />} title={`${label} is back`}>
        <Button size="xs" loading={replay.isPending && replay.variables === connector} disabled={replay.isPending} onClick={() => replay.mutate(connector)}>
          {label} is back: replay {count}
        </Button>
      </Alert>
    );
  });
}

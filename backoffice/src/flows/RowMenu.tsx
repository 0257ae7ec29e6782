// What can be done with one flow of the list.
import { ActionIcon, Loader, Menu, Text } from '@mantine/core';
import { IconCopy, IconDotsVertical, IconHistory, IconMailExclamation, IconPlayerPlay, IconPlayerStop, IconRoute, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { useIsAdmin, useSession } from '../api/session';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done, notDone } from '../parts/notify';
import { cloneFlow, deleteFlow, type FlowRow, startFlow, stopFlow } from './api';

const ICON = 16;

export function RowMenu({ row }: { row: FlowRow }) {
  const [deleting, setDeleting] = useState(false);
  const rights = useRights(row);
  const act = useAct();
  const runs = row.stage === 'running' || row.stage === 'starting';
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Menu of ${row.name}`} disabled={act.isPending}>
            {act.isPending ? <Loader size="xs" aria-hidden /> : <IconDotsVertical size={ICON} aria-hidden />}
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/flows/${row.flowId}`} aria-label="Flows: open in Designer" leftSection={<IconRoute size={ICON} aria-hidden />}>
            Flows
          </Menu.Item>
          {runs && rights.stop && (
            <Menu.Item
              leftSection={<IconPlayerStop size={ICON} aria-hidden />}
              onClick={() => act.mutate({ what: `“${row.name}” was not stopped.`, said: `“${row.name}” is stopped.`, run: () => stopFlow(row.flowId) })}
            >
              Stop
            </Menu.Item>
          )}
          {!runs && rights.start && (
            <Menu.Item
              leftSection={<IconPlayerPlay size={ICON} aria-hidden />}
              onClick={() => act.mutate({ what: `“${row.name}” was not started.`, said: `“${row.name}” runs.`, run: () => startFlow(row.flowId) })}
            >
              Start
            </Menu.Item>
          )}
          {rights.write && (
            <Menu.Item component={Link} to={`/flows/${row.flowId}/versions`} leftSection={<IconHistory size={ICON} aria-hidden />}>
              Versions
            </Menu.Item>
          )}
          <Menu.Item component={Link} to={`/unprocessed?flow=${row.flowId}`} leftSection={<IconMailExclamation size={ICON} aria-hidden />}>
            Unprocessed messages
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={ICON} aria-hidden />}
            onClick={() => act.mutate({ what: `“${row.name}” was not copied.`, said: `“Copy of ${row.name}” was made, stopped.`, run: () => cloneFlow(row.flowId) })}
          >
            Clone
          </Menu.Item>
          {rights.write && (
            <Menu.Item color="red.9" leftSection={<IconTrash size={ICON} aria-hidden />} onClick={() => setDeleting(true)}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <DeleteFlow row={row} runs={runs} opened={deleting} close={() => setDeleting(false)} />
    </>
  );
}

interface Act {
  what: string;
  said: string;
  run: () => Promise<unknown>;
}

function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ run }: Act) => run(),
    onSuccess: (_, { said }) => done(said),
    onError: (error, { what }) => notDone(what, error),
    onSettled: () => client.invalidateQueries({ queryKey: ['flows'] }),
  });
}

/** What the server would allow: the owner and administrators all, others what the flow is shared for. */
function useRights({ userId, sharedWith = [] }: FlowRow) {
  const admin = useIsAdmin();
  const write = useSession().session?.id === userId || admin;
  const shared = (permission: string) => sharedWith.some(({ permissions }) => permissions.includes(permission));
  return { write, start: write || shared('start'), stop: write || shared('stop') };
}

function DeleteFlow({ row, runs, opened, close }: { row: FlowRow; runs: boolean; opened: boolean; close: () => void }) {
  const client = useQueryClient();
  return (
    <ConfirmDialog
      opened={opened}
      title={`Delete “${row.name}”?`}
      verb={runs ? 'Stop and delete' : 'Delete'}
      close={close}
      confirm={async () => {
        await deleteFlow(row.flowId);
        done(`“${row.name}” was deleted.`);
        await client.invalidateQueries({ queryKey: ['flows'] });
      }}
    >
      <Text>
        {runs ? 'The flow is running. It is stopped and' : 'The flow is'} deleted with its kept versions and what it remembers. This cannot be taken
        back.
      </Text>
    </ConfirmDialog>
  );
}

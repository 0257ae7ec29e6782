// Retry, export and deletion of the messages that are chosen in the list.
import { Button, Text } from '@mantine/core';
import { IconDownload, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { notDone } from '../parts/notify';
import type { Selection } from '../parts/selection';
import { SelectionBar } from '../parts/SelectionBar';
import { beginBulk } from './api';
import { exportMessages } from './export';

export function BulkActions({ selection, begun }: { selection: Selection; begun: (ticket: string) => void }) {
  const [deleting, setDeleting] = useState(false);
  const messages = selection.count === 1 ? '1 message' : `${selection.count} messages`;
  const retry = useMutation({
    mutationFn: async () => beginBulk('retry', await selection.ids()),
    onSuccess: ({ ticket }) => begun(ticket),
    onError: error => notDone('Nothing was put back.', error),
  });
  const save = useMutation({
    mutationFn: async () => exportMessages(await selection.ids()),
    onError: error => notDone('Nothing was exported.', error),
  });
  return (
    <SelectionBar selection={selection} one="message" many="messages" hint="Select messages to retry, export or delete them.">
      <Button size="xs" loading={retry.isPending} leftSection={<IconRefresh size={14} aria-hidden />} onClick={() => retry.mutate()}>
        Retry {messages}
      </Button>
      <Button size="xs" variant="default" loading={save.isPending} leftSection={<IconDownload size={14} aria-hidden />} onClick={() => save.mutate()}>
        Export JSON
      </Button>
      <Button size="xs" variant="default" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <ConfirmDialog
        opened={deleting}
        title={`Delete ${messages}?`}
        verb={`Delete ${messages}`}
        close={() => setDeleting(false)}
        confirm={async () => begun((await beginBulk('delete', await selection.ids())).ticket)}
      >
        <Text>Their flows never get them. This cannot be taken back; export them first if they may be needed.</Text>
      </ConfirmDialog>
    </SelectionBar>
  );
}

// Stop or start of the flows that are chosen in the list.
import { Button, Text } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import type { Selection } from '../parts/selection';
import { SelectionBar } from '../parts/SelectionBar';
import { beginBulk, type Command } from './api';

export function BulkActions({ selection, begun }: { selection: Selection; begun: (ticket: string) => void }) {
  const [asked, setAsked] = useState<Command | null>(null);
  const { count } = selection;
  const flows = count === 1 ? '1 flow' : `${count} flows`;
  return (
    <SelectionBar selection={selection} one="flow" many="flows" hint="Select flows to stop or start several at once.">
      <Button size="xs" variant="default" leftSection={<IconPlayerStop size={14} aria-hidden />} onClick={() => setAsked('stop')}>
        Stop
      </Button>
      <Button size="xs" variant="default" leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={() => setAsked('start')}>
        Start
      </Button>
      <ConfirmDialog
        opened={asked !== null}
        title={asked === 'start' ? `Start ${flows}?` : `Stop ${flows}?`}
        verb={asked === 'start' ? `Start ${flows}` : `Stop ${flows}`}
        color={asked === 'start' ? 'blue' : 'red'}
        close={() => setAsked(null)}
        confirm={async () => begun((await beginBulk(asked!, await selection.ids())).ticket)}
      >
        <Text>
          {asked === 'start'
            ? 'Flows that run already are left as they are. Those that cannot be started are listed at the end.'
            : 'Their triggers look for nothing new and messages under way stop, until somebody starts them again.'}
        </Text>
      </ConfirmDialog>
    </SelectionBar>
  );
}

import { Anchor, Group, Text } from '@mantine/core';
import type { SaveState } from './document/flow_saver';

const WORDS = { saved: 'Saved', waiting: 'Saving …', saving: 'Saving …', 'changed-elsewhere': 'Not saved: it was changed elsewhere' };

export function SaveStateText({ save, retry }: { save: SaveState; retry: () => void }) {
  const bad = save.word === 'failed' || save.word === 'changed-elsewhere';
  return (
    <Group gap="xs" role="status">
      <Text size="sm" c={bad ? 'red' : 'dimmed'}>
        {save.word === 'failed' ? `Not saved: ${save.why}` : WORDS[save.word]}
      </Text>
      {save.word === 'failed' && (
        <Anchor component="button" type="button" size="sm" onClick={retry}>
          Try again
        </Anchor>
      )}
    </Group>
  );
}

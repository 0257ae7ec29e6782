import { Paper, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import { VERDICTS, type Plan, type Verdict } from './types';
import { VERDICT_MEANINGS, VERDICT_NAMES } from './words';

interface Props {
  counts: Plan['counts']['verdicts'];
  chosen: Verdict | null;
  choose: (verdict: Verdict | null) => void;
}

/** How many flows of each verdict; a tile chooses which ones the table shows. */
export function VerdictTiles({ counts, chosen, choose }: Props) {
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} role="group" aria-label="Flows by verdict">
      {VERDICTS.map(verdict => (
        <UnstyledButton key={verdict} aria-pressed={chosen === verdict} onClick={() => choose(chosen === verdict ? null : verdict)}>
          <Paper withBorder p="sm" h="100%" bg={chosen === verdict ? 'var(--mantine-primary-color-light)' : undefined}>
            <Text fz={28} fw={700} lh={1.2}>
              {counts[verdict]}
            </Text>
            <Text fw={600}>{VERDICT_NAMES[verdict]}</Text>
            <Text size="sm">{VERDICT_MEANINGS[verdict]}</Text>
          </Paper>
        </UnstyledButton>
      ))}
    </SimpleGrid>
  );
}

import { Badge, Group, List, Stack, Text } from '@mantine/core';
import type { ChangelogEntry } from '../connectors/api';

/** Newest version first; in each, what is breaking comes first. */
export function Changelog({ entries }: { entries: ChangelogEntry[] }) {
  if (entries.length === 0) {
    return <Text size="sm">The changelog tells nothing of the way between these versions.</Text>;
  }
  return (
    <Stack gap="sm">
      {entries.map(entry => (
        <div key={entry.version}>
          <Group gap="xs">
            <Text fw={600} dir="ltr">
              {entry.version}
            </Text>
            {entry.breaking && (
              <Badge color="red" variant="light">
                Breaking
              </Badge>
            )}
          </Group>
          <List size="sm" withPadding>
            {breakingFirst(entry).map(({ text, breaking }) => (
              <List.Item key={text}>
                {breaking && <b>Breaking: </b>}
                {text}
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  );
}

const breakingFirst = ({ changes }: ChangelogEntry) => changes.toSorted((a, b) => Number(b.breaking) - Number(a.breaking));

import { Badge, Card, Code, Group, List, Stack, Text, Title } from '@mantine/core';
import type { Change, ComponentDifference } from './flow_difference';

const KINDS = {
  added: { label: 'Added', color: 'green', text: 'This component was added.' },
  removed: { label: 'Removed', color: 'red', text: 'This component was removed.' },
  changed: { label: 'Changed', color: 'blue', text: '' },
};

/** `label`: what the list is of. */
export function FlowDifference({ differences, label }: { differences: ComponentDifference[]; label: string }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }} aria-label={label}>
      {differences.map(({ componentId, name, kind, changes }) => (
        <Card component="li" key={componentId} withBorder padding="sm">
          <Group gap="xs" mb={4}>
            <Title order={3} size="h5">
              {name}
            </Title>
            <Badge variant="dot" color={KINDS[kind].color} size="sm">
              {KINDS[kind].label}
            </Badge>
          </Group>
          {changes.length === 0 ? (
            <Text size="sm">{KINDS[kind].text}</Text>
          ) : (
            <List size="sm" spacing={4}>
              {changes.map(change => (
                <List.Item key={change.what} style={{ overflowWrap: 'anywhere' }}>
                  <InWords change={change} />
                </List.Item>
              ))}
            </List>
          )}
        </Card>
      ))}
    </Stack>
  );
}

function InWords({ change: { what, from, to } }: { change: Change }) {
  if (what.startsWith('Connection ')) {
    return `${what} ${from === null ? 'was made' : 'was cut'}`;
  }
  if (from === null) {
    return (
      <>
        {what}: <Value text={to!} /> was filled in
      </>
    );
  }
  if (to === null) {
    return (
      <>
        {what}: <Value text={from} /> was taken out
      </>
    );
  }
  return (
    <>
      {what}: from <Value text={from} /> to <Value text={to} />
    </>
  );
}

function Value({ text }: { text: string }) {
  return text === '' ? <Text span>nothing</Text> : <Code>{text}</Code>;
}

// Every component with its description, actions and triggers told apart (S16, S17).
import { Badge, Card, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { announce } from '../../parts/announce';
import { Empty } from '../../parts/States';
import type { ConnectorComponent, ConnectorDetails } from '../api';
import { Chip } from '../ConnectorBadges';

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'action', label: 'Actions' },
  { value: 'trigger', label: 'Triggers' },
];

export default function ComponentsSection({ connector }: { connector: ConnectorDetails }) {
  const [text, setText] = useState('');
  const [kind, setKind] = useState('all');
  const listed = connector.components.filter(component => !component.private);
  const hidden = connector.components.length - listed.length;
  const sought = text.trim().toLowerCase();
  const shown = listed.filter(
    component =>
      (kind === 'all' || component.kind === kind) &&
      [component.label, component.name, component.description].some(said => said.toLowerCase().includes(sought)),
  );
  useEffect(() => {
    if (sought !== '' || kind !== 'all') {
      announce(`${shown.length} components`);
    }
  }, [sought, kind, shown.length]);
  const triggers = listed.filter(component => component.kind === 'trigger').length;
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Components
      </Title>
      <Text size="sm">
        {count(listed.length - triggers, 'action')}, {count(triggers, 'trigger')}
        {hidden > 0 && `; ${hidden} more that only other components use`}
      </Text>
      <Group align="flex-end">
        <TextInput
          label="Search components"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          flex="1 1 14rem"
          maw={400}
        />
        <SegmentedControl data={KINDS} value={kind} onChange={setKind} aria-label="Kind of component" />
      </Group>
      {shown.length === 0 ? (
        <Empty title={listed.length === 0 ? 'It has no components to show' : 'No component fits'} />
      ) : (
        <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} spacing="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Components">
          {shown.map(component => (
            <ComponentCard key={component.name} component={component} />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  );
}

function ComponentCard({ component: { name, label, kind, description, version, deprecated, loadError } }: { component: ConnectorComponent }) {
  return (
    <Card component="li" withBorder padding="sm" className="page-heading">
      <Group gap="xs">
        <Text fw={600}>{label}</Text>
        <Badge variant="light" color={kind === 'trigger' ? 'violet' : 'blue'} tt="none">
          {kind === 'trigger' ? 'Trigger' : 'Action'}
        </Badge>
        {deprecated && <Chip color="orange">Deprecated</Chip>}
        {loadError !== undefined && <Chip color="red">Does not load</Chip>}
      </Group>
      <Text size="xs" c="dimmed">
        {name}
        {version !== null && ` · ${version}`}
      </Text>
      <Text size="sm" mt={4}>
        {description}
      </Text>
      {loadError !== undefined && (
        <Text size="sm" mt={4} ff="monospace">
          {loadError}
        </Text>
      )}
    </Card>
  );
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

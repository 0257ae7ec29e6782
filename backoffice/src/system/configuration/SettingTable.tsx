// Keys with what they mean, and their values: secrets hidden, numbers also in words.
import { ActionIcon, Anchor, Badge, Group, Table, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import { SpokenHead, TableHead } from '../../parts/TableHead';
import { knownKey } from './known_keys';
import { SecretText } from './SecretText';
import { isSecret, readable, shown } from './values';

/** `value` undefined: known, but not set. */
export interface Setting {
  key: string;
  value?: unknown;
}

export function SettingTable({ rows, edit, remove }: { rows: Setting[]; edit: (row: Setting) => void; remove: (key: string) => void }) {
  return (
    <Table.ScrollContainer minWidth={720} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Settings' } }}>
      <Table verticalSpacing="xs">
        <TableHead columns={['Key', <Table.Th scope="col" w="34%">Value</Table.Th>, <SpokenHead w={90}>Change</SpokenHead>]} />
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.key}>
              <Table.Td>
                <Key name={row.key} />
              </Table.Td>
              <Table.Td>
                <Value row={row} />
              </Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <ActionIcon variant="subtle" color="gray" aria-label={`Change ${row.key}`} onClick={() => edit(row)}>
                    <IconPencil size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="red" disabled={row.value === undefined} aria-label={`Remove ${row.key}`} onClick={() => remove(row.key)}>
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Key({ name }: { name: string }) {
  const known = knownKey(name);
  return (
    <>
      <Text size="sm" fw={600} ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="sm" c="dimmed">
        {known?.meaning ?? 'Not known to this server; kept for others.'}{' '}
        {known?.page !== undefined && (
          <Anchor component={Link} to={known.page} size="sm" underline="always">
            Edit it on its own page
          </Anchor>
        )}
      </Text>
    </>
  );
}

function Value({ row: { key, value } }: { row: Setting }) {
  const known = knownKey(key);
  if (value === undefined) {
    return (
      <Group gap={6}>
        <Badge variant="default" tt="none">
          Not set
        </Badge>
        <Text size="sm" c="dimmed">
          {[known?.standard, known && readable(known.standard, known.unit) && `(${readable(known.standard, known.unit)})`].filter(Boolean).join(' ')}
        </Text>
      </Group>
    );
  }
  const text = shown(value);
  if (isSecret(key)) {
    return <SecretText name={key} value={text} />;
  }
  const inWords = readable(text, known?.unit);
  return (
    <>
      <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }} lineClamp={4}>
        {text === '' ? '(empty text)' : text}
      </Text>
      {inWords !== '' && (
        <Text size="xs" c="dimmed">
          {inWords}
        </Text>
      )}
    </>
  );
}

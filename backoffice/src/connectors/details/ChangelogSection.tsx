// Every version, newest first; what an update would bring is marked "New", what breaks flows "Breaking" (S21).
import { Group, List, Stack, Text, Title } from '@mantine/core';
import { Empty, Loaded } from '../../parts/States';
import { type ChangelogEntry, type ConnectorDetails, useChangelog } from '../api';
import { Chip, InstalledBadge } from '../ConnectorBadges';

export default function ChangelogSection({ connector }: { connector: ConnectorDetails }) {
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Changelog
      </Title>
      <Loaded query={useChangelog(connector.name)} what="the changelog">
        {({ entries, newer }) =>
          entries.length === 0 ? (
            <Empty title="No changelog" text="The authors of this connector have not written what changed." />
          ) : (
            <Stack component="ol" gap="lg" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Changelog">
              {entries.map(entry => (
                <Entry
                  key={entry.version}
                  entry={entry}
                  isNew={connector.installed && newer.has(entry.version)}
                  isInstalled={entry.version === connector.installedVersion}
                />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Entry({ entry, isNew, isInstalled }: { entry: ChangelogEntry; isNew: boolean; isInstalled: boolean }) {
  return (
    <li>
      <Group gap="xs">
        <Title order={3} size="h5" dir="ltr">
          {entry.version}
        </Title>
        {isInstalled && <InstalledBadge />}
        {isNew && <Chip color="blue">New</Chip>}
        {entry.breaking && <Chip color="red">Breaking</Chip>}
      </Group>
      <List mt={4} spacing={2} listStyleType="disc">
        {entry.changes.map(({ text, breaking }, at) => (
          <List.Item key={at}>
            <Text span style={{ overflowWrap: 'anywhere' }}>
              {breaking && <strong>Breaking change: </strong>}
              {text}
            </Text>
          </List.Item>
        ))}
      </List>
    </li>
  );
}

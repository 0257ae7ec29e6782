// What one person can use of the connector, by all rules together.
import { List, Select, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Loaded } from '../../parts/States';
import type { ConnectorDetails } from '../api';
import { type UserAccess, useAccessCheck, usePeople } from './api';

export function UserCheck({ connector }: { connector: ConnectorDetails }) {
  const [userId, setUserId] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [pattern] = useDebouncedValue(search, 200);
  const { data: people = [] } = usePeople(pattern);
  const check = useAccessCheck(connector.name, userId);
  return (
    <Stack gap="xs" component="section" aria-labelledby="check">
      <Title order={3} size="h5" id="check">
        Check a person
      </Title>
      <Select
        label="Person"
        placeholder="Name or e-mail address"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the person' }}
        maw={400}
        data={people.map(({ id, username, email }) => ({ value: id, label: email || username }))}
        value={userId}
        onChange={setUserId}
        searchValue={search}
        onSearchChange={setSearch}
        filter={({ options }) => options}
        nothingFoundMessage="Nobody of this name"
      />
      {userId !== null && (
        <Loaded query={check} what="what this person can use">
          {access => <Outcome access={access} connector={connector} />}
        </Loaded>
      )}
    </Stack>
  );
}

function Outcome({ access: { visible, components }, connector }: { access: UserAccess; connector: ConnectorDetails }) {
  const denied = Object.keys(components).filter(type => !components[type]);
  const labelOf = (type: string) => connector.components.find(({ name }) => name === type)?.label ?? type;
  if (denied.length === 0) {
    return (
      <Text role="status">
        {visible ? 'Sees this connector and can use all of it.' : 'Can use it in flows that exist, but does not see it in the Designer.'}
      </Text>
    );
  }
  if (denied.length === Object.keys(components).length) {
    return <Text role="status">Cannot use this connector{visible ? '.' : ' and does not see it in the Designer.'}</Text>;
  }
  return (
    <div role="status">
      <Text>Can use it, except for:</Text>
      <List>
        {denied.map(type => (
          <List.Item key={type}>{labelOf(type)}</List.Item>
        ))}
      </List>
    </div>
  );
}

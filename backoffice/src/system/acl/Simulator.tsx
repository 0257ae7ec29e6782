// "Who sees what": what the saved rules mean for one role or one person, connector by connector. The server answers; nothing
// is worked out here.
import { Badge, Pagination, Select, Stack, Table, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { call } from '../../api/call';
import { Empty, Loaded } from '../../parts/States';
import { TableHead } from '../../parts/TableHead';
import { useUsers } from '../users/api';
import { useAccessCheck, useConnectorAccess, useRoles } from './api';
import { spoken } from './rules';

const PAGE = 20;
const PEOPLE = 20;

interface Row {
  name: string;
  label: string;
}

function useInstalled() {
  return useQuery({
    queryKey: ['connectors', 'installed', 'names'],
    queryFn: ({ signal }): Promise<Row[]> =>
      call('GET /connectors', { query: { installed: true, sort: 'label:1', limit: 10_000, projection: 'name,label' }, signal }),
  });
}

export function Simulator() {
  const [params, setParams] = useSearchParams();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed, 200);
  const roles = useRoles();
  const people = useUsers({ pattern: asked, limit: PEOPLE, offset: 0 });
  const chosen = params.get('who') ?? '';
  const found = (people.data ?? []).map(({ id, email }) => ({ value: `person:${id}`, label: email }));
  const known = found.some(({ value }) => value === chosen) || !chosen.startsWith('person:');
  const choose = (who: string | null) =>
    setParams(
      now => {
        now.delete('who');
        if (who !== null) {
          now.set('who', who);
        }
        return now;
      },
      { replace: true },
    );
  return (
    <Stack gap="sm" component="section" aria-labelledby="simulator">
      <Title order={2} size="h4" id="simulator">
        Who sees what
      </Title>
      <Select
        label="Role or e-mail"
        description="Shows what the saved rules mean. Type to find a person."
        placeholder="Choose a role or a person"
        maw={420}
        searchable
        clearable
        filter={({ options }) => options}
        data={[
          { group: 'Roles', items: (roles.data ?? []).filter(({ role }) => role.includes(asked)).map(({ role, users }) => ({ value: `role:${role}`, label: `${role} (${users})` })) },
          { group: 'People', items: known ? found : [{ value: chosen, label: 'The chosen person' }, ...found] },
        ]}
        value={chosen || null}
        onChange={choose}
        onSearchChange={setTyped}
        clearButtonProps={{ 'aria-label': 'Choose nobody' }}
      />
      {chosen !== '' && <Visible who={chosen} />}
    </Stack>
  );
}

function Visible({ who }: { who: string }) {
  const installed = useInstalled();
  const [page, setPage] = useState(1);
  return (
    <Loaded query={installed} what="the installed connectors">
      {connectors =>
        connectors.length === 0 ? (
          <Empty title="No connector is installed" />
        ) : (
          <Stack gap="xs" align="flex-start">
            <Table.ScrollContainer minWidth={420} w="100%" scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'What is visible' } }}>
              <Table>
                <TableHead columns={['Connector', 'Sees it', who.startsWith('role:') ? 'Because of' : 'Usable components']} />
                <Table.Tbody>
                  {connectors.slice((page - 1) * PAGE, page * PAGE).map(({ name, label }) => (
                    <Table.Tr key={name}>
                      <Table.Td>
                        <Text size="sm">{label}</Text>
                        <Text size="xs" c="dimmed" ff="monospace">
                          {name}
                        </Text>
                      </Table.Td>
                      {who.startsWith('role:') ? <OfRole name={name} role={who.slice(5)} /> : <OfPerson name={name} userId={who.slice(7)} />}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            {connectors.length > PAGE && (
              <Pagination
                total={Math.ceil(connectors.length / PAGE)}
                value={page}
                onChange={setPage}
                getControlProps={control => ({ 'aria-label': `${control} page` })}
              />
            )}
          </Stack>
        )
      }
    </Loaded>
  );
}

function OfRole({ name, role }: { name: string; role: string }) {
  const access = useConnectorAccess(name);
  const row = access.data?.roles.find(one => one.role === role);
  const because = row?.rules.map(at => access.data!.rules[at]!) ?? [];
  return (
    <>
      <Table.Td>
        <Verdict known={access.data !== undefined} failed={access.isError} yes={row?.effective ?? false} />
      </Table.Td>
      <Table.Td>{because.length === 0 ? '–' : because.map(spoken).join('; ')}</Table.Td>
    </>
  );
}

function OfPerson({ name, userId }: { name: string; userId: string }) {
  const check = useAccessCheck(name, userId);
  const all = Object.values(check.data?.components ?? {});
  return (
    <>
      <Table.Td>
        <Verdict known={check.data !== undefined} failed={check.isError} yes={check.data?.visible ?? false} />
      </Table.Td>
      <Table.Td>{check.data === undefined ? '–' : `${all.filter(Boolean).length} of ${all.length}`}</Table.Td>
    </>
  );
}

function Verdict({ known, failed, yes }: { known: boolean; failed: boolean; yes: boolean }) {
  if (!known) {
    return <Text size="sm">{failed ? 'Could not be loaded' : 'Asking …'}</Text>;
  }
  return (
    <Badge variant="default" radius="sm" tt="none">
      {yes ? 'Yes' : 'No'}
    </Badge>
  );
}

// Which rules apply to this connector (S19), who can use it because of which (S20), and a way to change that here: the same
// rules as under System → ACL (S42).
import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Loaded } from '../../parts/States';
import type { ConnectorDetails } from '../api';
import { ScrollingTable } from '../details/ScrollingTable';
import { type AclRule, type ConnectorAccess, useAccess } from './api';
import { RolesEditor } from './RolesEditor';
import { UserCheck } from './UserCheck';

export default function AccessSection({ connector }: { connector: ConnectorDetails }) {
  return (
    <Stack gap="lg">
      <Title order={2} size="h4">
        Access Control
      </Title>
      <Loaded query={useAccess(connector.name)} what="the access rules">
        {read => (
          <Stack gap="lg">
            <Text>{sentenceOf(read.access)}</Text>
            <Rules rules={read.access.rules} />
            <RolesEditor name={connector.name} read={read} />
            <UserCheck connector={connector} />
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

function Rules({ rules }: { rules: AclRule[] }) {
  return (
    <Stack gap="xs" component="section" aria-labelledby="rules">
      <Title order={3} size="h5" id="rules">
        Rules that apply
      </Title>
      {rules.length === 0 ? (
        <Text>No rule applies to this connector.</Text>
      ) : (
        <ScrollingTable label="Rules that apply" columns={['Rule', 'Role', 'Resource', 'Action', 'Attributes']}>
          {rules.map((rule, at) => (
            <Table.Tr key={at}>
              <Table.Td>{at + 1}</Table.Td>
              <Table.Td>{rule.role}</Table.Td>
              <Table.Td>{rule.resource}</Table.Td>
              <Table.Td>{rule.action.join(', ')}</Table.Td>
              <Table.Td>{rule.attributes.join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </ScrollingTable>
      )}
      <Text size="sm">
        All rules are under{' '}
        <Anchor component={Link} to="/system/acl" size="sm" underline="always">
          System → ACL
        </Anchor>
        .
      </Text>
    </Stack>
  );
}

function sentenceOf({ visibility, roles }: ConnectorAccess): string {
  if (visibility === 'everyone') {
    return 'All users can use this connector.';
  }
  if (visibility === 'nobody') {
    return 'Only administrators can use this connector: no rule gives it to anybody else.';
  }
  const able = roles.filter(({ effective, role }) => effective && role !== 'admin').map(({ role }) => role);
  return `Some users can use this connector, or parts of it: ${new Intl.ListFormat('en').format(able)}. Administrators always can.`;
}

// What people lose when a rule that opens everything goes: said before it is saved.
import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type RuleType, useBearers, useRoles } from './api';
import { type Rule, spoken } from './rules';

export function RemovalWarning({ type, lost }: { type: RuleType; lost: Rule[] }) {
  return lost.map(rule => (
    <Alert key={rule.role} color="yellow" icon={<IconAlertTriangle aria-hidden />} title={`Without “${spoken(rule)}”`} role="status">
      <Text size="sm">
        <Losers role={rule.role} />{' '}
        {type === 'components'
          ? 'access to all connectors that no other rule gives them. Their running flows go on, but cannot be started again. Administrators still see everything.'
          : 'access to everything they do over the API that no other rule gives them. Administrators can always change these rules.'}
      </Text>
    </Alert>
  ));
}

function Losers({ role }: { role: string }) {
  const isAddress = role.includes('@');
  const bearers = useBearers(role, !isAddress);
  const roles = useRoles();
  const count = isAddress ? roles.data?.find(one => one.role === role)?.users : bearers.data;
  if (count === undefined) {
    return <>Users with the role {role} lose</>;
  }
  return (
    <b>
      {count} {count === 1 ? 'user loses' : 'users lose'}
    </b>
  );
}

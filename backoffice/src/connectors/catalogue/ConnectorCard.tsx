// One connector in the catalogue. The whole card is one link (S10); "Installed" stands at its top, and only there (S4).
import { Card, Group, Text } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import type { ConnectorRow } from '../api';
import { ConnectorBadges, InstalledBadge } from '../ConnectorBadges';
import { LazyConnectorIcon } from '../ConnectorIcon';
import classes from './catalogue.module.css';

/** Remembered: while someone types, cards that stay are not drawn again. */
export const ConnectorCard = memo(function ConnectorCard({ connector, flows }: { connector: ConnectorRow; flows: number | undefined }) {
  const { name, label, description, installed, installedVersion, availableVersion } = connector;
  return (
    <Card component={Link} to={`/connectors/${name}`} withBorder padding="sm" className={classes.card}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs" mb={6}>
        <LazyConnectorIcon connector={connector} />
        {installed && <InstalledBadge />}
      </Group>
      <Text fw={600} className={classes.line} title={label}>
        {label}
      </Text>
      <Text size="xs" c="dimmed" className={classes.line} title={name}>
        {name} · <bdi dir="ltr">{installedVersion ?? availableVersion}</bdi>
      </Text>
      <Text size="sm" lineClamp={2} mt={4} className={classes.description}>
        {description}
      </Text>
      <Group gap={6} mt="auto" pt={6}>
        <ConnectorBadges connector={connector} />
        {flows !== undefined && flows > 0 && (
          <Text size="xs" c="dimmed">
            Used in {flows} {flows === 1 ? 'flow' : 'flows'}
          </Text>
        )}
      </Group>
    </Card>
  );
});

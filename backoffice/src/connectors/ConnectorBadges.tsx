// What is to be known of a connector at a glance, in words: on its card and at the top of its page.
import { Badge, type MantineColor } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ConnectorRow } from './api';

export function Chip({ color, children }: { color: MantineColor; children: ReactNode }) {
  return (
    <Badge color={color} variant="outline" tt="none" fw={600}>
      {children}
    </Badge>
  );
}

export function InstalledBadge() {
  return (
    <Badge color="teal.9" variant="filled" tt="none">
      Installed
    </Badge>
  );
}

export function ConnectorBadges({ connector }: { connector: ConnectorRow }) {
  const { installed, installedVersion, availableVersion, updateAvailable, breaking, compatible, source, operation } = connector;
  return (
    <>
      {updateAvailable && (
        <Chip color="blue">
          Update <bdi dir="ltr">{installedVersion}</bdi> → <bdi dir="ltr">{availableVersion}</bdi>
        </Chip>
      )}
      {breaking && <Chip color="red">Breaking</Chip>}
      {source === 'published' && <Chip color="grape">Custom</Chip>}
      {!compatible && <Chip color="orange">{installed ? 'Newer version does not fit this server' : 'Does not fit this server'}</Chip>}
      {operation !== null && <Chip color="gray">At work …</Chip>}
    </>
  );
}

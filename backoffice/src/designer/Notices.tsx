// What stands above the canvas: what the flow's owner has to do, what was refused, what was not saved.
import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconBellRinging } from '@tabler/icons-react';
import { Link } from 'react-router';
import { textOf } from '../parts/States';
import { Time } from '../parts/Time';
import { nameIn } from './actions';
import type { Components } from './document/links';
import { fieldOf } from './field_problems';
import type { Attention } from './flow_document';
import type { Manifest } from './manifest';
import type { Problem } from './problems';
import { linkTo } from './selection';
import type { Refusal } from './StartStop';

interface Place {
  components: Components;
  manifests: Map<string, Manifest>;
}

export function AttentionNotice({ attention, components, manifests }: Place & { attention: Attention[] }) {
  return (
    <Alert color="orange" icon={<IconBellRinging aria-hidden />} title="This flow needs your attention" my="xs">
      <Stack gap={4}>
        <Text size="sm">A connector that it uses has changed. Do the following, then start it.</Text>
        <List size="sm">
          {attention.map(one => (
            <List.Item key={`${one.componentId} ${one.code} ${one.field} ${one.account}`}>
              <strong>{nameIn(components, one.componentId, manifests)}</strong>: {one.message} <Time at={one.since} />{' '}
              {one.componentId in components && (
                <Anchor component={Link} to={linkTo(one.componentId, fieldOf(one, manifests.get(components[one.componentId]!.type)))} underline="always" size="sm" c="var(--mantine-color-text)">
                  Fix now
                </Anchor>
              )}
            </List.Item>
          ))}
        </List>
      </Stack>
    </Alert>
  );
}

export function RefusalNotice({ refusal, problems, ...place }: Place & { refusal: Refusal; problems: Problem[] }) {
  return (
    <Alert
      role="alert"
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      title={refusal.word === 'start' ? 'The flow was not started' : 'The flow was not stopped'}
      my="xs"
    >
      <Stack gap={4}>
        {problems.length === 0 && <Text size="sm">{textOf(refusal.error)}</Text>}
        <ProblemList problems={problems} {...place} />
      </Stack>
    </Alert>
  );
}

export function ProblemList({ problems, components, manifests }: Place & { problems: Problem[] }) {
  return (
    <List size="sm">
      {problems.map(({ componentId, field, message }) => (
        <List.Item key={`${componentId} ${field} ${message}`}>
          <Anchor component={Link} to={linkTo(componentId, field)} underline="always" size="sm" c="var(--mantine-color-text)">
            {nameIn(components, componentId, manifests)}
          </Anchor>
          : {message}
        </List.Item>
      ))}
    </List>
  );
}

export function ChangedElsewhere({ load, overwrite }: { load: () => void; overwrite: () => void }) {
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title="This flow was changed elsewhere" my="xs">
      <Text size="sm">
        Your last changes are not saved, so that they do not undo what somebody else, another tab or an upgrade has done. What you replace stays
        in the flow’s versions.
      </Text>
      <Group gap="xs" mt="xs">
        <Button size="xs" variant="default" onClick={load}>
          Load the other one
        </Button>
        <Button size="xs" variant="default" onClick={overwrite}>
          Keep what is here
        </Button>
      </Group>
    </Alert>
  );
}

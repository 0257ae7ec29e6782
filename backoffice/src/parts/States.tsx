// The five states of a screen: loading, empty, stale, error, ready. A page shows one of these or its content, never a blank.
import { Alert, Button, Center, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconRefresh } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/call';
import { Time } from './Time';

export function Loading({ what }: { what: string }) {
  return (
    <Center py="xl" role="status" aria-busy="true">
      <Group>
        <Loader size="sm" aria-hidden />
        <Text>Loading {what} …</Text>
      </Group>
    </Center>
  );
}

/** `children`: what can be done about it (buttons, links). */
export function Empty({ title, text, children }: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw={560}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {text !== undefined && <Text ta="center">{text}</Text>}
        {children}
      </Stack>
    </Center>
  );
}

/** `what` was being done: "The connectors could not be loaded." */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry?: () => void }) {
  const forbidden = error instanceof ApiError && error.status === 403;
  return (
    <Alert
      role="alert"
      my="md"
      color={forbidden ? 'gray' : 'red'}
      icon={forbidden ? <IconLock aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={forbidden ? 'You may not see this' : what}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{forbidden ? `Only administrators may. Ask one of yours for help. (${textOf(error)})` : textOf(error)}</Text>
        {retry !== undefined && !forbidden && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Shown above content that could not be loaded again. */
export function Stale({ since, error, retry }: { since: number; error: unknown; retry: () => void }) {
  return (
    <Alert role="status" my="sm" color="yellow" icon={<IconAlertTriangle aria-hidden />} title="This may be old">
      <Group gap="xs">
        <Text size="sm">
          Last loaded <Time at={since} />. {textOf(error)}
        </Text>
        <Button size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      </Group>
    </Alert>
  );
}

/** Content of one query in all its states but "empty", which is the content's own. */
export function Loaded<T>({ query, what, children }: { query: UseQueryResult<T>; what: string; children: (data: T) => ReactNode }) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.isError ? <Failed what={`${capital(what)} could not be loaded.`} error={query.error} retry={retry} /> : <Loading what={what} />;
  }
  return (
    <>
      {query.isError && <Stale since={query.dataUpdatedAt} error={query.error} retry={retry} />}
      {children(query.data)}
    </>
  );
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

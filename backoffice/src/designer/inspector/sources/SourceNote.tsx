// Under a field or a form that a component fills: that it is being asked, why it was not, or that it failed.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import type { SourceState } from './use_source';

export function SourceNote({ source, what }: { source: SourceState; what: string }) {
  switch (source.state) {
    case 'loading':
      return (
        <Group gap={6} mt={4} role="status" aria-busy="true">
          <Loader size={12} aria-hidden />
          <Text size="xs">Loading {what} …</Text>
        </Group>
      );
    case 'waits':
      return (
        <Text size="xs" mt={4}>
          {source.text}
        </Text>
      );
    case 'failed':
      return (
        <Alert color="red" role="alert" mt={4} p="xs" title={`${what.charAt(0).toUpperCase()}${what.slice(1)} could not be loaded`}>
          <Stack gap={6} align="flex-start">
            <Text size="xs">{source.text}</Text>
            <Button size="compact-xs" variant="default" onClick={source.retry}>
              Try again
            </Button>
          </Stack>
        </Alert>
      );
    default:
      return null;
  }
}

import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

interface Props {
  warnings: string[];
  title?: string;
}

/** What the server noticed: promises that the contracts do not bear out, downgrades, handlers that would stop themselves. */
export function PlanWarnings({ warnings, title = 'Please note' }: Props) {
  if (warnings.length === 0) {
    return null;
  }
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <List size="sm">
        {warnings.map(warning => (
          <List.Item key={warning}>{warning}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

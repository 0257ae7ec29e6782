import { Badge } from '@mantine/core';
import type { Operation } from './types';

/** Its state in a word; "partial" where it is done but flows did not start again. */
export function OperationBadge({ operation }: { operation: Operation }) {
  const [word, color] = wordOf(operation);
  return (
    <Badge variant="light" color={color}>
      {word}
    </Badge>
  );
}

function wordOf({ status, flows }: Operation): [string, string] {
  switch (status) {
    case 'in-progress':
      return ['At work', 'blue'];
    case 'completed':
      return flows.failed.length > 0 ? ['Partial', 'orange'] : ['Done', 'green'];
    case 'failed':
      return ['Failed', 'red'];
    case 'cancelled':
      return ['Cancelled', 'gray'];
  }
}

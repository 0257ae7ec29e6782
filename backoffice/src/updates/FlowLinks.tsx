import { Anchor, List, Text } from '@mantine/core';
import { Link } from 'react-router';

const MOST = 100;

interface Props {
  flows: { flowId: string; name: string }[];
  /** In a tab of its own, where leaving would lose what is being done. */
  newTab?: boolean;
}

export function FlowLinks({ flows, newTab = false }: Props) {
  return (
    <>
      <List size="sm">
        {flows.slice(0, MOST).map(({ flowId, name }) => (
          <List.Item key={flowId}>
            <Anchor component={Link} to={`/flows/${encodeURIComponent(flowId)}`} target={newTab ? '_blank' : undefined}>
              {name === '' ? flowId : name}
            </Anchor>
          </List.Item>
        ))}
      </List>
      {flows.length > MOST && <Text size="sm">… and {flows.length - MOST} more.</Text>}
    </>
  );
}

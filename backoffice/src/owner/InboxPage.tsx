// What an owner has to do: a card for each of his flows that needs him, until the flow runs again.
import { Alert, Button, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { Empty, Loaded } from '../parts/States';
import { useInbox } from './api';
import { FlowCard } from './FlowCard';

export default function InboxPage() {
  const query = useInbox();
  const [started, setStarted] = useState<Record<string, string>>({});
  const count = query.data?.length;
  useEffect(() => {
    if (count !== undefined) {
      announce(count === 0 ? 'Nothing needs you' : count === 1 ? '1 flow needs you' : `${count} flows need you`);
    }
  }, [count]);
  return (
    <Page title="Inbox" about="Your flows that need you.">
      {Object.entries(started).map(([flowId, name]) => (
        <Alert key={flowId} role="status" color="green" icon={<IconCheck aria-hidden />} title={`Done: “${name}” runs again`}>
          Nothing is left to do for it.
        </Alert>
      ))}
      <Loaded query={query} what="your inbox">
        {flows =>
          flows.length === 0 ? (
            <NothingToDo />
          ) : (
            <Stack component="ul" gap="md" p={0} m={0} style={{ listStyle: 'none' }} aria-label="Flows that need you">
              {flows.map(flow => (
                <FlowCard key={flow.flowId} flow={flow} started={() => setStarted(before => ({ ...before, [flow.flowId]: flow.name }))} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function NothingToDo() {
  return (
    <Empty title="Nothing needs you" text="When one of your flows needs something from you, it is shown here.">
      <Button component={Link} to="/flows" variant="default">
        To your flows
      </Button>
    </Empty>
  );
}

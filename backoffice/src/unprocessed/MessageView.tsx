// One unprocessed message: why it failed, what it holds, and what can be done with it.
import { Alert, Anchor, Button, Code, Group, Modal, ScrollArea, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call } from '../api/call';
import { shortType } from '../flows/connectors';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done } from '../parts/notify';
import { Failed, Loaded } from '../parts/States';
import { Time } from '../parts/Time';
import { type UnprocessedMessage, useFlowNames, useMessage } from './api';
import { exportMessages } from './export';
import { failureOf, kindOf } from './failure';
import { withoutSecrets } from './secrets';

const ICON = 14;

/** An empty id: none is shown. */
export function MessageView({ messageId, close }: { messageId: string; close: () => void }) {
  return (
    <Modal opened={messageId !== ''} onClose={close} size="xl" title="Unprocessed message" closeButtonProps={{ 'aria-label': 'Close' }}>
      {messageId !== '' && <Message messageId={messageId} close={close} />}
    </Modal>
  );
}

function Message({ messageId, close }: { messageId: string; close: () => void }) {
  const query = useMessage(messageId);
  return (
    <Loaded query={query} what="the message">
      {message => (
        <Stack>
          <Reason message={message} />
          <Payload message={message} />
          <Actions message={message} close={close} />
        </Stack>
      )}
    </Loaded>
  );
}

function Reason({ message: { flowId, componentId, componentType, created, err } }: { message: UnprocessedMessage }) {
  const flows = useFlowNames([flowId]);
  const failure = failureOf(err);
  return (
    <>
      <Text>
        <Anchor component={Link} underline="always" to={`/flows/${flowId}?component=${componentId}`}>
          {flows[flowId] ?? flowId}
        </Anchor>
        , component {shortType(componentType)}, failed <Time at={created} />
      </Text>
      <Alert role="group" aria-label="Why it failed" color="red" title={kindOf(failure)}>
        {failure.message}
      </Alert>
    </>
  );
}

function Payload({ message: { messages } }: { message: UnprocessedMessage }) {
  return Object.entries(messages).flatMap(([port, some]) =>
    some.map(({ content }, at) => (
      <div key={`${port} ${at}`}>
        <Title order={3} size="h5" mb={4}>
          What came at “{port}”
        </Title>
        <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': `What came at ${port}` }}>
          <Code block>{JSON.stringify(withoutSecrets(content), null, 2)}</Code>
        </ScrollArea.Autosize>
      </div>
    )),
  );
}

function Actions({ message, close }: { message: UnprocessedMessage; close: () => void }) {
  const [deleting, setDeleting] = useState(false);
  const client = useQueryClient();
  const params = { messageId: message.messageId };
  const gone = async (text: string) => {
    await client.invalidateQueries({ queryKey: ['flows', 'unprocessed'] });
    done(text);
    close();
  };
  const retry = useMutation({
    mutationFn: () => call('POST /unprocessed-messages/:messageId/retry', { params }),
    onSuccess: () => gone('The message is back in its flow.'),
  });
  return (
    <>
      {retry.isError && <Failed what="The message was not put back; it stays here." error={retry.error} />}
      <Group justify="flex-end">
        <Button variant="default" leftSection={<IconTrash size={ICON} aria-hidden />} onClick={() => setDeleting(true)}>
          Delete
        </Button>
        <Button variant="default" leftSection={<IconDownload size={ICON} aria-hidden />} onClick={() => void exportMessages([message.messageId])}>
          Export JSON
        </Button>
        <Button loading={retry.isPending} leftSection={<IconRefresh size={ICON} aria-hidden />} onClick={() => retry.mutate()}>
          Retry
        </Button>
      </Group>
      <ConfirmDialog
        opened={deleting}
        title="Delete this message?"
        verb="Delete"
        close={() => setDeleting(false)}
        confirm={async () => {
          await call('DELETE /unprocessed-messages/:messageId', { params });
          await gone('The message was deleted.');
        }}
      >
        <Text>Its flow never gets it. This cannot be taken back.</Text>
      </ConfirmDialog>
    </>
  );
}

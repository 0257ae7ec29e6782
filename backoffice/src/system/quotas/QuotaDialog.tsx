// Rules of one quota as the JavaScript that the connector's worker runs. The server tries it before it takes it.
import { Code, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { LeaveGuard } from '../../parts/LeaveGuard';
import { FormButtons } from '../../parts/FormButtons';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { type Quota, useQuotaChanges } from './api';

const NAME = /^[\w-]+(:[\w-]+){1,2}$/;
const EXAMPLE = `module.exports = { rules: [
    { name: 'day', limit: 2000, window: 86400000, throttling: 'window-sliding', queueing: 'fifo', resource: 'requests', scope: 'userId' }
] };
`;

export function QuotaDialog({ quota, taken, close }: { quota?: Quota; taken: string[]; close: () => void }) {
  const { put } = useQuotaChanges();
  const [name, setName] = useState(quota?.name ?? '');
  const [source, setSource] = useState(quota?.source ?? EXAMPLE);
  const [tried, setTried] = useState(false);
  const problem = !NAME.test(name) ? 'As in vendor:service.' : quota === undefined && taken.includes(name) ? 'There is a quota of this name: change that.' : null;
  const save = useMutation({
    mutationFn: () => put(name, source),
    onSuccess: () => {
      done(`${name} counts at once, for messages that wait already too.`);
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) {
      save.mutate();
    }
  };
  return (
    <Modal opened onClose={close} title={quota === undefined ? 'Add a quota' : `Rules of ${quota.name}`} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
      <LeaveGuard unsaved={source !== (quota?.source ?? EXAMPLE)} what="Your changes of the quota" />
      <form onSubmit={submit} noValidate>
        <Stack>
          {quota === undefined && (
            <TextInput label="Name" description="vendor:service, as manifests name it." value={name} error={tried ? problem : null} onChange={event => setName(event.currentTarget.value)} data-autofocus />
          )}
          <Textarea
            label="Rules"
            description="JavaScript that exports { rules: [ … ] }: limit, window (ms), throttling, queueing, resource, scope."
            autosize
            minRows={8}
            maxRows={20}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' } }}
            value={source}
            onChange={event => setSource(event.currentTarget.value)}
          />
          {quota !== undefined && quota.isCustom === true && quota.defaultSource !== '' && (
            <details>
              <summary>What the connector ships</summary>
              <Code block tabIndex={0} role="region" aria-label="What the connector ships" mt="xs" mah={240} style={{ overflow: 'auto' }}>
                {quota.defaultSource}
              </Code>
            </details>
          )}
          {save.isError && <Failed what="The rules were not saved; the old ones count." error={save.error} />}
          <Text size="sm" c="dimmed">
            Counters go on: no window holds more than its limit because of a change.
          </Text>
          <FormButtons verb="Save" busy={save.isPending} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}

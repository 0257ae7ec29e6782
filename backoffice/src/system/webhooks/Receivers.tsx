// One event: who is told of it, and whether that works.
import { Alert, Badge, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { done, notDone } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { useConfigurationChanges } from '../configuration/api';
import { linesOf, problemOf, toLines } from './addresses';
import { type Delivery, useDeliveryActions } from './api';
import type { SystemEvent } from './events';
import { OwnFlow } from './OwnFlow';
import { TestResult } from './TestResult';

interface Props {
  event: SystemEvent;
  /** As the server has it; undefined: not set. */
  value: unknown;
  onUnsaved: (key: string, unsaved: boolean) => void;
}

export function Receivers({ event, value, onUnsaved }: Props) {
  const stored = toLines(value);
  const [text, setText] = useState(stored);
  const [base, setBase] = useState(stored);
  const dirty = linesOf(text).join('\n') !== base;
  const { put, remove } = useConfigurationChanges();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [tested, setTested] = useState<Delivery[]>([]);
  useEffect(() => {
    if (!dirty && stored !== base) {
      setBase(stored);
      setText(stored);
    }
  }, [stored, base, dirty]);
  useEffect(() => onUnsaved(event.key, dirty), [onUnsaved, event.key, dirty]);
  const problem = problemOf(text);
  const save = async () => {
    setBusy(true);
    setFailure(null);
    const lines = linesOf(text);
    try {
      await (lines.length === 0 ? remove(event.key) : put(event.key, lines.join(',')));
      setBase(lines.join('\n'));
      setText(lines.join('\n'));
      setTested([]);
      done(`${event.title}: the receivers are saved and count at once.`);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const add = (urls: string[]) => setText([...new Set([...linesOf(text), ...urls])].join('\n'));
  return (
    <Card withBorder component="section" aria-labelledby={event.key}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id={event.key}>
            {event.title}
          </Title>
          <Badge variant="default" tt="none">
            {base === '' ? 'Not set' : `${base.split('\n').length} ${base.includes('\n') ? 'receivers' : 'receiver'}`}
          </Badge>
        </Group>
        <Text size="sm">{event.fires}</Text>
        {base === '' &&
          (event.recommended ? (
            <Alert color="yellow" icon={<IconBulb aria-hidden />} title="Recommended">
              {event.unset}
            </Alert>
          ) : (
            <Text size="sm" c="dimmed">
              {event.unset}
            </Text>
          ))}
        <Textarea
          label={`URLs for ${event.key}`}
          description="One on a line; each gets every event as one POST."
          placeholder="https://ops.example.com/patchbay"
          autosize
          minRows={2}
          maxRows={10}
          value={text}
          error={problem}
          onChange={change => setText(change.currentTarget.value)}
        />
        <OwnFlow title={event.title} add={add} />
        {failure !== null && <Failed what="The receivers were not saved." error={failure} />}
        <Group gap="xs">
          <Button disabled={!dirty || problem !== null} loading={busy} onClick={() => void save()}>
            Save
          </Button>
          <TestButton event={event} disabled={dirty || base === ''} show={setTested} />
          {dirty && (
            <Text size="sm" c="dimmed">
              Not saved yet
            </Text>
          )}
        </Group>
        {tested.length > 0 && <TestResult deliveries={tested} />}
      </Stack>
    </Card>
  );
}

function TestButton({ event, disabled, show }: { event: SystemEvent; disabled: boolean; show: (deliveries: Delivery[]) => void }) {
  const [busy, setBusy] = useState(false);
  const { test } = useDeliveryActions();
  const press = async () => {
    setBusy(true);
    try {
      show(await test(event.key));
    } catch (error) {
      notDone('No test event was sent.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" disabled={disabled} loading={busy} onClick={() => void press()}>
      Send test event
    </Button>
  );
}

// What a variable with its modifiers makes of a value that one types in, as the server computes it.
import { Button, Code, Stack, Textarea, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Failed } from '../../../parts/States';
import { tryOut } from '../api';
import classes from '../inspector.module.css';
import { type Entry, placeholder, readVariable } from './template';

export function TryOut({ entry }: { entry: Entry }) {
  const [sample, setSample] = useState('');
  const place = entry.variable === undefined ? undefined : readVariable(entry.variable);
  const run = useMutation({
    mutationFn: async () => {
      const scope = place === undefined ? {} : { [place.componentId]: { [place.port]: at(place.path, read(sample)) } };
      return tryOut({ tried: entry }, placeholder('tried'), scope);
    },
  });
  return (
    <Stack gap="xs" component="section" aria-label="Try it out">
      <Title order={3} size="h6">
        Try it out
      </Title>
      {place !== undefined && (
        <Textarea
          label="A value that might come"
          description="Text, or JSON for lists, objects and numbers."
          autosize
          minRows={1}
          maxRows={8}
          value={sample}
          onChange={event => setSample(event.currentTarget.value)}
        />
      )}
      <Button variant="light" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={run.isPending} onClick={() => run.mutate()}>
        Show the result
      </Button>
      <div role="status">
        {run.isSuccess && (
          <Code block className={classes.result} aria-label="Result">
            {run.data.value === undefined ? 'Nothing' : typeof run.data.value === 'string' ? run.data.value : JSON.stringify(run.data.value, null, 2)}
          </Code>
        )}
      </div>
      {run.isError && <Failed what="It could not be tried out." error={run.error} />}
    </Stack>
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value at its path in what the component would send. */
function at(path: string, value: unknown): unknown {
  return path === '' ? value : path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

// Search in the flows' log: the query language of the field, the range of the page, records that open.
import { Button, Code, Group, Pagination, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { announce } from '../parts/announce';
import { Empty, Loaded } from '../parts/States';
import { DEEPEST, useLogs } from './api';
import { LogRecords } from './LogRecords';
import { count } from './numbers';
import type { Slice } from './ranges';

const PAGE = 50;

interface Props {
  range: Slice;
  flowId: string;
  query: string;
  onlyErrors: boolean;
  page: number;
  set: (changes: Record<string, string | null>) => void;
}

/** What the person wrote comes first: an error of it is told by its place. */
function wholeQuery({ from, to }: Slice, query: string, onlyErrors: boolean): string {
  const within = `gridTimestamp:[${new Date(from).toISOString()} TO ${new Date(to).toISOString()}]`;
  return [query.trim() === '' ? '' : `(${query})`, onlyErrors ? 'severity:error' : '', within].filter(part => part !== '').join(' AND ');
}

export function LogSearchPanel({ range, flowId, query, onlyErrors, page, set }: Props) {
  const [typed, setTyped] = useState(query);
  useEffect(() => setTyped(query), [query]);
  const logs = useLogs({ query: wholeQuery(range, query, onlyErrors), flowId, from: (page - 1) * PAGE, size: PAGE });
  const total = logs.data?.buckets.reduce((sum, bucket) => sum + bucket.doc_count, 0);
  useEffect(() => {
    if (total !== undefined) {
      announce(`${count(total)} records`);
    }
  }, [total]);
  return (
    <Stack gap="sm" component="section" aria-labelledby="log">
      <Title order={2} size="h4" id="log">
        Log
      </Title>
      <form
        role="search"
        onSubmit={event => {
          event.preventDefault();
          set({ q: typed, page: null });
          void logs.refetch();
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Search the log"
            placeholder={'severity:error AND componentType:*.http.*'}
            leftSection={<IconSearch size={16} aria-hidden />}
            style={{ flex: 1, minWidth: 220 }}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" loading={logs.isFetching}>
            Search
          </Button>
          <SegmentedControl
            aria-label="Which records"
            data={[
              { value: 'all', label: 'All' },
              { value: 'errors', label: 'Errors' },
            ]}
            value={onlyErrors ? 'errors' : 'all'}
            onChange={value => set({ only: value === 'errors' ? 'errors' : null, page: null })}
          />
        </Group>
      </form>
      <Syntax />
      <Loaded query={logs} what="the log">
        {({ hits }) =>
          hits.length === 0 ? (
            <Empty title="No records" text="Nothing in this time fits. Take a longer time, or ask for less." />
          ) : (
            <>
              <Text size="sm" c="dimmed">
                {count(total ?? 0)} {total === 1 ? 'record' : 'records'}, newest first
              </Text>
              <LogRecords records={hits} />
            </>
          )
        }
      </Loaded>
      {(total ?? 0) > PAGE && (
        <Pagination
          size="sm"
          total={Math.ceil(Math.min(total!, DEEPEST) / PAGE)}
          value={page}
          onChange={to => set({ page: to === 1 ? null : String(to) })}
          getControlProps={control => ({ 'aria-label': `The ${control} page of the log` })}
        />
      )}
    </Stack>
  );
}

function Syntax() {
  return (
    <details>
      <summary>What one can ask</summary>
      <Text size="sm" component="div" mt={4}>
        Words are looked for in the messages; <Code>{'"quotes"'}</Code> keep words together; <Code>*</Code> and <Code>?</Code> stand for others. <Code>field:value</Code> asks one field:{' '}
        <Code>severity</Code>, <Code>type</Code> (data, error, log, flow), <Code>componentType</Code>, <Code>componentId</Code>, <Code>portType</Code>, <Code>port</Code>,{' '}
        <Code>correlationId</Code>, <Code>msg</Code>. <Code>AND</Code>, <Code>OR</Code>, <Code>NOT</Code> and parentheses join them; <Code>{'gridTimestamp:[now-1h TO *]'}</Code> is a range.
      </Text>
    </details>
  );
}

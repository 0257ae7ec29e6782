// Messages, errors and times over the range, slice by slice.
import { Select, SimpleGrid } from '@mantine/core';
import { lazy } from 'react';
import { Failed, Loading } from '../parts/States';
import { type Grouping, type Statistics, useStatisticsOverTime } from './api';
import { ChartCard } from './ChartCard';
import { count, duration, share } from './numbers';
import { type Range, type Slice, sliceLabel } from './ranges';

const MessagesChart = lazy(async () => ({ default: (await import('./charts')).MessagesChart }));
const TimesChart = lazy(async () => ({ default: (await import('./charts')).TimesChart }));

interface Props {
  range: Range;
  slices: Slice[];
  by: Grouping;
  flowId: string;
  /** What is in the range, most first. */
  groups: { key: string; name: string }[];
  /** Whose times are shown. */
  chosen: string;
  choose: (key: string | null) => void;
}

const sum = (rows: Statistics[], part: 'done' | 'failed') => rows.reduce((total, row) => total + row[part], 0);

export function OverTime({ range, slices, by, flowId, groups, chosen, choose }: Props) {
  const { rows, error, ready, retry } = useStatisticsOverTime(by, flowId, slices);
  if (!ready) {
    return error === null ? <Loading what="the charts" /> : <Failed what="The charts could not be loaded." error={error} retry={retry} />;
  }
  const labels = slices.map(slice => sliceLabel(range, slice));
  const messages = rows.map((slice, at) => ({ label: labels[at]!, done: sum(slice ?? [], 'done'), failed: sum(slice ?? [], 'failed') }));
  const of = groups.some(({ key }) => key === chosen) ? chosen : (groups[0]?.key ?? '');
  const times = rows.map((slice, at) => ({ label: labels[at]!, ...(slice?.find(row => row[by] === of)?.messageMs ?? { p50: null, p90: null, p99: null }) }));
  const spoken = (ms: number | null) => (ms === null ? '–' : duration(ms));
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <ChartCard
        title="Messages and errors"
        about="Attempts, by how they ended. One that failed may have been tried again."
        columns={['From', 'Done', 'Failed', 'Share of errors']}
        rows={messages.map(({ label, done, failed }) => [label, count(done), count(failed), share(failed, done)])}
      >
        <MessagesChart points={messages} />
      </ChartCard>
      <ChartCard
        title="Time to be done"
        about="From queued to done, waiting and retries included."
        control={
          groups.length > 0 && (
            <Select
              aria-label={by === 'connector' ? 'Connector' : 'Flow'}
              size="xs"
              searchable
              allowDeselect={false}
              data={groups.map(({ key, name }) => ({ value: key, label: name }))}
              value={of}
              onChange={choose}
            />
          )
        }
        columns={['From', 'Half within', '90 % within', '99 % within']}
        rows={times.map(({ label, p50, p90, p99 }) => [label, spoken(p50), spoken(p90), spoken(p99)])}
      >
        <TimesChart points={times} />
      </ChartCard>
    </SimpleGrid>
  );
}

// Insights: how many messages, how many errors, how long they took; and the log behind them. All choices are in the address.
import { Badge, CloseButton, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { useIsAdmin } from '../api/session';
import { Page } from '../parts/Page';
import { Empty, Loaded } from '../parts/States';
import { type Grouping, type Statistics, useFlowNames, useStatistics } from './api';
import { Groups } from './Groups';
import { LogSearchPanel } from './LogSearchPanel';
import { OverTime } from './OverTime';
import { type Range, rangeOf, RANGES, type Slice, slicesOf, wholeOf } from './ranges';

/** So many flows are named; of the others the id is shown. */
const NAMED = 50;

type Change = (changes: Record<string, string | null>) => void;

export default function InsightsPage() {
  const [params, setParams] = useSearchParams();
  const admin = useIsAdmin();
  const range = rangeOf(params.get('range'));
  const slices = slicesOf(range, Date.now());
  const by: Grouping = params.get('by') === 'connector' ? 'connector' : 'flowId';
  const flowId = params.get('flow') ?? '';
  const set: Change = changes =>
    setParams(
      now => {
        for (const [name, value] of Object.entries(changes)) {
          now.delete(name);
          if (value) {
            now.set(name, value);
          }
        }
        return now;
      },
      { replace: true },
    );
  return (
    <Page title="Insights" about={admin ? 'Messages, errors and times of all flows, and their log.' : 'Messages, errors and times of your flows, and their log.'}>
      <Group>
        <SegmentedControl
          aria-label="Time"
          data={RANGES.map(({ value, label }) => ({ value, label }))}
          value={range.value}
          onChange={value => set({ range: value, page: null })}
        />
        <SegmentedControl
          aria-label="By"
          data={[
            { value: 'flowId', label: 'By flow' },
            { value: 'connector', label: 'By connector' },
          ]}
          value={by}
          onChange={value => set({ by: value === 'connector' ? 'connector' : null, of: null })}
        />
        {flowId !== '' && <OnlyFlow flowId={flowId} clear={() => set({ flow: null, page: null })} />}
      </Group>
      <Charts range={range} slices={slices} by={by} flowId={flowId} chosen={params.get('of') ?? ''} set={set} />
      <LogSearchPanel
        range={wholeOf(slices)}
        flowId={flowId}
        query={params.get('q') ?? ''}
        onlyErrors={params.get('only') === 'errors'}
        page={Math.max(1, Number(params.get('page') ?? 1) || 1)}
        set={set}
      />
    </Page>
  );
}

function Charts({ range, slices, by, flowId, chosen, set }: { range: Range; slices: Slice[]; by: Grouping; flowId: string; chosen: string; set: Change }) {
  return (
    <Loaded query={useStatistics(by, flowId, wholeOf(slices))} what="the counts of messages">
      {rows =>
        rows.length === 0 ? (
          <Empty title="No messages in this time" text="Take a longer time, or start a flow." />
        ) : (
          <Named by={by} rows={rows}>
            {groups => (
              <>
                <OverTime range={range} slices={slices} by={by} flowId={flowId} groups={groups} chosen={chosen} choose={of => set({ of })} />
                <Groups by={by} groups={groups} />
              </>
            )}
          </Named>
        )
      }
    </Loaded>
  );
}

type NamedRow = Statistics & { key: string; name: string };

function Named({ by, rows, children }: { by: Grouping; rows: Statistics[]; children: (groups: NamedRow[]) => React.ReactNode }) {
  const keys = rows.map(row => row[by] ?? '');
  const names = useFlowNames(by === 'flowId' ? keys.slice(0, NAMED) : []);
  return <Stack>{children(rows.map((row, at) => ({ ...row, key: keys[at]!, name: names.get(keys[at]!) ?? keys[at]! })))}</Stack>;
}

function OnlyFlow({ flowId, clear }: { flowId: string; clear: () => void }) {
  const name = useFlowNames([flowId]).get(flowId) ?? flowId;
  return (
    <Group gap={4}>
      <Badge variant="default" tt="none" size="lg" radius="sm">
        Only {name}
      </Badge>
      <CloseButton aria-label="Show all flows" onClick={clear} />
      <Text className="only-spoken">Only the flow {name} is shown.</Text>
    </Group>
  );
}

// The drawing of charts: a chunk of its own, since the library is large.
// Charts are pictures (ChartCard says what of): the library's own keyboard layer would be a second, nameless one.
import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { count, duration } from './numbers';

const STILL = { accessibilityLayer: false };
const SLIM = { maxBarSize: 36 };

export interface MessagesPoint {
  label: string;
  done: number;
  failed: number;
}

export interface TimesPoint {
  label: string;
  p50: number | null;
  p90: number | null;
  p99: number | null;
}

const SERIES = [
  { name: 'done', label: 'Done', color: 'blue.6' },
  { name: 'failed', label: 'Failed', color: 'red.7' },
];

export function MessagesChart({ points }: { points: MessagesPoint[] }) {
  return (
    <BarChart
      h={260}
      data={points}
      dataKey="label"
      type="stacked"
      series={SERIES}
      valueFormatter={count}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      barProps={SLIM}
      barChartProps={STILL}
    />
  );
}

export function GroupsChart({ points }: { points: MessagesPoint[] }) {
  return (
    <BarChart
      h={60 + points.length * 40}
      data={points}
      dataKey="label"
      type="stacked"
      orientation="vertical"
      series={SERIES}
      valueFormatter={count}
      yAxisProps={{ width: 130 }}
      barProps={SLIM}
      barChartProps={STILL}
    />
  );
}

export function TimesChart({ points }: { points: TimesPoint[] }) {
  return (
    <LineChart
      h={260}
      data={points}
      dataKey="label"
      curveType="linear"
      connectNulls={false}
      series={[
        { name: 'p50', label: 'Half', color: 'teal.6' },
        { name: 'p90', label: '90 %', color: 'blue.6', strokeDasharray: '6 3' },
        { name: 'p99', label: '99 %', color: 'grape.6', strokeDasharray: '2 3' },
      ]}
      valueFormatter={duration}
      yAxisProps={{ width: 70 }}
      withLegend
      legendProps={{ verticalAlign: 'bottom' }}
      lineChartProps={STILL}
    />
  );
}

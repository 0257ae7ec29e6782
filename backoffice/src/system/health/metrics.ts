// Prometheus text (exposition format 0.0.4) as numbers one can read. Of a histogram only count and mean are kept, over all labels.

export interface Metric {
  name: string;
  help: string;
  kind: string;
  /** Label text → value; one without labels has ''. Of a histogram: 'count' and 'mean seconds'. */
  samples: { label: string; value: number }[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;

export function parseMetrics(text: string): Metric[] {
  const metrics = new Map<string, Metric>();
  const of = (name: string): Metric => {
    const known = metrics.get(name) ?? { name, help: '', kind: '', samples: [] };
    metrics.set(name, known);
    return known;
  };
  for (const line of text.split('\n')) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') {
      of(name!).help = rest!;
    } else if (word === 'TYPE') {
      of(name!).kind = rest!.trim();
    } else if (line !== '' && !line.startsWith('#')) {
      take(of, metrics, line);
    }
  }
  for (const metric of metrics.values()) {
    if (metric.kind === 'histogram') {
      summarize(metric);
    }
  }
  return [...metrics.values()];
}

function take(of: (name: string) => Metric, metrics: Map<string, Metric>, line: string): void {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) {
    return;
  }
  const [, base, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
  if (base !== undefined && metrics.get(base)?.kind === 'histogram') {
    if (part !== 'bucket') {
      of(base).samples.push({ label: part!, value: Number(value) });
    }
    return;
  }
  of(name).samples.push({ label: labelOf(labels), value: Number(value) });
}

/** outcome="lost_with_others" → "lost with others"; several keep their names. */
function labelOf(labels: string): string {
  const plain = labels.replaceAll('"', '');
  return (plain.includes(',') ? plain : plain.slice(plain.indexOf('=') + 1)).replaceAll('_', ' ');
}

function summarize(metric: Metric): void {
  const total = (part: string) => metric.samples.filter(({ label }) => label === part).reduce((sum, { value }) => sum + value, 0);
  const count = total('count');
  metric.samples = [
    { label: 'count', value: count },
    ...(count === 0 ? [] : [{ label: 'mean seconds', value: total('sum') / count }]),
  ];
}

import type { MetricColumn, ServiceSpec } from '../../common/contract/services.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { numberAt, valueAt } from '../../common/lib/field.ts';
import { metricValue, type Metrics } from '../../common/wire/prometheus.ts';

/** Every channel of a service. `answer`: how long its health took; `up`: whether it answered. */
export function channelsOf({ name, columns, metrics }: ServiceSpec): ChannelInfo[] {
  const info = (column: string, label: string, unit: string, kind: ChannelInfo['kind'] = 'linear') => ({
    id: `${name}/${column}`,
    name: `${name} ${label}`,
    unit,
    kind,
  });
  return [
    info('up', 'up', '', 'step'),
    info('answer', 'answer', 'ms'),
    ...[...columns, ...(metrics?.columns ?? [])].map((each) => info(each.column, each.name, each.unit)),
  ];
}

/** The numbers that an answer has of the columns asked for; null when it has none of them. */
export function readAnswer(
  { columns }: ServiceSpec,
  answer: unknown,
): [column: string, value: number][] | null {
  const found = columns.flatMap(({ column, field }): [string, number][] => {
    const value = numberAt(answer, field);
    return value === null ? [] : [[column, value]];
  });
  return found.length > 0 || columns.length === 0 ? found : null;
}

/** An answer's own time, microseconds since 1970; null without one. */
export function timeOf(answer: unknown, path: string | undefined): number | null {
  const value = path === undefined ? undefined : valueAt(answer, path);
  if (typeof value === 'string') return Number.isNaN(Date.parse(value)) ? null : Date.parse(value) * 1000;
  if (typeof value !== 'number' || !(value > 0)) return null;
  // Which unit it is, its size tells: 1e11 seconds are the year 5138, 1e14 milliseconds too.
  if (value < 1e11) return value * 1e6;
  return value < 1e14 ? value * 1000 : value;
}

/** Reads metric columns; those that are rates need the page before. */
export function createMetricReader(columns: MetricColumn[]) {
  const before = new Map<string, { at: number; value: number }>();
  return (metrics: Metrics, at: number): [column: string, value: number][] =>
    columns.flatMap(({ column, metric, labels, as }): [string, number][] => {
      const value = metricValue(metrics, metric, labels);
      if (value === null) return [];
      if (as === 'value') return [[column, value]];
      const last = before.get(column);
      before.set(column, { at, value });
      // A counter that fell was started again: how much it counted before that nobody knows.
      if (!last || at <= last.at || value < last.value) return [];
      return [[column, ((value - last.value) * 1e6) / (at - last.at)]];
    });
}

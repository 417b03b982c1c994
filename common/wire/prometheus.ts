/**
 * Reads the text format of metrics (Prometheus exposition format 0.0.4, and what OpenMetrics shares with it):
 * `name{label="value",…} value [timestamp]`, `#` begins a comment.
 */

export interface MetricSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Metrics {
  samples: MetricSample[];
  /** Lines that are none. */
  rejected: number;
}

const mostLines = 50_000;
const longestLine = 8_192;
const nameOf = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const labelOf = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/;
/** A value, and a timestamp that is not needed. */
const valueOf = /^\s+(\S+)(?:\s+-?[\d.]+)?(?:\s+#.*)?\s*$/;

export function parseMetrics(text: string): Metrics {
  const samples: MetricSample[] = [];
  let rejected = 0;
  const lines = text.split('\n');
  for (const line of lines.slice(0, mostLines)) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const sample = trimmed.length <= longestLine ? parseLine(trimmed) : null;
    if (sample) samples.push(sample);
    else rejected++;
  }
  return { samples, rejected: rejected + Math.max(0, lines.length - mostLines) };
}

function parseLine(line: string): MetricSample | null {
  const name = nameOf.exec(line)?.[0];
  if (!name) return null;
  const labels: Record<string, string> = {};
  let rest = line.slice(name.length);
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    for (let label = labelOf.exec(rest); label; label = labelOf.exec(rest)) {
      labels[label[1]!] = unescaped(label[2]!);
      rest = rest.slice(label[0].length);
    }
    rest = rest.trimStart();
    if (!rest.startsWith('}')) return null;
    rest = ` ${rest.slice(1)}`;
  }
  const value = numberOf(valueOf.exec(rest)?.[1]);
  return value === null ? null : { name, labels, value };
}

/** As Go prints floats: NaN, +Inf and -Inf too. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[+-]?Inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === 'NaN') return NaN;
  const value = Number(text);
  return Number.isNaN(value) ? null : value;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character));
}

/** The sum of the samples of this name that have all of these labels; null when there is none, or it is not finite. */
export function metricValue(
  { samples }: Metrics,
  name: string,
  labels: Record<string, string>,
): number | null {
  const found = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found.length === 0) return null;
  const sum = found.reduce((total, { value }) => total + value, 0);
  return Number.isFinite(sum) ? sum : null;
}

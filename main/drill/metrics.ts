/** What the rig's CV and LLM say of themselves at `/metrics`, in the text format of Prometheus (0.0.4). */
import type { Part } from './signal/line.ts';
import type { Answer } from './http-service.ts';

type Labels = Record<string, string>;

interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge' | 'summary';
  /** `suffix`: `_sum` and `_count` of a summary. */
  samples: { suffix?: string; labels?: Labels; value: number }[];
}

export function cvMetrics(parts: readonly Part[], framesPerSecond: number): Answer {
  return page([
    {
      name: 'cv_detections_total',
      help: 'Parts seen, by what they were taken for.',
      type: 'counter',
      samples: ['ok', 'scratch', 'dent', 'missing-label'].map((label) => ({
        labels: { label },
        value: parts.filter((part) => part.label === label).length,
      })),
    },
    summary('cv_inference_seconds', 'How long a frame took.', parts, ({ visionMs }) => visionMs / 1000),
    {
      name: 'cv_frames_per_second',
      help: 'Frames looked at.',
      type: 'gauge',
      samples: [{ value: framesPerSecond }],
    },
  ]);
}

export function llmMetrics(parts: readonly Part[]): Answer {
  return page([
    { name: 'llm_scores_total', help: 'Parts scored.', type: 'counter', samples: [{ value: parts.length }] },
    {
      name: 'llm_tokens_total',
      help: 'Tokens generated.',
      type: 'counter',
      samples: [{ value: parts.reduce((sum, { tokens }) => sum + tokens, 0) }],
    },
    summary('llm_request_seconds', 'How long a score took.', parts, ({ scorerMs }) => scorerMs / 1000),
  ]);
}

function summary(
  name: string,
  help: string,
  parts: readonly Part[],
  valueOf: (part: Part) => number,
): Metric {
  const sum = parts.reduce((total, part) => total + valueOf(part), 0);
  return {
    name,
    help,
    type: 'summary',
    samples: [
      { suffix: '_sum', value: Math.round(sum * 1e6) / 1e6 },
      { suffix: '_count', value: parts.length },
    ],
  };
}

function page(metrics: Metric[]): Answer {
  const lines = metrics.flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${shown(labels)} ${value}`),
  ]);
  return {
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
    body: `${lines.join('\n')}\n`,
  };
}

function shown(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

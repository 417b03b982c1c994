/** What the line's services and logs show an agent at a moment: rows, health and log lines of the parts that passed. */
import type { Line, Part } from '../signal/line.ts';
import { scoreOf } from '../system/score-of.ts';

export interface LineView {
  /** Parts that passed by then. */
  parts: number;
  /** The newest, oldest first. */
  newest(count: number): Part[];
  clock(seconds: number): string;
}

export function viewOf(line: Line, at: number, wallMs: (seconds: number) => number): LineView {
  const parts = line.countBefore(at);
  return {
    parts,
    newest: (count) =>
      Array.from({ length: Math.min(count, parts) }, (_, index) =>
        line.part(parts - Math.min(count, parts) + index),
      ),
    clock: (seconds) => new Date(wallMs(seconds)).toISOString(),
  };
}

export const scoreRow = (part: Part, { clock }: LineView) => ({
  part: part.index,
  at: clock(part.at + 0.9),
  label: part.label,
  score: scoreOf(part.label, part.confidence),
  grams: rounded(part.grams, 1),
});

export const detectionRow = (part: Part, { clock }: LineView) => ({
  part: part.index,
  at: clock(part.at + 0.4),
  label: part.label,
  confidence: rounded(part.confidence, 3),
  latency_ms: rounded(part.visionMs, 1),
});

/** As systemd's journal has it, one line a request. */
export const visionLog = (parts: Part[], { clock }: LineView): string =>
  parts
    .map(
      (part) =>
        `${clock(part.at + 0.4).slice(0, 19)} qc-line uvicorn[812]: INFO part=${part.index} label=${part.label} conf=${rounded(part.confidence, 3)} infer=${rounded(part.visionMs, 1)}ms "POST /infer HTTP/1.1" 200 OK`,
    )
    .join('\n');

export const scorerLog = (parts: Part[], { clock }: LineView): string =>
  parts
    .map(
      (part) =>
        `${clock(part.at + 0.9).slice(0, 19)} qc-line uvicorn[977]: INFO scored part=${part.index} score=${scoreOf(part.label, part.confidence)} tokens=${part.tokens} took=${rounded(part.scorerMs, 0)}ms`,
    )
    .join('\n');

export const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

/** What is said of some parts: their number, labels and mean score. */
export function figuresOf(parts: Part[]) {
  const scores = parts.map((part) => scoreOf(part.label, part.confidence));
  const of = (label: Part['label']) => parts.filter((part) => part.label === label).length;
  return {
    count: parts.length,
    first: parts[0]?.index ?? 0,
    last: parts.at(-1)?.index ?? 0,
    good: of('ok'),
    scratched: of('scratch'),
    dented: of('dent'),
    mean: scores.length === 0 ? 0 : rounded(scores.reduce((sum, score) => sum + score, 0) / scores.length, 1),
    slowest: rounded(Math.max(0, ...parts.map((part) => part.visionMs)), 1),
  };
}

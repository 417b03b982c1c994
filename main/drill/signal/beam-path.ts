/** When the beam is broken, by parts and by faults, and how its edges bounce. Pure functions of time. */
import * as degree from './beam-faults.ts';
import { silence } from './cell-faults.ts';
import {
  burstAt,
  burstsIn,
  faultAt,
  faultStream,
  type ActiveFault,
  type BeamFaultName,
  type BurstPlan,
} from './faults.ts';
import type { Line } from './line.ts';
import { mainsHertz } from './mains.ts';
import { uniform } from './random.ts';

export type BeamFault = ActiveFault<BeamFaultName>;

/** A time that the beam is broken, in seconds since the rig started. */
export interface Span {
  start: number;
  end: number;
}

export interface BeamPath {
  /** Those that touch [from, to], apart from each other, in order. */
  spans(from: number, to: number): Span[];
  /** Seconds after the edge at `t` at which it bounces, an even number of times. */
  bounces(t: number): number[];
  isSilent(t: number): boolean;
}

export function createBeamPath(seed: number, line: Line, faults: readonly BeamFault[]): BeamPath {
  const drawn = (name: BeamFaultName, part: 0 | 1, index: number) =>
    uniform(seed, faultStream(name, part), index);
  const between = (least: number, most: number, share: number) => least + (most - least) * share;
  const touching = (name: BeamFaultName, from: number, to: number) =>
    faults.filter((fault) => fault.name === name && fault.onset <= to && fault.end > from);
  const bursts = (fault: BeamFault, plan: BurstPlan, from: number, to: number) =>
    burstsIn(seed, faultStream(fault.name, 0), plan, fault.onset, Math.max(from, fault.onset), to);
  const cut = (span: Span, fault: BeamFault): Span => ({
    start: Math.max(span.start, fault.onset),
    end: Math.min(span.end, fault.end),
  });

  function isMissed(index: number, at: number): boolean {
    const fault = faultAt(faults, 'beam-blind', at);
    if (!fault) return false;
    const { one, of } = degree.seen[fault.severity];
    return (index - line.countBefore(fault.onset)) % of < of - one;
  }

  function partSpans(from: number, to: number): Span[] {
    const spans: Span[] = [];
    for (let i = Math.max(0, line.countBefore(from) - 1); line.part(i).at <= to; i++) {
      const { at, width } = line.part(i);
      if (!isMissed(i, at)) spans.push({ start: at, end: at + width });
    }
    return spans;
  }

  function stuckSpans(from: number, to: number): Span[] {
    return touching('beam-stuck', from, to).flatMap((fault) =>
      bursts(fault, degree.stuck[fault.severity], from, to).map((burst) => cut(burst, fault)),
    );
  }

  /** The pulse that a part makes once more as it leaves. */
  function swings(from: number, to: number): Span[] {
    const spans: Span[] = [];
    for (let i = Math.max(0, line.countBefore(from) - 2); line.part(i).at <= to; i++) {
      const delay = between(degree.swings.least, degree.swings.most, drawn('beam-false-edges', 0, i));
      spans.push(falsePulse('slight', i, line.part(i).at + delay));
    }
    return spans;
  }

  function falsePulse(severity: 'slight' | 'clear' | 'severe', index: number, start: number): Span {
    const { least, most } = degree.falsePulses[severity];
    return { start, end: start + between(least, most, drawn('beam-false-edges', 1, index)) };
  }

  function falseSpans(from: number, to: number): Span[] {
    return touching('beam-false-edges', from, to).flatMap((fault) => {
      const { severity, onset } = fault;
      const { period } = degree.falsePulses[severity];
      if (severity === 'slight')
        return swings(from, to)
          .filter(({ start }) => start >= onset)
          .map((span) => cut(span, fault));
      const spans: Span[] = [];
      const last = Math.floor((to - onset) / period);
      for (let i = Math.max(0, Math.floor((from - onset) / period) - 1); i <= last; i++) {
        const delay = period * between(0.1, 0.6, drawn('beam-false-edges', 0, i));
        spans.push(cut(falsePulse(severity, i, onset + i * period + delay), fault));
      }
      return spans;
    });
  }

  const lampPeriod = 1 / (2 * mainsHertz(seed).exact);

  function lampSpans(from: number, to: number): Span[] {
    return touching('beam-lamps', from, to).flatMap((fault) => {
      const { when, share, least, most } = degree.lamps[fault.severity];
      return bursts(fault, when, from, to).flatMap((burst) => {
        const spans: Span[] = [];
        const first = Math.ceil(Math.max(burst.start, fault.onset, from - lampPeriod) / lampPeriod);
        const last = Math.floor(Math.min(burst.end, fault.end, to) / lampPeriod);
        for (let i = first; i <= last; i++) {
          if (drawn('beam-lamps', 0, i) >= share) continue;
          const start = i * lampPeriod;
          spans.push(cut({ start, end: start + between(least, most, drawn('beam-lamps', 1, i)) }, fault));
        }
        return spans;
      });
    });
  }

  return {
    spans: (from, to) =>
      union([
        ...partSpans(from, to),
        ...stuckSpans(from, to),
        ...falseSpans(from, to),
        ...lampSpans(from, to),
      ]).filter(({ start, end }) => start <= to && end >= from),
    bounces(t) {
      const fault = faultAt(faults, 'beam-bounce', t);
      if (!fault) return [];
      const { least, most, within } = degree.bounces[fault.severity];
      // Each edge has its own number, whatever was asked before.
      const edge = Math.round(t * 1e4) % 2 ** 24;
      const pairs = Math.floor(between(least, most + 1, drawn('beam-bounce', 0, edge)));
      return Array.from(
        { length: 2 * pairs },
        (_, i) => (within * (i + 0.3 + 0.5 * drawn('beam-bounce', 1, edge * 32 + i))) / (2 * pairs),
      );
    },
    isSilent(t) {
      const fault = faultAt(faults, 'quiet', t);
      if (!fault) return false;
      // An aim of its own: cells go quiet at other times.
      return burstAt(seed, faultStream('quiet', 1), silence[fault.severity], fault.onset, t) !== null;
    },
  };
}

function union(spans: Span[]): Span[] {
  const apart: Span[] = [];
  for (const span of spans.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start)) {
    const last = apart.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else apart.push({ ...span });
  }
  return apart;
}

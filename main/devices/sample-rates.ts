import type { SampleBlock } from '../../common/wire/types.ts';

/** Effective rates of channels over the last five seconds, by their samples' own times. */
export interface SampleRates {
  note(block: SampleBlock): void;
  /** Samples a second by channel at host time `now`. */
  at(now: number): Record<string, number>;
}

interface Mark {
  t: number;
  count: number;
}

const window = 5_000_000;
const markEvery = 100_000;
/** A channel that gave nothing for so long has slowed down or stopped: the time without counts too. */
const pause = 1_000_000;

export function createSampleRates(): SampleRates {
  /** The newest mark of a channel is its last sample; the others begin the window. */
  const marks = new Map<string, Mark[]>();

  function rateOf(of: Mark[], now: number): number {
    const last = of.at(-1)!;
    const until = now - last.t > pause ? now : last.t;
    const first = of.findLast(({ t }) => t <= until - window) ?? of[0]!;
    const micros = until - first.t;
    return micros > 0 ? ((last.count - first.count) / micros) * 1e6 : 0;
  }

  return {
    note({ channel, t }) {
      const [first, last] = [t[0], t.at(-1)];
      if (first === undefined || last === undefined) return;
      const of = marks.get(channel) ?? [{ t: first, count: 1 }];
      const before = marks.has(channel) ? of.at(-1)!.count : 0;
      marks.set(channel, of);
      const next = { t: last, count: before + t.length };
      const previous = of.at(-2);
      if (previous && of.at(-1)!.t - previous.t < markEvery) of[of.length - 1] = next;
      else of.push(next);
      while (of.length > 2 && of[1]!.t <= last - window) of.shift();
    },
    at: (now) => Object.fromEntries([...marks].map(([channel, of]) => [channel, rateOf(of, now)])),
  };
}

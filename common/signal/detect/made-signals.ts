/** Signals by hand for the tests of the detectors: a line with a scale of two cells and a beam before it. */
import { createDetectors } from './detectors.ts';
import type { FaultName } from './names.ts';
import type { DetectedChannel, FaultChange } from './types.ts';

const start = 1_700_000_000e6;
const offset = -84_213;
const scale = 428;
const every = 3.2;
const beamToScale = 0.35;
const onScale = 1.4;

/** mulberry32: a small generator with a seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box–Muller. */
export function normalOf(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Unit step of a platform that rings at 6 Hz. */
function step(t: number): number {
  return t <= 0 ? 0 : 1 - Math.exp(-8.3 * t) * (Math.cos(36.8 * t) + 0.225 * Math.sin(36.8 * t));
}

/** Grams on one cell `t` seconds after the start; parts come every 3.2 s, each a little different. */
export function loadAt(t: number): number {
  const part = Math.floor(t / every);
  let grams = 0;
  for (let n = Math.max(1, part - 1); n <= part; n++) {
    const weight = 155 + ((n * 7) % 11) - 5;
    const since = t - n * every - beamToScale;
    grams += weight * (step(since) - step(since - onScale));
  }
  return grams;
}

/** When the beam breaks and is free again. */
export const partTimes = (n: number) => ({ broken: n * every, free: n * every + 0.21 });

export interface CellOptions {
  rate?: number;
  sigma?: number;
  seed?: number;
  /** No parts come. */
  idle?: boolean;
  role?: 'counts' | 'grams';
  /** Of grams: the last digit. */
  digit?: number;
  calibrated?: boolean;
  /** What the fault makes of sample `i` at `t`; null: it never comes. */
  change?: ((counts: number, t: number, i: number) => number | null) | undefined;
}

/** One channel's samples by time. */
interface Made {
  info: DetectedChannel;
  samples: { t: number; v: number }[];
}

export function makeCell(id: string, seconds: number, options: CellOptions = {}): Made {
  const { rate = 80.6, seed = 1, role = 'counts', idle = false, digit = 0.01 } = options;
  const random = createRandom(seed);
  const sigma = options.sigma ?? (rate > 30 ? 38 : 21);
  const samples: Made['samples'] = [];
  for (let i = 0; i / rate < seconds; i++) {
    const t = i / rate;
    const clean = Math.round(offset + (idle ? 0 : loadAt(t)) * scale + sigma * normalOf(random));
    const counts = options.change ? options.change(clean, t, i) : clean;
    if (counts === null) continue;
    const grams = Math.round((counts - offset) / scale / digit) * digit;
    samples.push({ t, v: role === 'counts' ? Math.round(counts) : grams });
  }
  const info: DetectedChannel = {
    channel: `${id}/${role === 'counts' ? 'raw' : 'weight'}`,
    device: id,
    role,
    kind: 'linear',
    heartbeat: false,
    ...(options.calibrated && { calibration: { offset, scale } }),
  };
  return { info, samples };
}

export interface BeamOptions {
  heartbeat?: boolean;
  /** Edges of part `n` as [time, level]; those of a healthy beam unless told. */
  part?: (n: number) => [number, number][];
  /** Edges besides. */
  more?: [number, number][];
  /** The level that a heartbeat at `t` tells, where it is not the healthy one; null: none comes. */
  beat?: (t: number, level: number) => number | null;
}

export function makeBeam(id: string, seconds: number, options: BeamOptions = {}): Made {
  const edgesOf = options.part ?? healthyEdges;
  const edges: [number, number][] = [...(options.more ?? [])];
  for (let n = 1; partTimes(n).free < seconds; n++) edges.push(...edgesOf(n));
  edges.sort((a, b) => a[0] - b[0]);
  const samples = edges.map(([t, v]) => ({ t, v }));
  if (options.heartbeat ?? true)
    for (let t = 0.5; t < seconds; t++) {
      const level = edges.findLast(([at]) => at < t)?.[1] ?? 1;
      const told = options.beat ? options.beat(t, level) : level;
      if (told !== null) samples.push({ t, v: told });
    }
  samples.sort((a, b) => a.t - b.t);
  const heartbeat = options.heartbeat ?? true;
  return { info: { channel: `${id}/beam`, device: id, role: 'beam', kind: 'step', heartbeat }, samples };
}

export function healthyEdges(n: number): [number, number][] {
  const { broken, free } = partTimes(n);
  return [
    [broken, 0],
    [free, 1],
  ];
}

/** A change with its times in seconds since the start. */
export type Told = Pick<FaultChange, 'fault' | 'channel' | 'state' | 'confidence' | 'says' | 'next'> & {
  at: number;
  from: number;
};

/** Feeds what was made in blocks of 20 ms with ticks each tenth of a second, and answers all changes. */
export function detect(seconds: number, made: Made[]): Told[] {
  const detectors = createDetectors();
  for (const { info } of made) detectors.add(info);
  const told: Told[] = [];
  const next = made.map(() => 0);
  const tell = (at: number, changes: FaultChange[]) => {
    for (const { fault, channel, state, from, confidence, says, next: check } of changes)
      told.push({ fault, channel, state, at, from: (from - start) / 1e6, confidence, says, next: check });
  };
  for (let n = 1; n * 0.02 <= seconds; n++) {
    const now = n * 0.02;
    made.forEach(({ info, samples }, which) => {
      const from = next[which]!;
      let to = from;
      while (to < samples.length && samples[to]!.t < now) to++;
      next[which] = to;
      const block = samples.slice(from, to);
      if (block.length === 0) return;
      tell(
        now,
        detectors.feed(
          info.channel,
          block.map(({ t }) => start + t * 1e6),
          block.map(({ v }) => v),
        ),
      );
    });
    if (n % 5 === 0) tell(now, detectors.tick(start + now * 1e6));
  }
  return told;
}

/** Names raised, each once for each time that it was. */
export const raised = (told: Told[]): FaultName[] =>
  told.filter(({ state }) => state === 'raised').map(({ fault }) => fault);

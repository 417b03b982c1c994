/**
 * The physical model of the virtual line: parts pass, the beam breaks, the load rises and rings.
 * Everything is a function of the seed and of seconds since the rig started; what was before has negative times.
 */
import { normal, uniform } from './random.ts';
import { stream } from './streams.ts';

/** One part on its way past the beam, over the scale and in front of the camera. Times are seconds since start. */
export interface Part {
  index: number;
  /** The beam breaks. */
  at: number;
  /** How long the beam stays broken. */
  width: number;
  /** It rests on the scale from `onScale` to `offScale`. */
  onScale: number;
  offScale: number;
  grams: number;
  /** Share of the load on cell A. */
  shareA: number;
  label: 'ok' | 'scratch' | 'dent' | 'missing-label';
  confidence: number;
  /** x, y, width, height in pixels of a 1280 × 720 frame. */
  box: [number, number, number, number];
  /** How long camera and scorer take over it, in milliseconds, and how many tokens the scorer's answer has. */
  visionMs: number;
  scorerMs: number;
  tokens: number;
}

const meanInterval = 3.2;
/** Second-order response of platform and load cell: natural frequency and damping. */
const naturalHz = 6;
const damping = 0.22;
/** After so many seconds the ringing is below a hundredth of a count. */
const ringSeconds = 2;

/** The parts of one run, made in order as they are asked for. The line runs since `from`. */
export function createLine(seed: number, from = 0) {
  const parts: Part[] = [];
  /** Index near which was last looked: times are asked for nearly in order. */
  let hint = 0;

  const next = (): Part => {
    const index = parts.length;
    const before = parts[index - 1];
    const interval = meanInterval + (uniform(seed, stream.interval, index) - 0.5) * 1.2;
    const at = (before?.at ?? from) + interval;
    const width = 0.21 + (uniform(seed, stream.width, index) - 0.5) * 0.03;
    const grams = 310 + normal(seed, stream.grams, index) * 4;
    const label = labelOf(uniform(seed, stream.label, index));
    const confidence = Math.min(0.99, Math.max(0.3, 0.86 + normal(seed, stream.confidence, index) * 0.05));
    const latency = (n: number) => normal(seed, stream.latency, index * 3 + n);
    const tokens = Math.round(148 + 14 * latency(2));
    const x = 480 + Math.round(normal(seed, stream.box, index * 2) * 12);
    const y = 250 + Math.round(normal(seed, stream.box, index * 2 + 1) * 8);
    return {
      index,
      at,
      width,
      onScale: at + 0.35,
      offScale: at + 1.75,
      grams,
      shareA: 0.5 + (uniform(seed, stream.share, index) - 0.5) * 0.04,
      label,
      confidence,
      box: [x, y, 320, 220],
      visionMs: Math.max(28, 35.8 + 1.6 * latency(0)),
      // A token takes 1.4 ms, whatever else there is to do 40.
      scorerMs: 40 + 1.4 * tokens + Math.abs(6 * latency(1)),
      tokens,
    };
  };

  /** How many parts' beams break before `time`; these are made. */
  function countBefore(time: number): number {
    while ((parts.at(-1)?.at ?? from) < time) parts.push(next());
    while (hint > 0 && parts[hint - 1]!.at >= time) hint--;
    while (hint < parts.length && parts[hint]!.at < time) hint++;
    return hint;
  }

  return {
    seed,
    from,
    /** All parts whose beam breaks before `time`. */
    partsUntil: (time: number): readonly Part[] => parts.slice(0, countBefore(time)),
    /** The part `index`, made if need be. */
    part(index: number): Part {
      while (parts.length <= index) parts.push(next());
      return parts[index]!;
    },
    countBefore,
    /** Grams on cell A or B at `time`, with the ringing of arrival and departure. */
    load(cell: 'a' | 'b', time: number): number {
      let grams = 0;
      for (let i = countBefore(time) - 1; i >= 0; i--) {
        const part = parts[i]!;
        if (time - part.offScale > ringSeconds) break;
        const share = cell === 'a' ? part.shareA : 1 - part.shareA;
        grams +=
          part.grams * share * (stepResponse(time - part.onScale) - stepResponse(time - part.offScale));
      }
      return grams;
    },
  };
}
export type Line = ReturnType<typeof createLine>;

/** Unit step response of an underdamped second-order system (Ogata, Modern Control Engineering, 5-3). */
export function stepResponse(time: number): number {
  if (time <= 0) return 0;
  if (time > ringSeconds) return 1;
  const omega = 2 * Math.PI * naturalHz;
  const root = Math.sqrt(1 - damping * damping);
  const phase = omega * root * time;
  return 1 - Math.exp(-damping * omega * time) * (Math.cos(phase) + (damping / root) * Math.sin(phase));
}

function labelOf(u: number): Part['label'] {
  if (u < 0.9) return 'ok';
  if (u < 0.95) return 'scratch';
  return u < 0.98 ? 'dent' : 'missing-label';
}

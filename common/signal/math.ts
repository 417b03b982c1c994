/** A channel computed from others, as their samples come. */
import type { MathExpression } from './math-parse.ts';
import type { Samples } from './runs.ts';
import { termOf } from './math-terms.ts';

export { functions, longestExpression, parseMath, type MathExpression } from './math-parse.ts';
export { unitOf } from './math-unit.ts';

export interface MathOptions {
  /** Microseconds after which an input's last value counts no more: then there is no result. */
  stale: number;
  /** How long to wait for an input that is behind the others, microseconds. */
  patience: number;
}

/** Results stand at the times of the inputs' samples, of all together; what is not new then has its last value. */
export interface MathStream {
  readonly inputs: readonly string[];
  /** Samples of an input, their times rising. Those of other channels are ignored. */
  push(channel: string, t: ArrayLike<number>, v: ArrayLike<number>): void;
  /** A step channel is known to hold its value until `at`. */
  heard(channel: string, at: number): void;
  /** What is certain by `now`: up to where every input has come, or its time to come has passed. */
  take(now: number): Samples;
}

interface Input {
  /** Samples that are not used yet, from `next` on. */
  t: number[];
  v: number[];
  next: number;
  /** Time of the sample whose value is in force. */
  heldAt: number;
  /** Of a step channel: until when its last value is known to hold. */
  heardUntil: number;
  lastTime: number;
}

export function createMath(expression: MathExpression, { stale, patience }: MathOptions): MathStream {
  const { inputs: names, root } = expression;
  const held = new Float64Array(names.length).fill(NaN);
  const term = termOf(root, held);
  const inputs = names.map((): Input => ({
    t: [],
    v: [],
    next: 0,
    heldAt: -Infinity,
    heardUntil: -Infinity,
    lastTime: -Infinity,
  }));
  let done = -Infinity;

  /** Puts what is new at `time` in force; answers of which inputs, as bits. */
  const hold = (time: number) => {
    let changed = 0;
    inputs.forEach((input, i) => {
      while (input.t[input.next] === time) {
        held[i] = input.v[input.next++]!;
        input.heldAt = Math.max(input.heldAt, time);
        changed |= 1 << i;
      }
    });
    return changed;
  };

  return {
    inputs: names,
    push(channel, t, v) {
      const i = names.indexOf(channel);
      const input = inputs[i];
      if (!input || t.length === 0) return;
      for (let k = 0; k < t.length; k++) {
        const time = t[k]!;
        if (time > done) {
          input.t.push(time);
          input.v.push(v[k]!);
        } else {
          // Too late for a result of its own.
          held[i] = v[k]!;
          input.heldAt = Math.max(input.heldAt, time);
        }
        input.lastTime = time;
      }
    },
    heard(channel, at) {
      const input = inputs[names.indexOf(channel)];
      if (!input) return;
      input.lastTime = Math.max(input.lastTime, at);
      input.heardUntil = Math.max(input.heardUntil, at);
    },
    take(now) {
      const until = Math.max(now - patience, Math.min(...inputs.map(({ lastTime }) => lastTime)));
      const [t, v]: [number[], number[]] = [[], []];
      for (;;) {
        const time = Math.min(...inputs.map((input) => input.t[input.next] ?? Infinity));
        if (!(time <= until)) break;
        const changed = hold(time);
        if (inputs.some((input) => time - knownUntil(input) > stale)) {
          term.reset();
          continue;
        }
        const value = term.at(time, changed);
        if (!Number.isFinite(value)) continue;
        t.push(time);
        v.push(value);
      }
      done = Math.max(done, until);
      for (const input of inputs) forgetUsed(input);
      return { t: Float64Array.from(t), v: Float64Array.from(v) };
    },
  };
}

/** Until when the value in force is known to be: a step channel holds it until its next sample, if it was heard so far. */
function knownUntil({ t, next, heldAt, heardUntil }: Input): number {
  return heldAt === -Infinity ? heldAt : Math.max(heldAt, Math.min(heardUntil, t[next] ?? Infinity));
}

function forgetUsed(input: Input): void {
  input.t.splice(0, input.next);
  input.v.splice(0, input.next);
  input.next = 0;
}

import { uniform } from './random.ts';
import { stream } from './streams.ts';

/** The mains of a rig, the same for cells and lamps: 50 or 60 Hz by its seed, within 0.05 % of it. */
export function mainsHertz(seed: number): { nominal: 50 | 60; exact: number } {
  const nominal = uniform(seed, stream.mains, 0) < 0.5 ? 50 : 60;
  return { nominal, exact: nominal * (1 + (uniform(seed, stream.mains, 1) - 0.5) * 0.001) };
}

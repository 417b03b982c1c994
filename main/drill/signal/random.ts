/**
 * Deterministic randomness for the rig: a value is a pure function of (seed, stream, index), so a sample is the same
 * however late or early it is asked for. Mixer: the 32-bit finaliser of MurmurHash3.
 */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in (0, 1). */
export function uniform(seed: number, stream: number, index: number): number {
  const bits = mix(mix(mix(seed) ^ Math.imul(stream, 0x9e3779b1)) ^ Math.imul(index + 1, 0x85ebca77));
  return (bits + 0.5) / 4_294_967_296;
}

/** Normal with mean 0 and standard deviation 1 (Box–Muller). */
export function normal(seed: number, stream: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(seed, stream, index * 2)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, stream, index * 2 + 1));
}

/** How the captures of a process that is killed are named and timed. */
const start = 1_795_000_000_000_000;

export const killed = {
  start,
  id: (number: number) => `killed-${number}`,
  file: (number: number) => `captures/killed-${number}.mcap`,
  /** Host time of the cell's sample `n`. */
  timeOf: (n: number) => start + n * 500,
};

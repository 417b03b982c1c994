/** What is drawn independently of each other of one seed (random.ts). Numbers stay: they are the rig's history. */
export const stream = {
  interval: 1,
  width: 2,
  grams: 3,
  share: 4,
  label: 5,
  confidence: 6,
  box: 7,
  cellA: 8,
  cellB: 9,
  oscillator: 10,
  wander: 11,
  mains: 12,
  printing: 13,
  broadband: 14,
  beam: 15,
  latency: 16,
  jetson: 17,
  system: 18,
  /** Each fault has two of its own, from here on. */
  faults: 100,
} as const;

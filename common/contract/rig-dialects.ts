/** What the boards of the rig's load cells and of its beam can speak (`dialects` of devices.ts); the usual one first. */

export const rigCellDialects = [
  'hx711-csv',
  'hx711-reading',
  'hx711-average',
  'hx711-loadcell',
  'hx711-weight-raw',
  'csv',
  'teleplot',
  'frames',
] as const;
export const rigBeamDialects = ['beam-events', 'beam-text', 'beam-level'] as const;

export type RigCellDialect = (typeof rigCellDialects)[number];
export type RigBeamDialect = (typeof rigBeamDialects)[number];

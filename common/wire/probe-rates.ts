/** Baud rates to try, in this order: the examples' own first (SENSORS), then what else boards are set to. */
export const probeRates: readonly number[] = [
  57_600, 115_200, 38_400, 9_600, 230_400, 921_600, 19_200, 460_800, 74_880, 250_000, 500_000, 1_000_000,
  2_000_000, 4_800,
];

/** Baud rates at which firmware of a dialect usually speaks, the most usual first. */
export const usualRates: Readonly<Record<string, readonly number[]>> = {
  'hx711-csv': [57_600, 115_200, 9_600],
  'hx711-reading': [57_600],
  'hx711-average': [38_400],
  'hx711-loadcell': [57_600],
  'hx711-weight-raw': [115_200, 57_600],
  csv: [115_200, 9_600],
  teleplot: [115_200],
  'beam-events': [115_200, 57_600],
  'beam-text': [9_600],
  'beam-level': [9_600],
  tegrastats: [115_200],
  frames: [921_600, 230_400],
};

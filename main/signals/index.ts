/** Triggers, measurements, math channels, named faults and the calibration of cells. */
export { createCalibrationApi, createSignalsApi } from './api.ts';
export { watchBareFaults } from './bare-faults.ts';
export { openSignals } from './signals.ts';
export type { Signals, SignalsDeps } from './types.ts';

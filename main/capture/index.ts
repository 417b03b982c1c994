/** Captured signals: in memory for the scopes, on disk as MCAP, in part as evidence. */
export { createCapture } from './capture.ts';
export type {
  Capture,
  CaptureChannel,
  CaptureDeps,
  CaptureGap,
  ReadSamples,
  SamplesListener,
} from './types.ts';
export { createCaptureApi } from './api.ts';
export { samplesOf } from './samples-of.ts';
export { recoverCapture } from './recovery.ts';
export { replayCapture } from './capture-replay.ts';
export type { LostRun, Recovery } from './recovery.ts';
export type { FileLoss } from './backlog.ts';

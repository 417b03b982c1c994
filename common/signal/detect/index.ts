export { detectedChannel } from './channel-role.ts';
export { createDetectors, type Detectors } from './detectors.ts';
export { faultNames, faultTexts, type FaultName } from './names.ts';
export type { ChannelRole, DetectedChannel, FaultChange, Scale } from './types.ts';

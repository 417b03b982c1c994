/** The faults of what stands behind the sensors, and what the system makes of the line's parts while some are on. */
export { scoreOf } from './score-of.ts';
export { createSystem, detectionOf, timeOf, type System } from './system.ts';
export {
  serviceNames,
  type ActiveSystemFault,
  type Row,
  type Score,
  type ServiceName,
  type SystemFault,
} from './types.ts';
import { claimFaults } from './claim-faults.ts';
import { modelFaults } from './model-faults.ts';
import { schemaFaults } from './schema-faults.ts';
import { toolFaults } from './tool-faults.ts';
import type { SystemFault } from './types.ts';

export const systemFaults: readonly SystemFault[] = [
  ...claimFaults,
  ...toolFaults,
  ...schemaFaults,
  ...modelFaults,
];

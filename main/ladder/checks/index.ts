import type { Check } from '../check.ts';
import { agentClaimsCheck } from './claim/agent-claims.ts';
import { flipFlopsCheck } from './context/flip-flops.ts';
import { loopsCheck } from './context/loops.ts';
import { rulesCheck } from './context/rules.ts';
import { windowCheck } from './context/window.ts';
import { layersCheck } from './claim/layers.ts';
import { createSaysCheck } from './claim/says.ts';
import { distributionCheck } from './model/distribution.ts';
import { fingerprintCheck } from './model/fingerprint.ts';
import { goldenCheck } from './model/golden.ts';
import { deviceFormCheck } from './schema/device.ts';
import { openApiCheck } from './schema/openapi.ts';
import { payloadCheck } from './schema/payload.ts';
import { createServiceCheck } from './tools/service.ts';
import { tableCheck } from './tools/table.ts';
import { deviceCheck } from './tools/device.ts';
import { unsurfacedCheck } from './tools/unsurfaced.ts';

/** Every check there is, by rung. One file each. */
export const allChecks: readonly Check[] = [
  layersCheck,
  createSaysCheck(),
  agentClaimsCheck,
  windowCheck,
  loopsCheck,
  flipFlopsCheck,
  rulesCheck,
  createServiceCheck(),
  tableCheck,
  deviceCheck,
  unsurfacedCheck,
  deviceFormCheck,
  openApiCheck,
  payloadCheck,
  distributionCheck,
  fingerprintCheck,
  goldenCheck,
];

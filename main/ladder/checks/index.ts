import type { Check } from '../check.ts';
import { layersCheck } from './claim/layers.ts';
import { payloadCheck } from './schema/payload.ts';
import { createServiceCheck } from './tools/service.ts';
import { deviceCheck } from './tools/device.ts';

/** Every check there is, by rung. One file each. */
export const allChecks: readonly Check[] = [layersCheck, createServiceCheck(), deviceCheck, payloadCheck];

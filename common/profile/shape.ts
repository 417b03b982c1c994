import { z } from 'zod';
import { profileAgent } from './parts/agent.ts';
import { profileChannel } from './parts/channel.ts';
import { profileClaim } from './parts/claim.ts';
import { profileDevice } from './parts/device.ts';
import { profileFingerprint } from './parts/fingerprint.ts';
import { profileGolden } from './parts/golden.ts';
import { profileLayer } from './parts/layer.ts';
import { profileService } from './parts/service.ts';
import { profileTable } from './parts/table.ts';
import { profileThreshold, thresholdName } from './parts/threshold.ts';

/** Every part of a profile by itself. Unknown members are mistakes, so that a misspelt name is found. */
export const profileShape = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().max(2000).optional(),
  devices: z
    .array(profileDevice)
    .max(32)
    .default([])
    .describe('Sensors and boards, and how they are reached.'),
  channels: z.array(profileChannel).max(64).default([]).describe('What is computed or counted from others.'),
  services: z.array(profileService).max(64).default([]).describe('What answers over HTTP.'),
  tables: z.array(profileTable).max(32).default([]).describe('What ends up in a database.'),
  layers: z.array(profileLayer).max(32).default([]).describe('The chain that one part passes, in its order.'),
  agents: z.array(profileAgent).max(16).default([]).describe('Agents and their transcripts.'),
  claims: z
    .array(profileClaim)
    .max(64)
    .default([])
    .describe('What the system says of itself, and what shows it.'),
  golden: z.array(profileGolden).max(16).default([]).describe('Questions whose answers are known.'),
  fingerprints: z.array(profileFingerprint).max(16).default([]).describe('What models are made of.'),
  thresholds: z
    .record(thresholdName, profileThreshold)
    .default({})
    .describe('Limits, each with the reason for it.'),
});
/** A profile whose parts are each in order; whether they fit together is not looked at. */
export type ProfileShape = z.infer<typeof profileShape>;

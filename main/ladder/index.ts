/** The ladder: checks that look at the live system, and the rungs by hand. */
import type { contract } from '../../common/contract/index.ts';
import type { EvidenceRef } from '../../common/ledger/types.ts';
import { utf8 } from '../../common/lib/bytes.ts';
import type { Call, Handlers } from '../platform/call.ts';
import type { Draft } from '../ledger/types.ts';
import { profileFrom } from './profile-room.ts';
import type { LadderRoom } from './ladder-room.ts';

export { allChecks } from './checks/index.ts';
export type { Check, CheckEvidence, Found } from './check.ts';
export { createAskHttp } from './http/ask-http.ts';
export { createLadderRoom, type LadderRoom } from './ladder-room.ts';
export { createProfiles, profileFrom } from './profile-room.ts';
export {
  chooseRuns,
  nameOfRun,
  plan,
  runChecks,
  type CheckOutcome,
  type SharedContext,
} from './run-checks.ts';
export { createSecretReader } from './secret.ts';

/** Appends in the caller's name to the open incident; answers where the entry stands. */
export type AppendFor = (
  call: Call,
  draft: Omit<Draft, 'actor' | 'req'>,
) => Promise<{ id: string; seq: number }>;

export interface LadderApiDeps {
  appendFor: AppendFor;
  room: LadderRoom;
  put(bytes: Uint8Array, media: string): Promise<EvidenceRef>;
}

export const profileMedia = 'application/yaml';

/** The rules are in common/incident/rules.ts, asked where the entry is appended. */
export function createLadderApi({ appendFor, room, put }: LadderApiDeps): Handlers<typeof contract.ladder> {
  return {
    addFinding: ({ rung, result, says }, call) =>
      appendFor(call, { type: 'check.found', rung, data: { check: 'by-hand', result, says } }),
    decide: ({ rung, decision, reason, basis }, call) =>
      appendFor(call, { type: 'rung.decided', rung, data: { decision, reason, basis } }),
    reopen: ({ rung, reason }, call) => appendFor(call, { type: 'rung.reopened', rung, data: { reason } }),
    useProfile: async ({ yaml }, call) => {
      const { name } = profileFrom(yaml);
      const blob = await put(utf8(yaml), profileMedia);
      const data = { name, sha256: blob.sha256 };
      const appended = await appendFor(call, { type: 'incident.profiled', data, evidence: [blob] });
      await room.follow();
      return appended;
    },
    watchChecks: (_input, call) => room.state.watch(call.signal),
    runChecks: async ({ only }, call) => ({ task: await room.run(only, call) }),
  };
}

import type { contract } from '../../common/contract/index.ts';
import type { Call, Handlers } from '../platform/call.ts';
import type { Draft } from '../ledger/types.ts';

/** Appends in the caller's name to the open incident; answers where the entry stands. */
export type AppendFor = (
  call: Call,
  draft: Omit<Draft, 'actor' | 'req'>,
) => Promise<{ id: string; seq: number }>;

/** The ladder by hand. The rules are in common/incident/rules.ts, asked where the entry is appended. */
export function createLadderApi(appendFor: AppendFor): Handlers<typeof contract.ladder> {
  return {
    addFinding: ({ rung, result, says }, call) =>
      appendFor(call, { type: 'check.found', rung, data: { check: 'by-hand', result, says } }),
    decide: ({ rung, decision, reason, basis }, call) =>
      appendFor(call, { type: 'rung.decided', rung, data: { decision, reason, basis } }),
    reopen: ({ rung, reason }, call) => appendFor(call, { type: 'rung.reopened', rung, data: { reason } }),
  };
}

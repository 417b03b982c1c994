import { hostActor } from '../../common/ledger/host-actor.ts';
import type { Ledger } from '../ledger/types.ts';

/** Ends in the ledger the exports that a host before this one began and was cut off from. */
export async function endCutExports(ledger: Ledger): Promise<void> {
  const reason = 'The host ended before it was written down whether the bundle is whole.';
  for (const id of ledger.state.openExports)
    await ledger.append({
      type: 'bundle.failed',
      data: { export: id, reason },
      actor: hostActor,
      cause: id,
    });
}

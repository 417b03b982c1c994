import type { DataOf, EntryType } from '../../common/incident/entries.ts';
import type { Entry } from '../../common/ledger/types.ts';
import type { Draft, Ledger } from './types.ts';
import type { Call } from '../platform/call.ts';

/** Appends what a caller asked for, in the caller's name and with the caller's signed request. */
export async function appendFor<T extends EntryType>(
  ledger: Ledger,
  call: Call,
  draft: Omit<Draft<T>, 'actor' | 'req'>,
): Promise<{ id: string; seq: number }> {
  const full = { ...draft, actor: call.actor, ...(call.req && { req: call.req }) } as Draft<T>;
  return placeOf(await ledger.append(full));
}

/** Where an entry stands, as the contract answers it. */
export function placeOf(entry: Entry<DataOf<EntryType>> | Entry): { id: string; seq: number } {
  return { id: entry.head.id, seq: entry.head.seq };
}

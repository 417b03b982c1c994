import type { Actor, SignedRequest } from '../../common/ledger/types.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Role } from '../../common/incident/roles.ts';
import type { BulkStream, Call } from '../../main/platform/call.ts';

/** A call by a seat, over a link that has no bulk plane unless a stream is given. */
export function callBy(actor: Actor, more: { req?: SignedRequest; stream?: BulkStream } = {}): Call {
  return {
    seat: { id: actor.id, role: actor.role as Role, local: false },
    link: {},
    actor,
    ...(more.req && { req: more.req }),
    signal: undefined,
    openStream: () => {
      if (!more.stream) throw new WarroomError('unavailable', 'This link has no bulk plane.');
      return more.stream;
    },
  };
}

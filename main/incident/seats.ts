/**
 * Who sits in this room: the host's own seat, and local seats, whose keys the host keeps and signs with (ARCHITECTURE,
 * Trust). A local seat is marked `local` in its entry and never counts as a second person.
 */
import { hostActor } from '../../common/ledger/host-actor.ts';
import type { Role } from '../../common/incident/roles.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Signer } from '../../common/lib/crypto.ts';
import type { Actor, SignedRequest } from '../../common/ledger/types.ts';
import type { Ledger } from '../ledger/types.ts';

/** A key that stands for a seat. */
export interface SeatKey {
  /** Fingerprint of the key: the seat's id. */
  id: string;
  vkey: string;
  signer: Signer;
}

interface LocalSeat {
  key: SeatKey;
  role: Role;
  pages: number;
  leaving: NodeJS.Timeout | null;
}

export interface SeatsDeps {
  /** A fresh key for a local seat. */
  newKey(): SeatKey;
  signRequest(signer: Signer, ledger: Ledger, seat: string, method: string, params: unknown): SignedRequest;
  ledger(): Ledger | null;
  log(message: string, error?: unknown): void;
}

/** A page that reloads is back within this time and did not leave. */
const graceMs = 8000;

export function createSeats(deps: SeatsDeps) {
  const local = new Map<string, LocalSeat>();

  /** The incident that is being opened, while it is not yet the room's. */
  let entering: Ledger | null = null;
  // One after another: a page that comes back while its seat is being marked as left must find that done.
  let turn = Promise.resolve();
  const isHere = (seat: LocalSeat | undefined) => Boolean(seat && (seat.pages > 0 || seat.leaving));

  const bring = async (id: string) => {
    const ledger = entering ?? deps.ledger();
    if (!ledger) return;
    const seat = local.get(id);
    const isPresent = ledger.state.seats[id]?.present ?? false;
    if (seat && seat.pages > 0 && !isPresent) {
      const data = { seat: id, role: seat.role, vkey: seat.key.vkey, local: true as const };
      await ledger.append({ type: 'seat.joined', data, actor: hostActor });
    }
    if (isPresent && !isHere(seat))
      await ledger.append({ type: 'seat.left', data: { seat: id }, actor: hostActor });
  };
  /** Brings the ledger to what is so now: the seat joins or leaves. */
  const settle = (id: string): Promise<void> => {
    const settled = turn.then(() => bring(id));
    turn = settled.catch(() => undefined);
    return settled;
  };
  const roleOf = (id: string): Role =>
    deps.ledger()?.state.seats[id]?.role ?? local.get(id)?.role ?? 'technician';

  return {
    /** The seat that a link is for: one that is there, or a new local one. */
    seatOf(invitation: { seat: string } | { role: Role }): string {
      if ('seat' in invitation) return invitation.seat;
      const key = deps.newKey();
      local.set(key.id, { key, role: invitation.role, pages: 0, leaving: null });
      return key.id;
    },
    /** A page of this seat is connected; call the answer once, when it is gone. Never rejects: a failed entry is logged. */
    async connected(id: string): Promise<() => void> {
      const seat = local.get(id);
      if (!seat) return () => undefined;
      seat.pages++;
      if (seat.leaving) clearTimeout(seat.leaving);
      seat.leaving = null;
      await settle(id).catch((error: unknown) => deps.log('A seat could not join', error));
      return () => {
        seat.pages--;
        if (seat.pages > 0) return;
        seat.leaving = setTimeout(() => {
          seat.leaving = null;
          settle(id).catch((error: unknown) => deps.log('A seat could not be marked as left', error));
        }, graceMs);
        seat.leaving.unref();
      };
    },
    /** An incident was opened: the seats of this room join it, those of an earlier run that are gone leave it. */
    async enter(ledger: Ledger): Promise<void> {
      entering = ledger;
      try {
        const before = Object.values(ledger.state.seats).filter((seat) => seat.local);
        for (const id of new Set([...before.map((seat) => seat.id), ...local.keys()])) await settle(id);
      } finally {
        entering = null;
      }
    },
    describe: (id: string) => ({ id, role: roleOf(id), local: local.has(id) }),
    actor: (id: string): Actor => ({ kind: 'human', id, role: roleOf(id) }),
    /** A local seat's request, signed with the key that the host keeps for it; nothing for the host's own seat. */
    sign(id: string, method: string, params: unknown): SignedRequest | undefined {
      const seat = local.get(id);
      const ledger = deps.ledger();
      return seat && ledger ? deps.signRequest(seat.key.signer, ledger, id, method, params) : undefined;
    },
    /** Refuses to invite into a role that no browser can have. */
    checkInvite(role: Role | undefined): void {
      if (role === 'agent')
        throw new WarroomError(
          'refused',
          'An agent does not sit down at a browser.',
          'Choose lead, technician or observer.',
        );
    },
    close(): void {
      for (const seat of local.values()) if (seat.leaving) clearTimeout(seat.leaving);
    },
  };
}
export type Seats = ReturnType<typeof createSeats>;

import type { Role } from '../../common/incident/roles.ts';
import { WarroomError } from '../../common/lib/errors.ts';

const tokenLifeMs = 60_000;

/** What a link stands for: a page of a seat that is there, or a new local seat, whose key the host keeps. */
export type Invitation = { seat: string } | { role: Role };

/** A page that came through the door. */
export interface PageSession {
  secret: string;
  seat: string;
}

/** Single-use tokens of links (60 s) and the session secrets that they are changed for. All in memory: a restart ends them. */
export function createTokens(random: (bytes: number) => Uint8Array, now: () => number = Date.now) {
  const open = new Map<string, { invitation: Invitation; until: number }>();
  const used = new Set<string>();
  const sessions = new Map<string, PageSession>();
  const secret = () => Buffer.from(random(32)).toString('base64url');

  return {
    /** A token for one link. */
    mint(invitation: Invitation): string {
      for (const [token, { until }] of open) if (until < now()) open.delete(token);
      const token = secret();
      open.set(token, { invitation, until: now() + tokenLifeMs });
      return token;
    },
    /** Changes a token for a session. Throws `refused` when it was used, is too old or was never given. */
    redeem(token: string, seatOf: (invitation: Invitation) => string): PageSession {
      const found = open.get(token);
      open.delete(token);
      const again = 'Mint another: npm run -s warroom -- open';
      if (used.has(token))
        throw new WarroomError('refused', 'This link was used already; a link opens the room once.', again);
      if (!found) throw new WarroomError('refused', 'This link is not one of this room.', again);
      used.add(token);
      if (found.until < now()) throw new WarroomError('refused', 'This link is over 60 seconds old.', again);
      const session = { secret: secret(), seat: seatOf(found.invitation) };
      sessions.set(session.secret, session);
      return session;
    },
    /** A session without a link, for the command line of this user. */
    admit(seat: string): PageSession {
      const session = { secret: secret(), seat };
      sessions.set(session.secret, session);
      return session;
    },
    session: (candidate: string): PageSession | undefined => sessions.get(candidate),
  };
}
export type Tokens = ReturnType<typeof createTokens>;

/** Names for one blob or download each: usable once, within 60 seconds. */
export function createTickets<T>(random: (bytes: number) => Uint8Array, now: () => number = Date.now) {
  const open = new Map<string, { value: T; until: number }>();
  return {
    mint(value: T): string {
      for (const [ticket, { until }] of open) if (until < now()) open.delete(ticket);
      const ticket = Buffer.from(random(24)).toString('base64url');
      open.set(ticket, { value, until: now() + tokenLifeMs });
      return ticket;
    },
    take(ticket: string): T | undefined {
      const found = open.get(ticket);
      open.delete(ticket);
      return found && found.until >= now() ? found.value : undefined;
    },
  };
}
export type Tickets<T> = ReturnType<typeof createTickets<T>>;

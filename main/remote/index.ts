import type { Seats } from '../incident/index.ts';
import type { BulkStream } from '../platform/call.ts';
import type { TicketFile } from '../platform/electron/messages.ts';
import { createControlPlane } from './control.ts';
import { removeHostFile, writeHostFile } from './host-file.ts';
import type { AllHandlers, Caller } from './router.ts';
import { createPageServer } from './server.ts';
import type { Invitation, Tickets, Tokens } from './tokens.ts';

export { createTickets, createTokens, type Invitation, type Tickets, type Tokens } from './tokens.ts';
export type { AllHandlers, Caller } from './router.ts';
export type { TicketFile } from '../platform/electron/messages.ts';

/** What the pages' side needs of the room it serves. */
export interface ServedRoom {
  handlers: AllHandlers;
  tokens: Tokens;
  tickets: Tickets<TicketFile>;
  seats: Seats;
  hostSeat: string;
  /** The caller behind a page of this seat. */
  caller(seat: string, openStream: () => BulkStream): Caller;
  /** Tells the room how a link into it is made. */
  onMintLink(mint: (invitation: Invitation) => string): void;
}

export interface ServeDeps {
  warRoom: ServedRoom;
  dataDir: string;
  /** 0 takes a free one. */
  port: number;
  pageFolder: string;
  log(message: string, error?: unknown): void;
}

/** Serves the room's page and its two planes on 127.0.0.1. Throws `taken` when the port is in use. */
export async function serveRoom({ warRoom, dataDir, port, pageFolder, log }: ServeDeps) {
  const control = createControlPlane(warRoom.handlers, log);
  const { tokens, tickets, seats, hostSeat } = warRoom;
  const server = await createPageServer(
    {
      pageFolder,
      tokens,
      tickets,
      seatOf: (invitation) => seats.seatOf(invitation),
      log,
      onControl: (socket, session, bulk) => {
        control.serve(
          socket,
          warRoom.caller(session.seat, () => bulk().openStream()),
        );
        const gone = seats.connected(session.seat);
        socket.once('close', () => void gone.then((left) => left()));
      },
    },
    port,
  );
  const linkFor = (token: string) => `http://127.0.0.1:${server.port}/#t=${token}`;
  warRoom.onMintLink((invitation) => linkFor(tokens.mint(invitation)));
  await writeHostFile(dataDir, {
    pid: process.pid,
    port: server.port,
    secret: tokens.admit(hostSeat).secret,
  });
  return {
    port: server.port,
    /** A fresh link for the host's own seat. */
    link: () => linkFor(tokens.mint({ seat: hostSeat })),
    close: async () => {
      await removeHostFile(dataDir);
      await server.close();
    },
  };
}

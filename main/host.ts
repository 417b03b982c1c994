/** The host in the desktop app: the same room as `warroom serve`, in a utilityProcess, its pages on ports. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { messageOf, WarroomError } from '../common/lib/errors.ts';
import { createDesktopLink, type DesktopPort } from './platform/electron/desktop-link.ts';
import type { ElectronPort, StartMessage } from './platform/electron/messages.ts';
import { anchorNow, createClock } from './platform/node/clock.ts';
import { nodeCrypto, signerFromSecret } from './platform/node/crypto.ts';
import { log } from './platform/say.ts';
import type { Platform } from './platform/types.ts';
import { serveRoom } from './remote/index.ts';
import { createPortPlanes } from './remote/ports.ts';
import { createWarRoom, type WarRoom } from './warroom.ts';

let room: WarRoom | null = null;
let planes: ReturnType<typeof createPortPlanes> | null = null;
let door: Awaited<ReturnType<typeof serveRoom>> | null = null;
const early: [ElectronPort, ElectronPort][] = [];

const parent = (process as unknown as { parentPort: DesktopPort }).parentPort;
const desktop = createDesktopLink(parent, {
  start: (message) => void start(message).catch(failed),
  page: (_window, control, bulk) => (room ? servePage(room, control, bulk) : early.push([control, bulk])),
  ticket: (ticket) => room?.tickets.take(ticket) ?? null,
  stop: () => void stop(),
});

async function start(message: StartMessage): Promise<void> {
  const anchor = anchorNow();
  const platform: Platform = {
    crypto: nodeCrypto,
    anchor,
    clock: createClock(anchor),
    secrets: desktop.secrets(message.keychainWarning),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    signerFromSecret,
    fork: (name) => desktop.fork(name),
  };
  const started = await createWarRoom({
    platform,
    dataDir: message.dataDir,
    ephemeral: message.port === 0,
    log,
  });
  room = started;
  planes = createPortPlanes(started.handlers, log);
  for (const [control, bulk] of early.splice(0)) servePage(started, control, bulk);
  // The loopback door too: for a second browser on this machine, and for the command line.
  const pageFolder = fileURLToPath(new URL('../renderer', import.meta.url));
  door = await serveRoom({ warRoom: started, dataDir: message.dataDir, port: message.port, pageFolder, log });
  desktop.post({ type: 'ready' });
  if (message.drill) await started.beginDrill();
}

/** A window of the desktop app is the host's own seat. */
function servePage(warRoom: WarRoom, control: ElectronPort, bulk: ElectronPort): void {
  const gone = warRoom.seats.connected(warRoom.hostSeat);
  planes?.serve(
    control,
    bulk,
    (openStream) => warRoom.caller(warRoom.hostSeat, openStream),
    () => void gone.then((left) => left()),
  );
}

function failed(error: unknown): void {
  const hint = error instanceof WarroomError ? error.hint : '';
  desktop.post({ type: 'failed', message: messageOf(error), hint });
}

async function stop(): Promise<void> {
  try {
    await door?.close();
    await room?.close();
    process.exit(0);
  } catch (error) {
    log('The room did not close cleanly', error);
    process.exit(1);
  }
}

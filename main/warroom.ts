/** The composition root: the one place that knows every room. It wires them; what they do is theirs. */
import { uuidv7 } from '../common/lib/ids.ts';
import { timestamp } from '../common/lib/clock.ts';
import { toBase64, toHex, utf8 } from '../common/lib/bytes.ts';
import { canonicalize } from '../common/lib/canonical.ts';
import { WarroomError } from '../common/lib/errors.ts';
import { createWatchable } from '../common/lib/watch.ts';
import type { RigMakeup } from '../common/contract/drill.ts';
import type { RoomState } from '../common/contract/room.ts';
import { holdsLead } from '../common/incident/state.ts';
import { signRequest } from '../common/ledger/request.ts';
import { createCaptureApi, samplesOf } from './capture/index.ts';
import { createDevices, createDevicesApi } from './devices/index.ts';
import {
  createDrill,
  createDrillApi,
  createPtyPorts,
  createTcpPorts,
  rigProfile,
  serviceSpecs,
} from './drill/index.ts';
import { createBundleApi, createEvidenceApi } from './evidence/index.ts';
import { createIncidentApi, createRoom, createRoomApi, createSeats } from './incident/index.ts';
import {
  allChecks,
  createAskHttp,
  createLadderApi,
  createLadderRoom,
  createProfiles,
  createSecretReader,
  profileMedia,
  type AppendFor,
} from './ladder/index.ts';
import { appendFor as appendTo, createLedgerApi, createLedgerRoom, openKeys } from './ledger/index.ts';
import { openIncident, type OpenIncident } from './open-incident.ts';
import { draftPostmortem } from './postmortem/index.ts';
import { createServices, createServicesApi } from './services/index.ts';
import { createCalibrationApi, createSignalsApi } from './signals/index.ts';
import { createTasks, createTasksApi } from './tasks/index.ts';
import { createTerminal, createTerminalApi } from './terminal/index.ts';
import type { BulkStream, Call } from './platform/call.ts';
import type { Platform } from './platform/types.ts';
import {
  createTickets,
  createTokens,
  type AllHandlers,
  type Caller,
  type Invitation,
  type TicketFile,
} from './remote/index.ts';
import { version } from './version.ts';

export interface WarRoomDeps {
  platform: Platform;
  dataDir: string;
  /** The rig's services take free ports. */
  ephemeral: boolean;
  log(message: string, error?: unknown): void;
}

const drillSeeds = 1_000_000;
/** How long the line of a drill has been running when it starts: the scopes have something to show. */
const historySeconds = 600;
/** Characters of a request's parameters that stand in the entry as they are. */
const maxSignedParams = 2_000;

export async function createWarRoom(deps: WarRoomDeps) {
  const { platform, dataDir, log } = deps;
  const { clock, crypto, random } = platform;
  const newId = () => uuidv7(Math.floor(clock.now() / 1000), random(10));
  const keys = await openKeys(platform, dataDir);
  const incidents = createLedgerRoom({ platform, keys, dataDir, version, log });
  const devices = createDevices({ platform, log });
  const services = createServices({ platform });
  const terminal = createTerminal({ platform, log });
  const tasks = createTasks(newId);
  const tokens = createTokens(random);
  const tickets = createTickets<TicketFile>(random);
  const drill = createDrill({
    ports: () =>
      process.platform === 'win32' ? createTcpPorts() : createPtyPorts(() => platform.fork('pty-host')),
    folder: dataDir,
    ephemeral: deps.ephemeral,
    log,
  });

  const changes = createWatchable(0);
  const changed = () => changes.set(changes.get() + 1);
  const room = createRoom<OpenIncident>({
    incidents,
    startParts: async (ledger) => {
      const parts = await openIncident({ ledger, platform, devices, services, terminal, log });
      try {
        await seats.enter(ledger);
      } catch (error) {
        await parts.close();
        throw error;
      }
      ledger.onCheckpoint(changed);
      return parts;
    },
    endWork: () => tasks.cancelAll(),
    onChange: () => {
      changed();
      void ladder.follow();
    },
  });
  const seats = createSeats({
    newKey: () => keys.localSeat(),
    ledger: () => room.current()?.ledger ?? null,
    log,
    signRequest: (signer, ledger, seat, method, params) => {
      const seen = ledger.lastCheckpoint() ?? { size: 0, root: crypto.sha256() };
      return signRequest(crypto, signer, {
        incident: ledger.incident,
        seat,
        method,
        params: boundedParams(params),
        nonce: toHex(random(16)),
        at: timestamp(clock.now()),
        head: { size: seen.size, root: toBase64(seen.root) },
      });
    },
  });
  /** An entry has a limit: large parameters are signed by their digest. */
  const boundedParams = (params: unknown): unknown => {
    const text = canonicalize(params ?? null);
    return text.length <= maxSignedParams ? params : { sha256: toHex(crypto.sha256(utf8(text))) };
  };
  const appendFor: AppendFor = (call, draft) => appendTo(room.ledger(), call, draft);
  const put = (bytes: Uint8Array, media: string) => room.parts().locker.put(bytes, media);
  const profileText = (sha256: string) => room.parts().locker.read(sha256);
  const ladder = createLadderRoom({
    checks: allChecks,
    tasks,
    appendFor,
    ledger: () => room.current()?.ledger ?? null,
    put,
    profile: createProfiles(profileText),
    shared: {
      now: () => clock.now(),
      http: createAskHttp(() => clock.now()),
      devices: () => devices.health.get(),
      faults: () => room.parts().signals.faults.state.get(),
      samples: (channel, from, to) => samplesOf(room.parts().capture, channel, from, to),
      // None is kept in a room yet: `warroom baseline` takes and compares them.
      baseline: () => null,
      secret: createSecretReader(platform.secrets, process.env),
    },
  });
  let mintLink = (_invitation: Invitation): string => {
    throw new WarroomError('unavailable', 'This room serves no browser.', 'Start it with npm start.');
  };

  async function endDrill(): Promise<void> {
    const rig = drill.rig();
    if (!rig) return;
    await Promise.all(
      rig.devices.filter(({ id }) => isConnected(id)).map(({ id }) => devices.disconnect(id)),
    );
    await Promise.all(
      rig.services.filter(({ name }) => isWatched(name)).map(({ name }) => services.disconnect(name)),
    );
    await drill.stop();
  }
  const isConnected = (id: string) => devices.list().some((spec) => spec.id === id);
  const isWatched = (name: string) => services.list().some((spec) => spec.name === name);

  /** What a device of the rig printed before its port was open comes first; then it goes on. */
  function tellPast(device: string): void {
    const rig = drill.rig();
    const history = rig?.takeHistory(device);
    if (!rig || !history) return;
    const start = clock.now() - rig.elapsed() * 1e6;
    devices.tellPast(device, { ...history, at: history.seconds.map((seconds) => start + seconds * 1e6) });
  }
  devices.onLink(({ device, state }) => state === 'connected' && tellPast(device));
  devices.onBlocks((blocks) => {
    for (const { channel } of blocks) drill.rig()?.goOn(channel.slice(0, channel.indexOf('/')));
  });

  /** Declares a drill, starts the rig in it and connects its devices. The technician holds the lead's powers. */
  async function beginDrill(
    seed = random(4).reduce((sum, byte) => sum * 256 + byte, 0) % drillSeeds,
    makeup: RigMakeup = {},
  ): Promise<string> {
    await endDrill();
    const ledger = await room.declare({ title: 'Drill: scores wrong on the line', severity: 3, drill: true });
    const actor = seats.actor(keys.device.id);
    await ledger.append({
      type: 'role.assumed',
      data: { seat: keys.device.id, role: 'lead', reason: 'A drill: no lead is seated.' },
      actor,
    });
    const rig = await drill.start(seed, makeup, historySeconds);
    const data = { seed, scenario: 'free', historySeconds };
    await ledger.append({ type: 'drill.started', data, actor });
    for (const spec of rig.devices) {
      if (isConnected(spec.id)) await devices.disconnect(spec.id);
      devices.connect(spec);
      // At once, so that the sensors stand before the services wherever channels are listed.
      const { channels } = devices.health.get().find(({ id }) => id === spec.id)!;
      room.parts().capture.addDevice(spec.id, channels);
    }
    for (const spec of serviceSpecs(rig.services)) {
      if (isWatched(spec.name)) await services.disconnect(spec.name);
      services.connect(spec);
    }
    const blob = await put(utf8(rigProfile(rig)), profileMedia);
    const profile = { name: 'virtual-rig', sha256: blob.sha256 };
    await ledger.append({ type: 'incident.profiled', data: profile, evidence: [blob], actor });
    await ladder.follow();
    return ledger.incident;
  }

  const stateFor = (seat: string): RoomState => {
    const ledger = room.current()?.ledger ?? null;
    const checkpoint = ledger?.lastCheckpoint() ?? null;
    return {
      version,
      now: clock.now(),
      incident: ledger?.incident ?? null,
      drill: ledger?.state.incident?.drill ?? false,
      seat: seats.describe(seat),
      device: { vkey: keys.device.vkey, fingerprint: keys.device.id },
      keyStore: { kind: platform.secrets.kind, warning: platform.secrets.warning },
      root: checkpoint && { size: checkpoint.size, hash: toHex(checkpoint.root) },
    };
  };

  const handlers: AllHandlers = {
    room: createRoomApi({
      room,
      incidents,
      stateFor,
      watch: async function* (seat, signal) {
        for await (const _ of changes.watch(signal)) yield stateFor(seat);
      },
      beforeLeave: endDrill,
    }),
    incident: createIncidentApi({
      appendFor,
      seats,
      isDrill: () => room.state().incident?.drill ?? false,
      mintLink: (invitation) => mintLink(invitation),
    }),
    ledger: createLedgerApi(() => room.ledger()),
    ladder: createLadderApi({ appendFor, room: ladder, put }),
    evidence: createEvidenceApi({
      appendFor,
      newId,
      state: () => room.state(),
      put,
      exportWindow: (channels, from, to) => room.parts().capture.exportWindow(channels, from, to),
      picture: (title, channels, from, to) => room.parts().signals.picture(title, channels, from, to),
      commandOutput: async (command) => (await terminal.commandOutput(command)).bytes,
      ticket: ({ sha256, media }, name) =>
        ticketPath({ path: room.parts().locker.path(sha256), media, name, asDownload: false }),
    }),
    devices: createDevicesApi(devices),
    services: createServicesApi(services),
    capture: createCaptureApi(() => room.parts().capture),
    signals: createSignalsApi({ signals: () => room.parts().signals, appendFor }),
    calibration: createCalibrationApi({ signals: () => room.parts().signals, appendFor }),
    terminal: createTerminalApi(terminal),
    drill: createDrillApi({ drill, appendFor, begin: (seed, makeup) => beginDrill(seed, makeup) }),
    bundle: createBundleApi({
      appendFor,
      tasks,
      crypto,
      ledger: () => room.ledger(),
      locker: () => room.parts().locker,
      sealOpenParts: () => room.parts().sealOpenParts(),
      draft: draftPostmortem,
      ticket: (file, name) => ticketPath({ path: file, media: 'application/zip', name, asDownload: true }),
    }),
    tasks: createTasksApi(tasks),
  };
  const ticketPath = (file: TicketFile) => `/ticket/${tickets.mint(file)}`;

  /** The caller behind a page of this seat. `link` stands for the page's connection. */
  function caller(seat: string, openStream: () => BulkStream): Caller {
    const link = {};
    return {
      holdsLead: () => room.current() === null || holdsLead(room.state(), seat),
      call: (method, action, input, signal): Call => {
        const req = action === 'read' ? undefined : seats.sign(seat, method, input);
        return {
          seat: seats.describe(seat),
          link,
          actor: seats.actor(seat),
          ...(req && { req }),
          signal,
          openStream,
        };
      },
    };
  }

  return {
    handlers,
    tokens,
    tickets,
    seats,
    hostSeat: keys.device.id,
    deviceVkey: keys.device.vkey,
    rigServices: () => drill.rig()?.services ?? [],
    room,
    devices,
    tasks,
    caller,
    beginDrill,
    onMintLink: (mint: (invitation: Invitation) => string) => {
      mintLink = mint;
    },
    async close(): Promise<void> {
      await tasks.cancelAll();
      seats.close();
      await endDrill();
      await room.leave();
      await terminal.close();
      await devices.close();
      await services.close();
    },
  };
}
export type WarRoom = Awaited<ReturnType<typeof createWarRoom>>;

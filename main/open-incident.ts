/** What runs while an incident is open: its locker, its capture, its shells, and the log of its links. */
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataOf } from '../common/incident/entries.ts';
import type { CaptureState } from '../common/incident/state.ts';
import { hostActor } from '../common/ledger/host-actor.ts';
import type { EvidenceRef } from '../common/ledger/types.ts';
import { canonicalize } from '../common/lib/canonical.ts';
import { microsOf, timestamp } from '../common/lib/clock.ts';
import {
  createCapture,
  recoverCapture,
  type Capture,
  type CaptureGap,
  type LostRun,
} from './capture/index.ts';
import type { DeviceLoss, Devices } from './devices/index.ts';
import { createLocker, digestFile, endCutExports, type Locker, type OpenFile } from './evidence/index.ts';
import { createChannelLog, createClockLog, createDeviceLog } from './incident/index.ts';
import type { Draft, Ledger } from './ledger/index.ts';
import { maxRange } from './ledger/types.ts';
import type { Platform } from './platform/types.ts';
import type { Services } from './services/index.ts';
import { openSignals, type Signals } from './signals/index.ts';
import type { Terminal } from './terminal/index.ts';

export interface OpenIncidentDeps {
  ledger: Ledger;
  platform: Pick<Platform, 'clock'>;
  devices: Pick<Devices, 'health' | 'onBlocks' | 'onRejected' | 'onLost' | 'onLink' | 'onChannels'>;
  services: Pick<Services, 'health' | 'onChannels' | 'onBlocks' | 'onLink'>;
  terminal: OpenTerminal;
  log(message: string, error?: unknown): void;
}

type OpenTerminal = Pick<Terminal, 'start' | 'stop' | 'sealOpenParts'>;

export interface OpenIncident {
  locker: Locker;
  capture: Capture;
  signals: Signals;
  /** Copies of what is still being recorded, each named by an entry, for a bundle. */
  sealOpenParts(): Promise<OpenFile[]>;
  close(): Promise<void>;
}

export const mcapMedia = 'application/vnd.mcap';

/**
 * Starts them. Captures that an earlier host was cut off from are made whole, and their loss written down; its exports
 * are ended.
 */
export async function openIncident(deps: OpenIncidentDeps): Promise<OpenIncident> {
  const { ledger, platform, devices, services, terminal, log } = deps;
  const { folder } = ledger;
  const failed = (what: string) => (error: unknown) => log(what, error);
  const locker = await createLocker(folder);
  await endCutCaptures(ledger);
  await endCutExports(ledger);
  const appendGap = (gap: CaptureGap | null) => {
    if (!gap) return;
    const { channels, from, to, reason, lost } = gap;
    ledger
      .append({
        type: 'gap.lost',
        data: { what: 'capture', reason, channels, from, to, ...(lost > 0 && { count: lost }) },
        actor: hostActor,
      })
      .catch(failed('A gap could not be written down'));
  };

  const capture = createCapture({
    platform,
    onProblem: (problem) => problem && log('The capture file does not grow', problem),
    onListenerError: failed('What follows the samples failed'),
    onPyramidProblem: (problem) => problem && log('A .pyr file beside a capture is not right', problem),
    onFileLoss: ({ channels, from, to, samples, reason }) =>
      appendGap({ channels, from, to, reason, lost: samples }),
  });
  const captureId = timestamp(platform.clock.now()).replaceAll(/[:.]/g, '-').toLowerCase();
  const { file, path } = await capture.start({ folder, captureId, earlier: earlierCaptures(ledger) });
  const known = devices.health.get().filter(({ channels }) => channels.length > 0);
  for (const { id, channels } of known) capture.addDevice(id, channels);
  await ledger.append({
    type: 'capture.started',
    data: { capture: captureId, file, channels: known.flatMap(({ channels }) => channels) },
    actor: hostActor,
  });
  await terminal.start({ ledger, folder: join(folder, 'sessions') });

  const noteLink = createDeviceLog(ledger, failed('A link could not be written down'));
  const noteChannels = createChannelLog(ledger, failed('Channels could not be written down'));
  const noteClock = createClockLog(ledger, failed('A clock could not be written down'));
  const stops = [
    devices.onBlocks((blocks) => capture.push(blocks).forEach(appendGap)),
    devices.onRejected((rejected) => capture.pushRejected(rejected)),
    devices.onLost((loss) => appendGap(noteLoss(capture, loss))),
    devices.onLink((event) => {
      if (event.state === 'connected') {
        capture.addDevice(event.device, event.channels);
        appendGap(capture.linkBack(event.device, event.at));
      } else capture.linkLost(event.device, event.at);
      noteLink(event);
    }),
    devices.onChannels((event) => {
      capture.addDevice(event.device, event.added);
      noteChannels(event);
    }),
  ];
  // Channels that were told while this was opening.
  for (const { id, channels } of devices.health.get())
    capture.addDevice(
      id,
      channels.filter((channel) => !capture.records(channel.id)),
    );
  const stopHearing = followHealth(devices, capture, noteClock);
  const stopServices = followServices(services, capture, appendGap, noteLink);
  for (const spec of known) if (spec.state === 'connected') noteLink(linkOf(spec, platform.clock.now()));

  const signals = openSignals({
    ledger,
    capture,
    devices,
    push: (blocks) => capture.push(blocks).forEach(appendGap),
    put: (bytes, media) => locker.put(bytes, media),
    log,
  });

  return {
    locker,
    capture,
    signals,
    sealOpenParts: async () => [
      await sealCapture(ledger, capture, captureId, file),
      ...(await sealSessions(ledger, terminal)),
    ],
    close: async () => {
      for (const stop of [...stops, stopHearing, stopServices]) stop();
      await terminal.stop();
      await signals.close();
      const closed = await capture.close();
      closed.gaps.forEach(appendGap);
      const evidence = [await digestFile(path, mcapMedia)];
      await ledger.append({
        type: 'capture.closed',
        data: { capture: captureId, file },
        evidence,
        actor: hostActor,
      });
      await rm(join(folder, 'exporting'), { recursive: true, force: true });
    },
  };
}

/** The ended captures of the incident, by their age: what they hold is drawn before what comes. */
function earlierCaptures({ state }: Ledger): { file: string; startedAt: number }[] {
  const captures = Object.values(state.captures).map(({ file, startedAt }) => ({
    file,
    startedAt: microsOf(startedAt),
  }));
  return captures.sort((a, b) => a.startedAt - b.startedAt);
}

function noteLoss(capture: Capture, loss: DeviceLoss): CaptureGap | null {
  const { channels, at, count, reason, seq, from, to } = loss;
  const [channel] = channels;
  if (channel === undefined || seq === undefined || from === undefined || to === undefined)
    return capture.noteLoss(channels, at, count, reason);
  return capture.noteLostBlock({ channel, seq, samples: count, from, to }, reason);
}

/** Step channels hold their value for as long as their device is heard. */
function followHealth(
  devices: OpenIncidentDeps['devices'],
  capture: Capture,
  noteClock: ReturnType<typeof createClockLog>,
): () => void {
  const stop = new AbortController();
  void (async () => {
    for await (const list of devices.health.watch(stop.signal))
      for (const health of list) {
        if (health.lastHeard > 0) capture.heard(health.id, health.lastHeard);
        noteClock(health);
      }
  })();
  return () => stop.abort();
}

/** A service that does not answer is no loss of data: its channel `up` says so. */
function followServices(
  services: OpenIncidentDeps['services'],
  capture: Capture,
  appendGap: (gap: CaptureGap) => void,
  noteLink: ReturnType<typeof createDeviceLog>,
): () => void {
  const known = services.health.get().filter(({ state }) => state !== 'stopped');
  for (const { name, channels } of known) capture.addDevice(name, channels);
  for (const { name, url, channels, state, lastAnswer } of known)
    if (state === 'up' || state === 'slow')
      noteLink({
        device: name,
        kind: 'service',
        name,
        link: url,
        state: 'connected',
        at: lastAnswer,
        reason: '',
        channels,
      });
  const stops = [
    services.onChannels((name, channels) => capture.addDevice(name, channels)),
    services.onBlocks((blocks) => capture.push(blocks).forEach(appendGap)),
    services.onLink(noteLink),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function linkOf(health: ReturnType<Devices['health']['get']>[number], at: number) {
  const { id, name, dialect, link, identity, channels } = health;
  return {
    device: id,
    kind: dialect,
    name,
    link,
    ...(identity !== null && { identity }),
    state: 'connected' as const,
    at,
    reason: '',
    channels,
  };
}

async function sealCapture(
  ledger: Ledger,
  capture: Capture,
  captureId: string,
  file: string,
): Promise<OpenFile> {
  const copies = join(ledger.folder, 'exporting');
  // One export runs at a time, and begins here: what lies there is an earlier one's, each a full copy.
  await rm(copies, { recursive: true, force: true });
  await mkdir(copies, { recursive: true });
  const path = join(copies, `${captureId}-${ledger.size}.mcap`);
  await capture.copyPart(path);
  const blob = await digestFile(path, mcapMedia);
  await ledger.append({
    type: 'capture.exported',
    data: { capture: captureId, file },
    evidence: [blob],
    actor: hostActor,
  });
  return { name: file, path, bytes: blob.bytes, sha256: blob.sha256 };
}

async function sealSessions(ledger: Ledger, terminal: OpenTerminal): Promise<OpenFile[]> {
  const parts = await terminal.sealOpenParts();
  for (const { session, files } of parts) {
    const evidence = files.map(({ sha256, bytes, media }) => ({ sha256, bytes, media }));
    await ledger.append({
      type: 'session.exported',
      data: { session, files: files.map(({ name }) => name) },
      evidence,
      actor: hostActor,
    });
  }
  return parts.flatMap(({ files }) => files);
}

/** Captures that a host before this one was cut off from: made whole, their loss told, their digest named. */
async function endCutCaptures(ledger: Ledger): Promise<void> {
  for (const cut of Object.values(ledger.state.captures).filter(({ closed }) => !closed)) {
    const { capture, file } = cut;
    const path = join(ledger.folder, file);
    const evidence = (await isThere(path)) ? [await mendCapture(ledger, cut, path)] : [];
    if (evidence.length === 0)
      await ledger.append({
        type: 'gap.lost',
        data: { what: 'capture', reason: `${file} is gone` },
        actor: hostActor,
      });
    await ledger.append({ type: 'capture.closed', data: { capture, file }, evidence, actor: hostActor });
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function mendCapture(ledger: Ledger, capture: CaptureState, path: string): Promise<EvidenceRef> {
  const { recovered, recoveredBefore, chunksLost, bytesLost, lost } = await recoverCapture(path);
  if (recovered || recoveredBefore) {
    const { capture: id, file } = capture;
    const data = { capture: id, file, chunksLost, bytesLost };
    const drafts: Draft[] = [
      { type: 'capture.recovered', data, actor: hostActor },
      ...lost.map((run): Draft => ({ type: 'gap.lost', data: gapOf(capture, run), actor: hostActor })),
    ];
    for (const draft of recoveredBefore ? untold(ledger, drafts) : drafts) await ledger.append(draft);
  }
  return digestFile(path, mcapMedia);
}

function gapOf({ file, channels }: CaptureState, { from, to, bytes }: LostRun): DataOf<'gap.lost'> {
  return {
    what: 'capture',
    reason: `${bytes} bytes of ${file} could not be read`,
    channels: channels.map(({ id }) => id),
    ...(from !== null && { from: Math.floor(from) }),
    ...(to !== null && { to: Math.floor(to) }),
  };
}

/** Those that the host which made the file whole did not come to append. */
function untold(ledger: Ledger, drafts: Draft[]): Draft[] {
  const textOf = (type: string, data: Record<string, unknown>) => `${type} ${canonicalize(data)}`;
  const types = new Set<string>(drafts.map(({ type }) => type));
  const told = new Map<string, number>();
  for (let from = 0; from < ledger.size; from += maxRange)
    for (const { head, body } of ledger.range(from, from + maxRange)) {
      if (!types.has(head.type)) continue;
      const text = textOf(head.type, body.data);
      told.set(text, (told.get(text) ?? 0) + 1);
    }
  return drafts.filter(({ type, data }) => {
    const text = textOf(type, data);
    const left = told.get(text) ?? 0;
    told.set(text, left - 1);
    return left <= 0;
  });
}

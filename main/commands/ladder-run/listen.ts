/** Hears a profile's devices and services where no room is: for a check, then no more. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deviceSpecOf, serviceSpecOf, type Profile } from '../../../common/profile/index.ts';
import { createCapture, samplesOf, type Capture } from '../../capture/index.ts';
import { createDevices, type Devices } from '../../devices/index.ts';
import type { SharedContext } from '../../ladder/index.ts';
import type { Platform } from '../../platform/types.ts';
import { createServices, type Services } from '../../services/index.ts';
import { watchBareFaults } from '../../signals/index.ts';

/** Milliseconds that a device may still take after that: its process starts, its board does. */
const longestConnecting = 5_000;

/** What checks ask of it. */
export interface Listening extends Pick<SharedContext, 'devices' | 'faults' | 'samples'> {
  /** Listens for so many seconds, and some more while a device is still being connected; less when `signal` aborts. */
  listen(seconds: number, signal: AbortSignal): Promise<void>;
  /** Resolves when every port is free and nothing is left of what was captured. */
  close(): Promise<void>;
}

export interface ListenDeps {
  platform: Pick<Platform, 'fork' | 'clock' | 'anchor'>;
  log(message: string, error?: unknown): void;
}

/** Opens every device and asks every service of the profile. What it captures lies in a temporary folder. */
export async function listenTo(profile: Profile, { platform, log }: ListenDeps): Promise<Listening> {
  const folder = await mkdtemp(join(tmpdir(), 'warroom-ladder-'));
  const capture = createCapture({
    platform,
    onProblem: (problem) => problem && log('The capture file does not grow', problem),
    onListenerError: (error) => log('What follows the samples failed', error),
  });
  await capture.start({ folder, captureId: 'ladder' });
  const devices = createDevices({ platform, log });
  const services = createServices({ platform });
  const stops = [recordDevices(devices, capture), recordServices(services, capture)];
  const faults = watchBareFaults({ capture, devices });

  const close = async () => {
    faults.close();
    await Promise.all([services.close(), devices.close()]);
    for (const stop of stops) stop();
    await capture.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const device of profile.devices) devices.connect(deviceSpecOf(device));
    for (const service of profile.services) services.connect(serviceSpecOf(service));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    devices: () => devices.health.get(),
    faults: () => faults.seen(),
    samples: (channel, from, to) => samplesOf(capture, channel, from, to),
    async listen(seconds, signal) {
      await pauseFor(seconds, signal);
      const enough = AbortSignal.any([signal, AbortSignal.timeout(longestConnecting)]);
      for await (const list of devices.health.watch(enough))
        if (list.every(({ state }) => state !== 'connecting')) return;
    },
    close,
  };
}

async function pauseFor(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(seconds * 1000, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What is missing is told by no entry here: devices tell it of themselves. */
function recordDevices(devices: Devices, capture: Capture): () => void {
  const watching = new AbortController();
  void (async () => {
    for await (const list of devices.health.watch(watching.signal))
      for (const { id, lastHeard } of list) if (lastHeard > 0) capture.heard(id, lastHeard);
  })();
  const stops = [
    devices.onBlocks((blocks) => void capture.push(blocks)),
    devices.onRejected((rejected) => capture.pushRejected(rejected)),
    devices.onLost(({ channels, at, count, reason }) => void capture.noteLoss(channels, at, count, reason)),
    devices.onLink(({ device, state, at, channels }) => {
      if (state === 'lost') return capture.linkLost(device, at);
      capture.addDevice(device, channels);
      capture.linkBack(device, at);
    }),
    devices.onChannels(({ device, added }) => capture.addDevice(device, added)),
  ];
  return () => {
    watching.abort();
    for (const stop of stops) stop();
  };
}

function recordServices(services: Services, capture: Capture): () => void {
  const stops = [
    services.onChannels((name, channels) => capture.addDevice(name, channels)),
    services.onBlocks((blocks) => void capture.push(blocks)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Feeds the detectors of named faults from the capture, with what the host knows of the devices behind it. */
import type { ChannelInfo } from '../../common/incident/entries.ts';
import {
  createDetectors,
  detectedChannel,
  type FaultChange,
  type Scale,
} from '../../common/signal/detect/index.ts';
import type { Devices } from '../devices/types.ts';
import type { SignalsDeps } from './types.ts';

export interface FaultWatchDeps {
  ledger: Pick<SignalsDeps['ledger'], 'state' | 'onCommit'>;
  capture: Pick<SignalsDeps['capture'], 'channels' | 'onSamples' | 'now'>;
  devices: Pick<Devices, 'health' | 'onRejected' | 'onLost'>;
}

export interface FaultWatch {
  /** The host's time goes on: to be called about every tenth of a second. */
  tick(): void;
  /** What is raised now, as it was last seen. */
  raised(): FaultChange[];
  /** `channel`, then every other cell and beam. */
  channelsAround(channel: string): string[];
  close(): void;
}

/**
 * Microseconds. What was there so long before it is told was printed before the device was connected: each device tells
 * it in one piece, which says nothing of what it does now, nor beside the others.
 */
const longestLate = 5e6;

/** Watches all channels of devices; those of services and computed ones are nobody's sensor. */
export function createFaultWatch(
  deps: FaultWatchDeps,
  onChanges: (changes: FaultChange[]) => void,
): FaultWatch {
  const { ledger, capture, devices } = deps;
  const detectors = createDetectors();
  /** Dialect by device, and whether a channel is a cell or a beam. */
  const dialects = new Map<string, string>();
  const channels = new Map<string, boolean>();

  const tell = (changes: FaultChange[]) => {
    if (changes.length > 0) onChanges(changes);
  };

  /** Of the device's counts, as it was last calibrated. */
  function calibrationOf(device: string): Scale | undefined {
    const known = capture.channels.get();
    const found = Object.values(ledger.state.calibrations).findLast(
      ({ data }) => data.device === device && known.find(({ id }) => id === data.channel)?.unit === 'counts',
    );
    return found && { offset: found.data.offset, scale: found.data.scale };
  }

  function add(device: string, dialect: string, info: ChannelInfo): void {
    const detected = detectedChannel(device, dialect, info);
    channels.set(info.id, detected.role !== 'other');
    tell(detectors.add({ ...detected, calibration: calibrationOf(device) }));
  }

  function remove(device: string): void {
    dialects.delete(device);
    for (const id of channels.keys()) if (deviceOf(id) === device) channels.delete(id);
    tell(detectors.remove(device));
  }

  /** A device that is left on purpose, or is read as another, begins anew. */
  function followDevices(): void {
    const now = new Map(
      devices.health.get().flatMap(({ id, dialect, state }) => (state === 'stopped' ? [] : [[id, dialect]])),
    );
    for (const [id, dialect] of dialects) if (now.get(id) !== dialect) remove(id);
    for (const [id, dialect] of now) dialects.set(id, dialect);
  }

  function take(channel: string, info: ChannelInfo): boolean {
    if (channels.has(channel)) return true;
    const device = deviceOf(channel);
    if (!dialects.has(device)) followDevices();
    const dialect = dialects.get(device);
    if (dialect === undefined) return false;
    add(device, dialect, info);
    return true;
  }

  const stops = [
    capture.onSamples(({ channel, t, v }, info) => {
      if (capture.now() - t[0]! > longestLate) return;
      if (take(channel, info)) tell(detectors.feed(channel, t, v));
    }),
    devices.onRejected(({ device, at }) => detectors.doubt(device, at)),
    devices.onLost(({ device, at }) => detectors.doubt(device, at)),
    ledger.onCommit((entries) => {
      for (const { head, body } of entries) {
        if (head.type !== 'device.calibrated') continue;
        const { device } = body.data as { device: string };
        const dialect = dialects.get(device);
        if (dialect === undefined) continue;
        for (const info of capture.channels.get())
          if (channels.has(info.id) && deviceOf(info.id) === device) add(device, dialect, info);
      }
    }),
  ];

  return {
    tick() {
      followDevices();
      tell(detectors.tick(capture.now()));
    },
    raised: () => detectors.raised(),
    channelsAround: (channel) => [
      channel,
      ...[...channels].flatMap(([id, isSensor]) => (isSensor && id !== channel ? [id] : [])),
    ],
    close() {
      for (const stop of stops) stop();
    },
  };
}

const deviceOf = (channel: string) => channel.slice(0, channel.indexOf('/'));

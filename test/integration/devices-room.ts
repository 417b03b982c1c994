import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DeviceHealth, DeviceSpec } from '../../common/contract/devices.ts';
import type { RejectedBytes } from '../../common/wire/types.ts';
import { createDevices, type DeviceLinkEvent, type DeviceLoss } from '../../main/devices/index.ts';
import { forkChild } from '../../main/platform/node/children.ts';
import { anchorNow, createClock } from '../../main/platform/node/clock.ts';
import type { Child } from '../../main/platform/types.ts';
import { createPtyPair, pointLink, type PtyPair } from '../fakes/pty-pair.ts';

/** The devices room over a real device-host, and all that it told. */
export function openRoom() {
  const anchor = anchorNow();
  const clock = createClock(anchor);
  const children: Child[] = [];
  const fork = () => {
    const child = forkChild('device-host');
    children.push(child);
    return child;
  };
  const devices = createDevices({ platform: { anchor, clock, fork } });
  const links: DeviceLinkEvent[] = [];
  const rejected: RejectedBytes[] = [];
  const losses: DeviceLoss[] = [];
  const samples = new Map<string, { t: number[]; v: number[]; seqs: number[] }>();
  const wakes = new Set<() => void>();
  const changed = () => wakes.forEach((wake) => wake());

  devices.onLink((event) => (links.push(event), changed()));
  devices.onRejected((bytes) => (rejected.push(bytes), changed()));
  devices.onLost((loss) => (losses.push(loss), changed()));
  devices.onBlocks((blocks) => {
    for (const { channel, seq, t, v } of blocks) {
      const kept = samples.get(channel) ?? { t: [], v: [], seqs: [] };
      samples.set(channel, kept);
      for (const time of t) kept.t.push(time);
      for (const value of v) kept.v.push(value);
      kept.seqs.push(seq);
    }
    changed();
  });
  const stopWatching = new AbortController();
  void (async () => {
    for await (const _ of devices.health.watch(stopWatching.signal)) changed();
  })();
  onTestFinished(async () => {
    stopWatching.abort();
    await devices.close();
  });

  return {
    devices,
    clock,
    children,
    links,
    rejected,
    losses,
    channel: (id: string) => samples.get(id) ?? { t: [], v: [], seqs: [] },
    health: (id: string): DeviceHealth | undefined => devices.health.get().find((each) => each.id === id),
    /** Resolves as soon as something that was told makes `holds` true. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await new Promise<void>((resolve) => wakes.add(resolve)).finally(() => wakes.clear());
    },
  };
}

/** A serial line with a path that outlives an unplug. */
export function openLine() {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-devices-'));
  const path = join(folder, 'tty');
  let pair: PtyPair = createPtyPair();
  pointLink(path, pair.path);
  onTestFinished(async () => {
    await pair.unplug();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    path,
    write: (bytes: Uint8Array | string) => pair.write(bytes),
    unplug: () => pair.unplug(),
    replug() {
      pair = createPtyPair();
      pointLink(path, pair.path);
    },
  };
}

export function cell(id: string, path: string): DeviceSpec {
  return { id, name: `Cell ${id}`, dialect: 'hx711-csv', link: { by: 'path', path, baud: 115_200 } };
}

export const isRising = (times: number[]) => times.every((time, i) => i === 0 || time > times[i - 1]!);
export const isWithoutJump = (seqs: number[]) => seqs.every((seq, i) => i === 0 || seq === seqs[i - 1]! + 1);

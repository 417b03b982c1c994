/** The room of signals over a real capture, locker and fold, on a clock that the test sets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { createCapture } from '../../main/capture/index.ts';
import { createLocker } from '../../main/evidence/index.ts';
import { appendFor } from '../../main/ledger/index.ts';
import { createCalibrationApi, createSignalsApi, openSignals } from '../../main/signals/index.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import type { SignalsDeps } from '../../main/signals/index.ts';
import { createMemoryLedger } from './memory-ledger.ts';

export const start = 1_795_000_000_000_000;
const raw = { id: 'cell/raw', name: 'Raw', unit: 'counts', kind: 'linear' } as const;
const grams = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const beam = { id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' } as const;

/** Times are in milliseconds since `start`. Call `vi.useFakeTimers` first: nothing happens but by `until`. */
export async function openSignalsRoom() {
  let now = start;
  const clock = { boot: 'boot', mono: () => now - start, now: () => now };
  const folder = mkdtempSync(join(tmpdir(), 'warroom-signals-'));
  const ledger = await createMemoryLedger({ folder, clock });
  const locker = await createLocker(folder);
  const capture = createCapture({ platform: { clock } });
  await capture.start({ folder, captureId: 'one' });
  capture.addDevice('cell', [raw, grams]);
  capture.addDevice('gate', [beam]);
  const devices = createFakeDevices();
  const deps = {
    ledger,
    capture,
    devices,
    push: (blocks: Parameters<typeof capture.push>[0]) => expect(capture.push(blocks)).toEqual([]),
    put: locker.put.bind(locker),
    log: (message: string, error?: unknown) => expect.fail(`${message}: ${String(error)}`),
  };
  let signals = openSignals(deps);
  const seqs = new Map<string, number>();
  onTestFinished(async () => {
    await signals.close();
    await capture.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const api = {
    signals: () => signals,
    appendFor: (call: Parameters<typeof appendFor>[1], draft: Parameters<typeof appendFor>[2]) =>
      appendFor(ledger, call, draft),
  };

  return {
    ledger,
    locker,
    capture,
    devices,
    api: createSignalsApi(api),
    calibration: createCalibrationApi(api),
    signals: () => signals,
    /** Pairs of milliseconds and value. */
    push(channel: string, ...pairs: [number, number][]) {
      const seq = seqs.get(channel) ?? 0;
      seqs.set(channel, seq + 1);
      const t = Float64Array.from(pairs, ([ms]) => start + ms * 1000);
      const v = Float64Array.from(pairs, ([, value]) => value);
      capture.push([{ channel, seq, t, v }]);
    },
    /** It is now; whatever is due happens. */
    until(ms: number) {
      now = start + ms * 1000;
      vi.advanceTimersByTime(100);
    },
    /** The samples of a channel, in milliseconds. */
    samples(channel: string): [number, number][] {
      const { t, v } = capture.read(channel, 0, Infinity, 1e6);
      return Array.from(t, (time, i) => [(time - start) / 1000, v[i]!]);
    },
    /** As a host that opens the incident again. */
    async reopen() {
      await signals.close();
      signals = openSignals(deps);
    },
  };
}

type SeenDevices = SignalsDeps['devices'];

/** The two devices as the host has them, and what it tells of them. */
function createFakeDevices() {
  const listening = new Set<(rejected: { device: string; at: number }) => void>();
  const health = createWatchable([
    { id: 'cell', dialect: 'hx711-csv', state: 'connected' },
    { id: 'gate', dialect: 'beam-events', state: 'connected' },
  ]);
  const listen = (listener: (told: never) => void) => {
    listening.add(listener as (rejected: { device: string; at: number }) => void);
    return () => void listening.delete(listener as (rejected: { device: string; at: number }) => void);
  };
  return {
    health: health as unknown as SeenDevices['health'],
    onRejected: listen,
    onLost: listen,
    /** Bytes of the device came that nobody understood, in milliseconds since `start`. */
    reject: (device: string, ms: number) => {
      for (const tell of listening) tell({ device, at: start + ms * 1000 });
    },
    /** The device is disconnected on purpose. */
    leave: (device: string) => health.set(health.get().filter(({ id }) => id !== device)),
  };
}
export type SignalsRoom = Awaited<ReturnType<typeof openSignalsRoom>>;

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryLedger, hostActor, technician, type MemoryLedger } from '../test/fakes/memory-ledger.ts';
import type { EntryType } from '../common/incident/entries.ts';
import type { DeviceHealth } from '../common/contract/devices.ts';
import { createWatchable } from '../common/lib/watch.ts';
import type { RejectedBytes, SampleBlock } from '../common/wire/types.ts';
import type { DeviceChannelsEvent, DeviceLinkEvent, DeviceLoss } from './devices/index.ts';
import { createListeners } from '../common/lib/listeners.ts';
import { createRecorder } from './capture/recorder.ts';
import { recoverCapture } from './capture/index.ts';
import { openIncident } from './open-incident.ts';
import { anchorNow, createClock } from './platform/node/clock.ts';
import { createServices } from './services/index.ts';

const start = 1_795_000_000_000_000;
const weight = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const clock = createClock(anchorNow());

async function ledgerHere(): Promise<MemoryLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-incident-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return createMemoryLedger({ folder, clock });
}

/** Devices that tell what the test says. */
function fakeDevices() {
  const [blocks, losses] = [createListeners<SampleBlock[]>(), createListeners<DeviceLoss>()];
  return {
    health: createWatchable<DeviceHealth[]>([]),
    onBlocks: blocks.add,
    onRejected: createListeners<RejectedBytes>().add,
    onLink: createListeners<DeviceLinkEvent>().add,
    onChannels: createListeners<DeviceChannelsEvent>().add,
    onLost: losses.add,
    blocks,
    losses,
  };
}

function open(ledger: MemoryLedger, devices = fakeDevices()) {
  const terminal = {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    sealOpenParts: () => Promise.resolve([]),
  };
  return openIncident({
    ledger,
    platform: { clock },
    devices,
    services: createServices({ platform: { clock } }),
    terminal,
    log: (message) => expect.fail(message),
  });
}

describe('a capture that a host was cut off from', () => {
  const file = 'captures/cut.mcap';

  /** A capture that the ledger has as running, two of its chunks damaged. */
  async function cutCapture(ledger: MemoryLedger): Promise<string> {
    const parts = await open(ledger);
    await parts.close();
    const path = join(ledger.folder, file);
    const recorder = await createRecorder({ path, flushEveryMs: 1_000_000 });
    recorder.addChannel(weight);
    const ends: number[] = [];
    for (let c = 0; c < 5; c++) {
      const t = Float64Array.from({ length: 40 }, (_, i) => start + (c * 40 + i) * 1000);
      recorder.samples({ channel: weight.id, t, v: t.map((_, i) => i) });
      await recorder.flush();
      ends.push(recorder.flushedLength);
    }
    await recorder.close();
    const bytes = await readFile(path);
    for (const end of [ends[1]!, ends[3]!]) bytes[end - 200]! ^= 1;
    await writeFile(path, bytes);
    const data = { capture: 'cut', file, channels: [weight] };
    await ledger.append({ type: 'capture.started', data, actor: hostActor });
    return path;
  }

  const told = (ledger: MemoryLedger) => ({
    recovered: ledger.of('capture.recovered').map(({ body }) => body.data),
    gaps: ledger.of('gap.lost').map(({ body }) => body.data),
    closed: ledger.of('capture.closed').filter(({ body }) => body.data.capture === 'cut').length,
  });

  /** As the ledger of a host that ends before it appended the `count`th of these types. */
  function endingBefore(ledger: MemoryLedger, count: number, types: EntryType[]): MemoryLedger {
    let appended = 0;
    return {
      ...ledger,
      get size() {
        return ledger.size;
      },
      get state() {
        return ledger.state;
      },
      append: (draft) => {
        if (types.includes(draft.type) && appended++ === count) return Promise.reject(new Error('ended'));
        return ledger.append(draft);
      },
    };
  }

  it('is made whole, and its loss told', async () => {
    const ledger = await ledgerHere();
    await cutCapture(ledger);
    await (await open(ledger)).close();
    const { recovered, gaps, closed } = told(ledger);
    expect(recovered).toMatchObject([{ capture: 'cut', file, chunksLost: 2 }]);
    expect(gaps).toMatchObject([{ from: start + 39_000, channels: [weight.id] }, { from: start + 119_000 }]);
    expect(closed).toBe(1);
  });

  it('has its loss told when the host ended as soon as the file was whole', async () => {
    const ledger = await ledgerHere();
    const { chunksLost, bytesLost } = await recoverCapture(await cutCapture(ledger));
    await (await open(ledger)).close();
    const { recovered, gaps } = told(ledger);
    expect(recovered).toEqual([{ capture: 'cut', file, chunksLost, bytesLost }]);
    expect(gaps).toHaveLength(2);
  });

  it.each([0, 1, 2, 3])(
    'has its loss told once when the host ended after %i entries of it',
    async (count) => {
      const ledger = await ledgerHere();
      await cutCapture(ledger);
      const cutOff = endingBefore(ledger, count, ['capture.recovered', 'gap.lost', 'capture.closed']);
      await expect(open(cutOff)).rejects.toThrow('ended');
      expect(told(ledger).recovered.length + told(ledger).gaps.length).toBe(count);
      await (await open(ledger)).close();
      const { recovered, gaps, closed } = told(ledger);
      expect(recovered).toMatchObject([{ capture: 'cut', chunksLost: 2 }]);
      expect(gaps).toMatchObject([{ from: start + 39_000 }, { from: start + 119_000 }]);
      expect(closed).toBe(1);
    },
  );
});

describe('what a device is known to have lost', () => {
  it('is told once, with the span of the block that no one took', async () => {
    const ledger = await ledgerHere();
    const devices = fakeDevices();
    const parts = await open(ledger, devices);
    parts.capture.addDevice('cell', [weight]);
    const block = (seq: number, at: number): SampleBlock => ({
      channel: weight.id,
      seq,
      t: Float64Array.of(start + at),
      v: Float64Array.of(0),
    });
    const loss = { device: 'cell', channels: [weight.id], at: start + 900, count: 40, reason: 'too late' };
    devices.blocks.tell([block(0, 0)]);
    devices.losses.tell({ ...loss, seq: 1, from: start + 100, to: start + 300 });
    devices.blocks.tell([block(2, 500)]);
    devices.losses.tell({ ...loss, count: 2 });
    await parts.close();
    expect(ledger.of('gap.lost').map(({ body }) => body.data)).toMatchObject([
      { from: start + 100, to: start + 301, count: 40 },
      { from: start + 500, to: start + 900, count: 2 },
    ]);
  });
});

describe('an export that a host was cut off from', () => {
  it('is ended by the next one, once; what had its outcome is left alone', async () => {
    const ledger = await ledgerHere();
    const begin = async (size: number) => {
      const data = { size, root: '00', name: 'x.zip' };
      return (await ledger.append({ type: 'bundle.exported', data, actor: technician })).head.id;
    };
    const done = await begin(2);
    const written = { export: done, bytes: 1, sha256: '00' };
    await ledger.append({ type: 'bundle.written', data: written, actor: hostActor });
    const cut = await begin(4);
    await (await open(ledger)).close();
    await (await open(ledger)).close();
    expect(ledger.of('bundle.failed').map(({ body }) => [body.data.export, body.cause])).toEqual([
      [cut, cut],
    ]);
    expect(ledger.state.openExports).toEqual([]);
  });
});

describe('parts for a bundle', () => {
  it('hold one copy of the capture, whatever was exported before', async () => {
    const ledger = await ledgerHere();
    const parts = await open(ledger);
    onTestFinished(() => parts.close());
    await parts.sealOpenParts();
    const [last] = await parts.sealOpenParts();
    expect(readdirSync(join(ledger.folder, 'exporting'), { recursive: true })).toHaveLength(1);
    expect(await readFile(last!.path)).toHaveLength(last!.bytes);
  });
});

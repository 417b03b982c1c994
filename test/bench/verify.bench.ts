import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../common/ledger/types.ts';
import { createLocker, exportBundle } from '../../main/evidence/index.ts';
import { verifyBundle } from '../../main/evidence/verify/verify.ts';
import { createLedgerRoom, openKeys } from '../../main/ledger/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'verify';
export const bars: Record<string, Bar> = { ratio: { min: 0.7 } };

const blobs = 10;
const blobBytes = 50_000_000;
const runs = 3;

/** `warroom verify` on a bundle of 500 MB, beside `sha512sum` on the same file: the median of three, taken in turns. */
export async function run(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'warroom-bench-'));
  try {
    const { file, bytes } = await makeBundle(dataDir);
    const { crypto } = createNodePlatform({ dataDir });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < runs; i++) {
      ours.push(
        await timed(async () => {
          const verdict = await verifyBundle(file, { trust: [], crypto });
          if (!verdict.intact) throw new Error(`not intact: ${verdict.file}: ${verdict.why}`);
        }),
      );
      theirs.push(await timed(() => void execFileSync('sha512sum', [file])));
    }
    const [own, peer] = [bytes / 1e6 / median(ours), bytes / 1e6 / median(theirs)];
    return [
      { metric: 'mb_per_s', value: Math.round(own), unit: 'MB/s' },
      { metric: 'sha512sum_mb_per_s', value: Math.round(peer), unit: 'MB/s' },
      { metric: 'ratio', value: Number((own / peer).toFixed(2)), unit: '' },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

const median = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]!;

async function timed(work: () => void | Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function makeBundle(dataDir: string): Promise<{ file: string; bytes: number }> {
  const platform = createNodePlatform({ dataDir });
  const keys = await openKeys(platform, dataDir);
  const room = createLedgerRoom({ platform, keys, dataDir, version: 'bench', log: () => undefined });
  const ledger = await room.declare({ title: 'Bench', severity: 5, drill: true });
  const actor: Actor = { kind: 'human', id: keys.device.id, role: 'technician' };
  const locker = await createLocker(ledger.folder);
  const buffer = Buffer.alloc(blobBytes);
  for (let i = 0; i < blobs; i++) {
    const blob = await locker.put(randomFillSync(buffer), 'application/octet-stream');
    await ledger.append({
      type: 'evidence.kept',
      data: { kind: 'file', name: `blob ${i}` },
      evidence: [blob],
      actor,
    });
  }
  const exported = await exportBundle({
    ledger,
    locker,
    crypto: platform.crypto,
    profile: () => 'name: bench\n',
    sealOpenParts: () => Promise.resolve([]),
    begin: async (data) => (await ledger.append({ type: 'bundle.exported', data, actor })).head.seq,
    onProgress: () => undefined,
  });
  await ledger.close();
  return exported;
}

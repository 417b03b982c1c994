import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../common/ledger/types.ts';
import { createLedgerRoom, openKeys, type Ledger } from '../../main/ledger/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import type { Bar, Figure } from './types.ts';

const batches = 100;
const batchSize = 200;
const singles = 1000;
/** Opening is measured on so many entries. */
const large = 100_000;

export const name = 'ledger';
export const bars: Record<string, Bar> = {
  append_batched_per_s: { min: 3000 },
  append_single_p99_ms: { max: 10 },
};

/** The real ledger with its real rules on a real disk: group commits, single entries, and opening 100 000 of them. */
export async function run(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(process.env.WARROOM_BENCH_DISK ?? tmpdir(), 'warroom-bench-'));
  try {
    const platform = createNodePlatform({ dataDir });
    const keys = await openKeys(platform, dataDir);
    const room = createLedgerRoom({ platform, keys, dataDir, version: 'bench', log: console.error });
    const actor: Actor = { kind: 'human', id: keys.device.id, role: 'technician' };
    const ledger = await room.declare({ title: 'Bench', severity: 5, drill: true });
    const batched = await batchedPerSecond(ledger, actor);
    const single = await singleP99(ledger, actor);
    while (ledger.size < large) await appendBatch(ledger, actor, 1000);
    await ledger.close();
    const started = performance.now();
    const again = await room.open(ledger.incident);
    const opened = performance.now() - started;
    await again.close();
    return [
      { metric: 'append_batched_per_s', value: batched, unit: 'entries/s' },
      { metric: 'append_single_p99_ms', value: single, unit: 'ms' },
      { metric: 'open_100k_ms', value: opened, unit: 'ms' },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function appendBatch(ledger: Ledger, actor: Actor, count: number): Promise<void> {
  const notes = Array.from({ length: count }, (_, index) =>
    ledger.append({
      type: 'note.written',
      data: { text: `Line ${index}: weight drifts, 0.31 g off` },
      actor,
    }),
  );
  await Promise.all(notes);
}

async function batchedPerSecond(ledger: Ledger, actor: Actor): Promise<number> {
  const started = performance.now();
  for (let batch = 0; batch < batches; batch++) await appendBatch(ledger, actor, batchSize);
  return (batches * batchSize * 1000) / (performance.now() - started);
}

async function singleP99(ledger: Ledger, actor: Actor): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < singles; index++) {
    const started = performance.now();
    await ledger.append({
      type: 'check.found',
      rung: 1,
      data: { check: 'by-hand', result: 'pass', says: 'as it should be' },
      actor,
    });
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return times[Math.ceil(singles * 0.99) - 1]!;
}

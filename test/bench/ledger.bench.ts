import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../common/ledger/types.ts';
import { createLedgerRoom, openKeys, type Ledger } from '../../main/ledger/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'ledger';
export const bars: Record<string, Bar> = {
  append_batched_per_s: { min: 3000 },
  append_single_p99_ms: { max: 10 },
};

const batches = 60;
const batchSize = 200;
const singles = 600;

/** Appends through the real ledger: rules, hashing, SQLite with FULL synchronisation. */
export async function run(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'warroom-bench-'));
  const platform = createNodePlatform({ dataDir });
  const keys = await openKeys(platform, dataDir);
  const room = createLedgerRoom({ platform, keys, dataDir, version: 'bench', log: () => undefined });
  const ledger = await room.declare({ title: 'Bench', severity: 5, drill: true });
  const actor: Actor = { kind: 'human', id: keys.device.id, role: 'technician' };
  try {
    await batched(ledger, actor, 5);
    const perSecond = await batched(ledger, actor, batches);
    return [
      { metric: 'append_batched_per_s', value: Math.round(perSecond), unit: '1/s' },
      { metric: 'append_single_p99_ms', value: await singleP99(ledger, actor), unit: 'ms' },
    ];
  } finally {
    await ledger.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const append = (ledger: Ledger, actor: Actor, text: string) =>
  ledger.append({ type: 'note.written', data: { text }, actor });

async function batched(ledger: Ledger, actor: Actor, count: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < count; i++)
    await Promise.all(Array.from({ length: batchSize }, (_, j) => append(ledger, actor, `note ${i}/${j}`)));
  return (count * batchSize * 1000) / (performance.now() - started);
}

async function singleP99(ledger: Ledger, actor: Actor): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < singles; i++) {
    const started = performance.now();
    await append(ledger, actor, `single ${i}`);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return Number(times[Math.floor(singles * 0.99)]!.toFixed(2));
}

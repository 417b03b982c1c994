/** Kills a real host with SIGKILL in the middle of its work, and looks at what is left. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createChainVerifier } from '../../common/ledger/chain.ts';
import { encodeLine } from '../../common/ledger/entry.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { dial } from '../../main/remote/dial.ts';
import { serveRoom } from './served-room.ts';

/** What was seen of one life and of the one after it. */
export interface KillReport {
  /** Ids of entries that the host had acknowledged. */
  acknowledged: string[];
  /** All entries after it was opened again. */
  entries: Entry[];
  /** Whole bundles that lie in `exports`. */
  bundles: string[];
  /** Captures of the first life: each must have been closed by the second. */
  captures: { started: number; closed: number };
}

export type Moment = 'appending' | 'capturing' | 'exporting';

/** One life: a drill runs and notes are appended until the host is killed after about `delayMs` of `moment`. */
export async function killOnce(moment: Moment, delayMs: number): Promise<KillReport> {
  const acknowledged: string[] = [];
  const first = await serveRoom();
  const room = await dial(first.dataDir);
  const { incident } = await room.client.drill.start({ seed: 7 });
  const killed = new Promise<void>((resolve) => first.process.once('exit', () => resolve()));
  await (moment === 'capturing' ? untilSamples(room.client) : Promise.resolve());
  const timer = setTimeout(() => first.process.kill('SIGKILL'), delayMs);
  await Promise.all([
    append(room.client, acknowledged),
    moment === 'exporting' ? exportAgain(room.client) : null,
    killed,
  ]);
  clearTimeout(timer);

  const second = await serveRoom({ dataDir: first.dataDir });
  try {
    const again = await dial(second.dataDir);
    await again.client.room.open({ incident });
    const entries: Entry[] = [];
    for await (const batch of await again.client.ledger.subscribe({ from: 0 })) {
      entries.push(...batch.entries);
      if (entries.length >= batch.head) break;
    }
    again.close();
    const folder = join(second.dataDir, 'incidents', incident, 'exports');
    const bundles = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith('.zip'))
      .map((name) => join(folder, name));
    const count = (type: string) => entries.filter(({ head }) => head.type === type).length;
    await second.stop();
    // The second life's own capture is still open when it was asked.
    return {
      acknowledged,
      entries,
      bundles,
      captures: { started: count('capture.started') - 1, closed: count('capture.closed') },
    };
  } finally {
    await second.stop();
  }
}

type Client = Awaited<ReturnType<typeof dial>>['client'];

/** Appends until the link is lost with the host. */
async function append(client: Client, acknowledged: string[]): Promise<void> {
  for (let i = 0; ; i++) {
    const batch = Array.from({ length: 8 }, (_, j) => client.incident.note({ text: `note ${i}/${j}` }));
    const results = await Promise.allSettled(batch);
    for (const result of results) if (result.status === 'fulfilled') acknowledged.push(result.value.id);
    if (results.some(({ status }) => status === 'rejected')) return;
  }
}

async function exportAgain(client: Client): Promise<void> {
  try {
    for await (const list of await client.tasks.watch())
      if (!list.some(({ state }) => state === 'running')) await client.bundle.export();
  } catch {
    // The host was killed under it: that is the point.
  }
}

async function untilSamples(client: Client): Promise<void> {
  for await (const channels of await client.capture.channels())
    if (channels.some(({ samples }) => samples > 80)) return;
}

/** Throws unless the ledger is whole: every line follows from the one before. */
export function checkChain(entries: Entry[]): void {
  const chain = createChainVerifier(nodeCrypto);
  for (const entry of entries) chain.add(encodeLine(entry).slice(0, -1));
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createChainVerifier } from '../../common/ledger/chain.ts';
import { encodeLine } from '../../common/ledger/entry.ts';
import type { Actor } from '../../common/ledger/types.ts';
import { createLedgerRoom, openKeys, type Ledger } from '../../main/ledger/index.ts';
import { createNodePlatform, nodeCrypto } from '../../main/platform/node/index.ts';

export const declaration = { title: 'Scores wrong', severity: 2, drill: true };

/** A real ledger room over a data folder, with what it logs. */
export async function ledgerRoomOf(dataDir: string) {
  const platform = createNodePlatform({ dataDir });
  const keys = await openKeys(platform, dataDir);
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  const room = createLedgerRoom({ platform, keys, dataDir, version: 'test', log });
  const me: Actor = { kind: 'human', id: keys.device.id, role: 'technician' };
  const note = (ledger: Ledger, text: string) =>
    ledger.append({ type: 'note.written', data: { text }, actor: me });
  return { dataDir, platform, keys, room, me, note, logged };
}
export type TestRoom = Awaited<ReturnType<typeof ledgerRoomOf>>;

/** Data folders and ledgers of one test, cleared away by `clear`. */
export function ledgerTests() {
  const open: Ledger[] = [];
  const folders: string[] = [];
  return {
    async room(): Promise<TestRoom> {
      const folder = mkdtempSync(join(tmpdir(), 'warroom-ledger-'));
      folders.push(folder);
      return ledgerRoomOf(folder);
    },
    track: (ledger: Ledger) => (open.push(ledger), ledger),
    async clear(): Promise<void> {
      for (const ledger of open.splice(0)) await ledger.close();
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every line by the verifier that bundles are checked with, and the last checkpoint against it. */
export function verifyChain(ledger: Ledger): void {
  const chain = createChainVerifier(nodeCrypto);
  for (let from = 0; from < ledger.size; from += 1000)
    for (const entry of ledger.range(from, from + 1000)) chain.add(encodeLine(entry).slice(0, -1));
  expect(chain.size).toBe(ledger.size);
  const checkpoint = ledger.lastCheckpoint();
  if (checkpoint) expect(chain.rootAt(checkpoint.size)).toEqual(checkpoint.root);
}

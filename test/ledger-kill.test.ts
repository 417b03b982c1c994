import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { declaration, ledgerTests, verifyChain } from './fakes/ledger-room.ts';

const tests = ledgerTests();
afterEach(() => tests.clear());
const appender = join(import.meta.dirname, 'fakes', 'ledger-appender.ts');

/** Lets a real process append, and kills it without warning after so many acknowledgements. */
async function appendAndKill(dataDir: string, incident: string, after: number): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [appender, dataDir, incident], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged = new Map<number, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [seq, id] = line.split(' ');
    // The last line may be cut off.
    if (id?.length === 36) acknowledged.set(Number(seq), id);
    if (acknowledged.size === after) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

it('an acknowledged entry outlives a kill of its process, again and again', { timeout: 60_000 }, async () => {
  const { dataDir, room } = await tests.room();
  const declared = await room.declare(declaration);
  const { incident } = declared;
  await declared.close();
  for (const after of [1, 150 + Math.floor(Math.random() * 300), 700 + Math.floor(Math.random() * 2000)]) {
    const acknowledged = await appendAndKill(dataDir, incident, after);
    expect(acknowledged.size).toBeGreaterThanOrEqual(after);
    const ledger = tests.track(await room.open(incident));
    for (const [seq, id] of acknowledged) expect(ledger.range(seq, seq + 1)[0]?.head.id).toBe(id);
    expect(ledger.state.gaps).toEqual([]);
    await ledger.checkpoint();
    verifyChain(ledger);
    await ledger.close();
  }
});

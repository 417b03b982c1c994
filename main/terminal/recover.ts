import { hostActor } from '../../common/ledger/host-actor.ts';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvidenceRef } from '../../common/ledger/types.ts';
import type { Ledger } from '../ledger/types.ts';
import { syncFolder } from '../platform/sync-folder.ts';

/** Ends in the ledger what a host that was cut off left running: its files, what may be missing of them, and how it ended. */
export async function endCutSessions(ledger: Ledger, folder: string): Promise<void> {
  const open = Object.values(ledger.state.sessions).filter((session) => session.ended === null);
  for (const { session } of open) {
    const files: string[] = [];
    const evidence: EvidenceRef[] = [];
    if (await mendTiming(join(folder, session))) {
      for (const [name, media] of [
        [`${session}.bytes`, 'application/octet-stream'],
        [`${session}.timing`, 'text/plain'],
      ] as const) {
        files.push(`sessions/${name}`);
        evidence.push({ ...(await digestOf(join(folder, name))), media });
      }
    }
    const reason =
      'The host ended while this shell was recorded; its last quarter of a second may be missing.';
    await ledger.append({
      type: 'gap.lost',
      data: { what: 'session', reason },
      actor: hostActor,
      target: session,
    });
    const data = { session, exit: null, signal: null, files };
    await ledger.append({ type: 'session.ended', data, actor: hostActor, evidence });
  }
}

/** Makes the timing end at a whole line and name every byte there is. False when the files are not there. */
async function mendTiming(base: string): Promise<boolean> {
  const [bytes, timing] = await Promise.all([
    stat(`${base}.bytes`).catch(missing),
    readFile(`${base}.timing`, 'utf8').catch(missing),
  ]);
  if (bytes === null || timing === null) return false;
  const kept: string[] = [];
  let named = 0;
  let seconds = 0;
  for (const line of timing.split('\n').slice(0, -1)) {
    const [kind, delta, count] = line.split(' ');
    const length = kind === 'O' ? Number(count) : 0;
    if (named + length > bytes.size) break;
    named += length;
    seconds += Number(delta);
    kept.push(line);
  }
  if (named < bytes.size) kept.push(`O 0.000000 ${bytes.size - named}`);
  const ending = `H 0.000000 DURATION ${seconds.toFixed(6)}`;
  // It is there already when an earlier opening mended the file and could not say so in the ledger.
  if (kept.at(-1) !== ending) kept.push(ending);
  await replaceFile(`${base}.timing`, `${kept.join('\n')}\n`);
  return true;
}

/** The old file or the new one, whole, whenever the machine stops. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

async function digestOf(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

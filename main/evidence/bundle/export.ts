import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { State } from '../../../common/incident/state.ts';
import { canonicalize } from '../../../common/lib/canonical.ts';
import { toBase64, toHex, utf8 } from '../../../common/lib/bytes.ts';
import type { Crypto } from '../../../common/lib/crypto.ts';
import { fromSystem, WarroomError } from '../../../common/lib/errors.ts';
import { signEnvelope } from '../../../common/ledger/dsse.ts';
import type { Ledger, SignedCheckpoint } from '../../ledger/types.ts';
import { syncFolder } from '../../platform/sync-folder.ts';
import type { Locker } from '../locker.ts';
import { collectContents } from './contents.ts';
import type { OpenFile } from './recordings.ts';
import type { BagFile } from './files.ts';
import type { WholeLimits } from './limits.ts';
import {
  bagitText,
  byName,
  folderName,
  infoText,
  manifestText,
  names,
  payloadType,
  predicateType,
  statementType,
} from './names.ts';
import { runJob } from './run-job.ts';

export interface ExportInput {
  ledger: Ledger;
  locker: Locker;
  crypto: Crypto;
  /** The profile's text, from the state after the checkpoint. */
  profile(state: State): string | Promise<string>;
  /** Names what is still being recorded by entries, and answers those files. */
  sealOpenParts(): Promise<OpenFile[]>;
  /** Appends that an export of checkpoint `size` begins. Answers the entry's seq. */
  begin(started: { size: number; root: string; name: string }): Promise<number>;
  /** Bytes done and in all (hashing and zipping count each byte twice). */
  onProgress(done: number, total: number, message: string): void;
  signal?: AbortSignal | undefined;
  /** What `verify` reads whole, unless given: a larger session has no cast. */
  wholeLimits?: WholeLimits | undefined;
}

export interface Exported {
  file: string;
  name: string;
  bytes: number;
  sha256: string;
  size: number;
  /** Root of checkpoint N, hex. */
  root: string;
}

/**
 * Exports the bundle of the ledger as it stands into `exports/`. The same checkpoint gives the same bytes. Rejects with
 * `cancelled`, `no-space`, `damaged`; then no part of it is left.
 */
export async function exportBundle(input: ExportInput): Promise<Exported> {
  const { ledger, crypto, signal } = input;
  const openFiles = await input.sealOpenParts();
  const checkpoint = await beginExport(input);
  const staging = join(ledger.folder, 'exporting', `bundle-${checkpoint.size}`);
  const folder = join(ledger.folder, 'exports');
  const name = bundleName(ledger, checkpoint.size);
  const part = join(folder, `${name}.part`);
  try {
    await rm(staging, { recursive: true, force: true });
    await rm(part, { force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    input.onProgress(0, 0, 'Collecting');
    const payload = await collectContents({ ...input, checkpoint, openFiles, staging });
    const total = 2 * payload.reduce((sum, { bytes }) => sum + bytes, 0);
    const hashed = await runJob(
      { kind: 'hash', files: payload },
      (done) => input.onProgress(done, total, 'Hashing'),
      signal,
    );
    if (hashed.kind !== 'hashed') throw new WarroomError('internal', 'The hashing answered something else.');
    const root = toBase64(checkpoint.root);
    const sign = (tags: string) =>
      signTags(crypto, ledger, tags, { incident: ledger.incident, size: checkpoint.size, root });
    const lastAt = ledger.range(checkpoint.size - 1, checkpoint.size)[0]!.head.at;
    const tagFiles = await writeTags(
      staging,
      payload,
      hashed.hashes,
      infoText(oxum(payload), ledger.incident, lastAt),
      sign,
    );
    const files = [...payload, ...tagFiles].sort((a, b) => byName(a.path, b.path));
    const zipped = await runJob(
      { kind: 'zip', folder: folderName(ledger.incident), files, target: part },
      (done) => input.onProgress(total / 2 + done, total, 'Writing'),
      signal,
    );
    if (zipped.kind !== 'zipped') throw new WarroomError('internal', 'The zipping answered something else.');
    const file = join(folder, name);
    await rename(part, file);
    await syncFolder(folder);
    return {
      file,
      name,
      bytes: zipped.bytes,
      sha256: zipped.sha256,
      size: checkpoint.size,
      root: toHex(checkpoint.root),
    };
  } catch (error) {
    if (signal?.aborted) throw new WarroomError('cancelled', 'The export was cancelled.');
    throw fromSystem(error, 'Exporting the bundle');
  } finally {
    await rm(part, { force: true });
    await rm(staging, { recursive: true, force: true });
  }
}

const bundleName = (ledger: Ledger, size: number) => `${folderName(ledger.incident)}-${size}.zip`;

/** The export's own entry has seq N. Where another entry came between, the next checkpoint is the one exported. */
async function beginExport({ ledger, begin }: ExportInput): Promise<SignedCheckpoint> {
  for (;;) {
    const checkpoint = await ledger.checkpoint();
    const { size, root } = checkpoint;
    if ((await begin({ size, root: toHex(root), name: bundleName(ledger, size) })) === size)
      return checkpoint;
  }
}

const oxum = (payload: BagFile[]) => ({
  bytes: payload.reduce((sum, { bytes }) => sum + bytes, 0),
  files: payload.length,
});

/** The bag's own files: bagit.txt, bag-info.txt, both manifests and the signature over the second. */
async function writeTags(
  staging: string,
  payload: BagFile[],
  hashes: Map<string, string>,
  info: string,
  sign: (tags: string) => string,
): Promise<BagFile[]> {
  const manifest = manifestText(new Map(payload.map(({ path }) => [path, hashes.get(path)!])));
  const tagged = { [names.bagit]: bagitText, [names.info]: info, [names.manifest]: manifest };
  const tags = manifestText(new Map(Object.entries(tagged).map(([path, text]) => [path, sha512(text)])));
  const texts = { ...tagged, [names.tags]: tags, [names.envelope]: sign(tags) };
  await mkdir(join(staging, 'signatures'), { recursive: true });
  return Promise.all(
    Object.entries(texts).map(async ([path, text]) => {
      const file = join(staging, path);
      const bytes = Buffer.from(text);
      await writeFile(file, bytes);
      return { path, file, bytes: bytes.length };
    }),
  );
}

const sha512 = (text: string) => createHash('sha512').update(text).digest('hex');

function signTags(
  crypto: Crypto,
  ledger: Ledger,
  tags: string,
  predicate: { incident: string; size: number; root: string },
): string {
  const statement = {
    _type: statementType,
    subject: [{ name: names.tags, digest: { sha512: sha512(tags) } }],
    predicateType,
    predicate,
  };
  return signEnvelope(crypto, ledger.incidentSigner, payloadType, utf8(canonicalize(statement)));
}

/** What a bundle of checkpoint N holds: the files that the ledger names, and those that are written for it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { reduce } from '../../../common/incident/reduce.ts';
import { emptyState, type State } from '../../../common/incident/state.ts';
import { toHex } from '../../../common/lib/bytes.ts';
import type { Crypto } from '../../../common/lib/crypto.ts';
import { WarroomError } from '../../../common/lib/errors.ts';
import { createChainVerifier, type ChainVerifier } from '../../../common/ledger/chain.ts';
import { encodeLine } from '../../../common/ledger/entry.ts';
import type { EvidenceRef } from '../../../common/ledger/types.ts';
import { encodeVkey, publicKeyPem } from '../../../common/ledger/vkey.ts';
import type { Ledger, SignedCheckpoint } from '../../ledger/types.ts';
import type { Locker } from '../locker.ts';
import { castLines, parseTiming, type CastMark } from './cast.ts';
import type { BagFile } from './files.ts';
import { keysText, listKeys } from './keys.ts';
import { wholeLimits, type WholeLimits } from './limits.ts';
import {
  byName,
  checkpointName,
  evidenceName,
  isDecisive,
  mustEmbed,
  names,
  namesRecordings,
  pemName,
} from './names.ts';
import { readmeText } from './readme.ts';
import { createRecordings, type OpenFile, type Recordings } from './recordings.ts';
import { crateText } from './ro-crate.ts';
import { viewerText, type Embedded } from './viewer.ts';

export interface ContentsInput {
  ledger: Ledger;
  locker: Locker;
  crypto: Crypto;
  checkpoint: SignedCheckpoint;
  openFiles: OpenFile[];
  /** The profile's text, from the state after checkpoint N. */
  profile(state: State): string | Promise<string>;
  /** Where files that are written for this bundle go. */
  staging: string;
  /** What `verify` reads whole, unless given. */
  wholeLimits?: WholeLimits | undefined;
}

const rangeSize = 1000;

interface Read {
  state: State;
  chain: ChainVerifier;
  evidence: Map<string, EvidenceRef>;
  /** seqs after which a checkpoint is kept. */
  decisive: number[];
  postmortem: EvidenceRef[] | null;
  recordings: Recordings;
}

/** All payload files, in byte order of their names, with their sizes. */
export async function collectContents(input: ContentsInput): Promise<BagFile[]> {
  const stage = createStage(input.staging);
  const read = await writeLedger(input, stage);
  const files: BagFile[] = [...stage.files];
  const checkpoints = chosenCheckpoints(input, read.decisive);
  for (const { size, note } of checkpoints) await stage.text(checkpointName(size), note);
  const keys = listKeys(
    input.crypto,
    read.chain,
    checkpoints.map(({ note }) => note),
  );
  await stage.text(names.keys, keysText(keys.map(({ listed }) => listed)));
  for (const { key, listed } of keys)
    await stage.text(pemName(listed.fingerprint), publicKeyPem(key.publicKey));
  await stage.text(names.profile, await input.profile(read.state));
  for (const blob of read.evidence.values())
    files.push({ path: evidenceName(blob), file: input.locker.path(blob.sha256), bytes: blob.bytes });
  const recordings = read.recordings.files(input.ledger.folder, input.openFiles);
  files.push(...recordings);
  await writeCasts(recordings, read.recordings, stage, input.wholeLimits ?? wholeLimits);
  const epoch = read.chain.epochs[0]!;
  const pem = keys.find(({ listed }) => listed.role === 'incident')!.listed.pem;
  await stage.text(
    names.readme,
    readmeText(
      input.ledger.incident,
      input.checkpoint.size,
      toHex(input.checkpoint.root),
      encodeVkey(epoch.deviceKey),
      pem,
    ),
  );
  if (read.postmortem) await writePostmortem(input, read.postmortem, stage);
  const all = [...new Map([...files, ...stage.files].map((file) => [file.path, file])).values()];
  const listed = all.map(({ path, bytes }) => ({ path, bytes })).sort((a, b) => byName(a.path, b.path));
  await stage.text(
    names.crate,
    crateText({
      incident: input.ledger.incident,
      state: read.state,
      lastAt: read.chain.lastAt,
      files: listed,
    }),
  );
  all.push(stage.files.find(({ path }) => path === names.crate)!);
  return all.sort((a, b) => byName(a.path, b.path));
}

/** Files written for this bundle, under their names. */
function createStage(folder: string) {
  const files: BagFile[] = [];
  const place = async (path: string) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  };
  return {
    files,
    async text(path: string, text: string): Promise<void> {
      if (files.some((file) => file.path === path)) return;
      const file = await place(path);
      const bytes = Buffer.from(text);
      await writeFile(file, bytes);
      files.push({ path, file, bytes: bytes.length });
    },
    async lines(path: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void> {
      const file = await place(path);
      await pipeline(Readable.from(lines), createWriteStream(file));
      files.push({ path, file, bytes: (await stat(file)).size });
    },
  };
}
type Stage = ReturnType<typeof createStage>;

/** Writes ledger.jsonl, checking each line as `verify` will, and notes what the entries name. */
async function writeLedger({ ledger, crypto, checkpoint }: ContentsInput, stage: Stage): Promise<Read> {
  const read: Read = {
    state: emptyState,
    chain: createChainVerifier(crypto),
    evidence: new Map(),
    decisive: [],
    postmortem: null,
    recordings: createRecordings(),
  };
  await stage.lines(
    names.ledger,
    (function* () {
      for (let from = 0; from < checkpoint.size; from += rangeSize)
        for (const entry of ledger.range(from, Math.min(from + rangeSize, checkpoint.size))) {
          const line = encodeLine(entry);
          read.chain.add(line.slice(0, -1));
          read.state = reduce(read.state, entry);
          read.recordings.add(entry);
          if (isDecisive(entry.head.type)) read.decisive.push(entry.head.seq);
          if (entry.head.type === 'postmortem.drafted') read.postmortem = entry.body.evidence;
          if (!namesRecordings(entry.head.type))
            for (const blob of entry.body.evidence)
              if (!read.evidence.has(blob.sha256)) read.evidence.set(blob.sha256, blob);
          yield line;
        }
    })(),
  );
  return read;
}

/** N, and the first after each decision, approval and take-over. */
function chosenCheckpoints({ ledger, checkpoint }: ContentsInput, decisive: number[]): SignedCheckpoint[] {
  const stored = ledger.checkpoints().filter(({ size }) => size < checkpoint.size);
  const chosen = new Map<number, SignedCheckpoint>([[checkpoint.size, checkpoint]]);
  for (const seq of decisive) {
    const first = stored.find(({ size }) => size > seq);
    if (first) chosen.set(first.size, first);
  }
  return [...chosen.values()];
}

async function writeCasts(
  files: BagFile[],
  recordings: Recordings,
  stage: Stage,
  limits: WholeLimits,
): Promise<void> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const session of recordings.sessions()) {
    const bytes = byPath.get(`data/sessions/${session}.bytes`)!;
    const timing = byPath.get(`data/sessions/${session}.timing`)!;
    if (bytes.bytes > limits.bytes || timing.bytes > limits.textBytes) continue;
    const timingText = (await firstBytes(timing)).toString('utf8');
    const marks = recordings.marks(session);
    const lines = tryCast(timingText, await firstBytes(bytes), marks, limits.textBytes);
    if (lines) await stage.lines(`data/sessions/${session}.cast`, lines);
  }
}

/**
 * A cast is a convenience. A recording that a full disk cut between bytes and timing has none, nor has one whose cast
 * `verify` could not read; it is kept all the same.
 */
function tryCast(timing: string, bytes: Uint8Array, marks: CastMark[], maxBytes: number): string[] | null {
  const lines: string[] = [];
  let left = maxBytes;
  try {
    for (const line of castLines(parseTiming(timing), bytes, marks)) {
      left -= Buffer.byteLength(line);
      if (left < 0) return null;
      lines.push(line);
    }
    return lines;
  } catch (error) {
    if (error instanceof WarroomError && error.code === 'damaged') return null;
    throw error;
  }
}

async function firstBytes({ file, bytes }: BagFile): Promise<Buffer> {
  const all = await readFile(file);
  if (all.length < bytes) throw new WarroomError('damaged', `${file} is shorter than was recorded.`);
  return all.subarray(0, bytes);
}

async function writePostmortem(
  { locker, checkpoint }: ContentsInput,
  evidence: EvidenceRef[],
  stage: Stage,
): Promise<void> {
  const [markdown, html] = evidence;
  if (markdown) await stage.text(names.markdown, await readFile(locker.path(markdown.sha256), 'utf8'));
  if (html) await stage.text(names.html, await readFile(locker.path(html.sha256), 'utf8'));
  const embedded: Embedded[] = [];
  for (const { path, file, bytes } of [...stage.files].sort((a, b) => byName(a.path, b.path))) {
    if (!mustEmbed(path, bytes)) continue;
    const content = await readFile(file);
    const sha256 = createHash('sha256').update(content).digest('hex');
    embedded.push({
      path: path.slice('data/'.length),
      sha256,
      gzip: gzipSync(content, { level: 9 }).toString('base64'),
    });
  }
  await stage.text(
    names.viewer,
    viewerText({ size: checkpoint.size, root: toHex(checkpoint.root) }, embedded),
  );
}

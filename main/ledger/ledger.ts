/** An open ledger: the only append. Entries are checked, stamped and queued, and committed together once a turn. */
import { canonicalize } from '../../common/lib/canonical.ts';
import { toHex } from '../../common/lib/bytes.ts';
import { timestamp } from '../../common/lib/clock.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { uuidv7 } from '../../common/lib/ids.ts';
import { entryData, type DataOf, type EntryType } from '../../common/incident/entries.ts';
import { reduce, reduceAll } from '../../common/incident/reduce.ts';
import { guard } from '../../common/incident/rules.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import { signCheckpoint } from '../../common/ledger/checkpoint.ts';
import { encodeLine, entryBytes, sealEntry } from '../../common/ledger/entry.ts';
import { leafHash, type Tree } from '../../common/ledger/merkle.ts';
import type { Body, Entry, Head } from '../../common/ledger/types.ts';
import type { Signer } from '../../common/lib/crypto.ts';
import type { Platform } from '../platform/types.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import type { Row, Store } from './store.ts';
import type { Draft, Ledger, SignedCheckpoint } from './types.ts';

/** Entries between two snapshots of the fold. */
const snapshotEvery = 512;
const checkpointDelayMs = 900;
const maxRange = 1000;
/** After these a checkpoint is made at once, and kept for ever. */
const decisive: ReadonlySet<EntryType> = new Set<EntryType>([
  'rung.decided',
  'rung.reopened',
  'incident.state',
]);

export interface LedgerParts {
  incident: string;
  epoch: number;
  folder: string;
  platform: Platform;
  store: Store;
  checkpointFiles: CheckpointFiles;
  signer: Signer;
  /** State after what is stored. */
  state: State;
  tree: Tree;
  /** Leaf hash of the last stored entry, hex. */
  prev: string;
  /** The newest checkpoint of what is stored. */
  checkpoint: SignedCheckpoint | null;
  log(message: string, error?: unknown): void;
  onClose(): void;
}

interface Pending {
  entry: Entry;
  row: Row;
  state: State;
  resolve: (entry: Entry) => void;
  reject: (error: unknown) => void;
}

/** The live ledger over what `open` has read and checked. */
export function createLedger(parts: LedgerParts): Ledger {
  return new OpenLedger(parts);
}

class OpenLedger implements Ledger {
  readonly incident: string;
  readonly folder: string;
  readonly incidentSigner: Signer;
  state: State;
  private readonly parts: LedgerParts;
  private tree: Tree;
  private prev: string;
  private pending: Pending[] = [];
  private committing: Promise<void> | null = null;
  private lastMillis = 0;
  private lastRandom = '';
  private checkpointTimer: NodeJS.Timeout | null = null;
  private checkpointNow: SignedCheckpoint | null;
  private timed: number[] = [];
  private decided = new Set<number>();
  private readonly commitListeners = new Set<(entries: Entry[]) => void>();
  private readonly checkpointListeners = new Set<(checkpoint: SignedCheckpoint) => void>();
  private isClosed = false;
  private clockOffset: number;
  private clockLooked = 0;

  constructor(parts: LedgerParts) {
    this.parts = parts;
    this.incident = parts.incident;
    this.folder = parts.folder;
    this.incidentSigner = parts.signer;
    this.state = parts.state;
    this.tree = parts.tree;
    this.prev = parts.prev;
    this.checkpointNow = parts.checkpoint;
    this.clockOffset = this.wallAhead();
  }

  get size(): number {
    return this.state.size;
  }

  async append<T extends EntryType>(draft: Draft<T>): Promise<Entry<DataOf<T>>> {
    if (this.isClosed)
      throw new WarroomError('unavailable', 'This incident was closed here.', 'Open it again.');
    if (draft.type !== 'clock.step') this.lookAtClock();
    const entry = await new Promise<Entry>((resolve, reject) => {
      this.pending.push({ ...this.prepare(draft), resolve, reject });
      this.committing ??= this.commitSoon();
    });
    return entry as Entry<DataOf<T>>;
  }

  /** Checks the draft against its type and the rules, on the fold that includes what is still waiting. */
  private prepare(draft: Draft): Omit<Pending, 'resolve' | 'reject'> {
    const schema = entryData[draft.type];
    if (!schema) throw new WarroomError('bad-input', `There is no entry type "${draft.type}".`);
    const parsed = schema.safeParse(draft.data);
    if (!parsed.success)
      throw new WarroomError(
        'bad-input',
        `The data of ${draft.type} is not as it must be: ${parsed.error.issues[0]?.message}.`,
        '',
        {
          path: parsed.error.issues[0]?.path,
        },
      );
    const before = this.pending.at(-1);
    const state = before?.state ?? this.state;
    guard(state, { type: draft.type, data: draft.data, actor: draft.actor, rung: draft.rung });
    const head = this.headOf(draft, state.size, before ? toHex(before.row.leaf) : this.prev);
    const entry = sealEntry(
      this.parts.platform.crypto,
      head,
      bodyOf(draft),
      toHex(this.parts.platform.random(16)),
    );
    encodeLine(entry);
    const row = {
      seq: state.size,
      head: canonicalize(entry.head),
      body: canonicalize(entry.body),
      salt: entry.salt,
      leaf: leafHash(this.parts.platform.crypto, entryBytes(entry.head)),
    };
    return { entry, row, state: reduce(state, entry) };
  }

  private headOf(draft: Draft, seq: number, prev: string): Omit<Head, 'bodyHash'> {
    const { clock } = this.parts.platform;
    const now = clock.now();
    return {
      v: 1,
      incident: this.incident,
      epoch: this.parts.epoch,
      seq,
      id: this.nextId(Math.floor(now / 1000)),
      at: timestamp(now),
      boot: clock.boot,
      mono: clock.mono(),
      actor: draft.actor,
      type: draft.type,
      ...(draft.rung && { rung: draft.rung }),
      ...(draft.change && { change: draft.change }),
      prev,
    };
  }

  /** UUIDv7 that rises strictly: within one millisecond the random part is drawn until it does. */
  private nextId(millis: number): string {
    this.lastMillis = Math.max(this.lastMillis, millis);
    let id = uuidv7(this.lastMillis, this.parts.platform.random(10));
    for (let tries = 0; id <= this.lastRandom; tries++) {
      if (tries > 4) this.lastMillis++;
      id = uuidv7(this.lastMillis, this.parts.platform.random(10));
    }
    this.lastRandom = id;
    return id;
  }

  /** One commit for all that was queued in this turn of the event loop. */
  private async commitSoon(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const batch = this.pending;
    this.pending = [];
    this.committing = null;
    if (batch.length === 0) return;
    try {
      this.parts.store.commit(
        batch.map(({ row }) => row),
        snapshotsOf(batch),
      );
    } catch (error) {
      // Nothing of the batch is stored: the next append stands on what is committed. (What was queued on top of it
      // meanwhile can't be: this method runs without a pause from taking the batch to here.)
      for (const { reject } of batch) reject(error);
      return;
    }
    this.applied(batch);
  }

  private applied(batch: Pending[]): void {
    for (const { row } of batch) this.tree.append(row.leaf);
    this.state = batch.at(-1)!.state;
    this.prev = toHex(batch.at(-1)!.row.leaf);
    const entries = batch.map(({ entry }) => entry);
    for (const { entry, resolve } of batch) resolve(entry);
    for (const listener of this.commitListeners) listener(entries);
    if (entries.some(({ head }) => decisive.has(head.type as EntryType))) this.checkpointKept();
    else this.checkpointTimer ??= setTimeout(() => this.checkpointTimed(), checkpointDelayMs);
  }

  range(from: number, to: number): Entry[] {
    const end = Math.min(to, from + maxRange, this.size);
    return this.parts.store.read(from, end).map(entryOf);
  }

  stateAt(size: number): State {
    if (size >= this.size) return this.state;
    const snapshot = this.parts.store.snapshot(size);
    const start = snapshot ? (JSON.parse(snapshot.state) as State) : emptyState;
    return reduceAll(start, this.parts.store.read(start.size, size).map(entryOf));
  }

  onCommit(listener: (entries: Entry[]) => void): () => void {
    this.commitListeners.add(listener);
    return () => this.commitListeners.delete(listener);
  }

  onCheckpoint(listener: (checkpoint: SignedCheckpoint) => void): () => void {
    this.checkpointListeners.add(listener);
    return () => this.checkpointListeners.delete(listener);
  }

  lastCheckpoint(): SignedCheckpoint | null {
    return this.checkpointNow;
  }

  checkpoints(): SignedCheckpoint[] {
    return this.parts.checkpointFiles.all().checkpoints.filter(({ size }) => size <= this.size);
  }

  async checkpoint(): Promise<SignedCheckpoint> {
    while (this.committing) await this.committing;
    return this.sign();
  }

  private sign(): SignedCheckpoint {
    if (this.checkpointNow?.size === this.size) return this.checkpointNow;
    const root = this.tree.root();
    const note = signCheckpoint(
      this.parts.platform.crypto,
      this.incidentSigner,
      this.incident,
      this.size,
      root,
    );
    const checkpoint = { size: this.size, root, note };
    this.parts.checkpointFiles.write(checkpoint);
    this.checkpointNow = checkpoint;
    for (const listener of this.checkpointListeners) listener(checkpoint);
    return checkpoint;
  }

  /** The first checkpoint after a decision is kept for ever. */
  private checkpointKept(): void {
    this.trySign((size) => this.decided.add(size));
  }

  /** A checkpoint of the timer is superseded by the next: it is removed, so the folder grows with decisions only. */
  private checkpointTimed(): void {
    this.checkpointTimer = null;
    this.trySign((size) => {
      for (const old of this.timed.splice(0))
        if (old !== size && !this.decided.has(old)) this.parts.checkpointFiles.remove(old);
      this.timed.push(size);
    });
  }

  private trySign(then: (size: number) => void): void {
    if (this.isClosed) return;
    try {
      then(this.sign().size);
    } catch (error) {
      // The entries are safe; the next entry brings the next try.
      this.parts.log('A checkpoint could not be written', error);
    }
  }

  leaves(size: number): Uint8Array {
    return this.parts.store.leaves(size);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    while (this.committing) await this.committing;
    if (this.checkpointTimer) clearTimeout(this.checkpointTimer);
    this.trySign(() => undefined);
    this.isClosed = true;
    this.parts.store.close();
    this.parts.onClose();
  }

  /** Milliseconds that the wall clock is ahead of the anchored axis. */
  private wallAhead(): number {
    return Date.now() - this.parts.platform.clock.now() / 1000;
  }

  /** At most once a second: a step of the wall clock becomes an entry. */
  private lookAtClock(): void {
    const mono = this.parts.platform.clock.mono();
    if (mono - this.clockLooked < 1_000_000 || this.size < 2) return;
    this.clockLooked = mono;
    const ahead = this.wallAhead();
    const byMs = Math.round(ahead - this.clockOffset);
    if (Math.abs(byMs) < 1000) return;
    this.clockOffset = ahead;
    const actor = { kind: 'system' as const, id: 'host', role: 'system' };
    this.append({ type: 'clock.step', data: { byMs }, actor }).catch((error: unknown) =>
      this.parts.log('A step of the clock could not be written down', error),
    );
  }
}

function bodyOf({ data, target, evidence = [], cause, corrects, req }: Draft): Body {
  return {
    data: data,
    ...(target !== undefined && { target }),
    evidence,
    ...(cause !== undefined && { cause }),
    ...(corrects !== undefined && { corrects }),
    ...(req && { req }),
  };
}

function snapshotsOf(batch: Pending[]): { size: number; state: string }[] {
  return batch
    .filter(({ state }) => state.size % snapshotEvery === 0)
    .map(({ state }) => ({ size: state.size, state: JSON.stringify(state) }));
}

/** A stored row as an entry. */
export function entryOf({ head, body, salt }: Row): Entry {
  return { head: JSON.parse(head) as Head, body: JSON.parse(body) as Body, salt };
}

/** An open ledger: the only append. Entries are checked, stamped and queued, and committed together once a turn. */
import { hostActor } from '../../common/ledger/host-actor.ts';
import { toHex } from '../../common/lib/bytes.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { DataOf, EntryType } from '../../common/incident/entries.ts';
import { reduceAll } from '../../common/incident/reduce.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import type { Tree } from '../../common/ledger/merkle.ts';
import type { Body, Entry, Head } from '../../common/ledger/types.ts';
import type { Signer } from '../../common/lib/crypto.ts';
import type { Platform } from '../platform/types.ts';
import { createStamper, type Stamped } from './append.ts';
import { createCheckpointMaker } from './checkpoint-maker.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import { createStepWatch } from './clock-step.ts';
import { snapshotEvery, type Row, type Snapshot, type Store } from './store.ts';
import { maxRange, type Draft, type Ledger, type SignedCheckpoint } from './types.ts';

/** After these a checkpoint is made in the same turn. All others wait for the next timed one. */
const checkpointAtOnce = /^(rung\.(decided|reopened)|incident\.state|approval\..+|host\.taken-over)$/;

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

interface Pending extends Stamped {
  resolve: (entry: Entry) => void;
  reject: (error: unknown) => void;
}

/** The live ledger over what `open` has read and checked. */
export function createLedger(parts: LedgerParts): Ledger {
  const { incident, folder, platform, store, checkpointFiles, signer, tree, log } = parts;
  const stamper = createStamper(parts);
  const commitListeners = new Set<(entries: Entry[]) => void>();
  const stepOf = createStepWatch(platform.clock);
  let { state, prev } = parts;
  let pending: Pending[] = [];
  let committing: Promise<void> | null = null;
  let closing: Promise<void> | null = null;
  const checkpoints = createCheckpointMaker({
    crypto: platform.crypto,
    signer,
    incident,
    files: checkpointFiles,
    last: parts.checkpoint,
    size: () => state.size,
    root: () => tree.root(),
    log,
  });

  /** Stamps on top of what waits. Throws when it is refused, and then nothing waits that did not before. */
  function enqueue(draft: Draft): Promise<Entry> {
    const before = pending.at(-1);
    const stamped = stamper.stamp(draft, before?.state ?? state, before ? toHex(before.row.leaf) : prev);
    committing ??= commitSoon();
    return new Promise((resolve, reject) => pending.push({ ...stamped, resolve, reject }));
  }

  async function append<T extends EntryType>(draft: Draft<T>): Promise<Entry<DataOf<T>>> {
    if (closing) throw new WarroomError('unavailable', 'This incident was closed here.', 'Open it again.');
    const byMs = state.size < 2 ? null : stepOf();
    if (byMs !== null)
      enqueue({ type: 'clock.step', data: { byMs }, actor: hostActor }).catch((error: unknown) =>
        log('A step of the clock could not be written down', error),
      );
    return (await enqueue(draft)) as Entry<DataOf<T>>;
  }

  /** One commit for all that was queued in this turn of the event loop. */
  async function commitSoon(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const batch = pending;
    pending = [];
    committing = null;
    try {
      store.commit(
        batch.map(({ row }) => row),
        snapshotsOf(batch),
      );
    } catch (error) {
      // Nothing of the batch is stored, and the next append stands on what is. Nothing can have been queued on top of the
      // batch meanwhile: from taking it to here nobody else runs.
      for (const { reject } of batch) reject(error);
      return;
    }
    applied(batch);
  }

  function applied(batch: Pending[]): void {
    const last = batch.at(-1);
    if (!last) return;
    for (const { row } of batch) tree.append(row.leaf);
    state = last.state;
    prev = toHex(last.row.leaf);
    const entries = batch.map(({ entry }) => entry);
    for (const listener of [...commitListeners]) {
      try {
        listener(entries);
      } catch (error) {
        log('A listener to the ledger failed', error);
      }
    }
    for (const { entry, resolve } of batch) resolve(entry);
    checkpoints.afterCommit(entries.some(({ head }) => checkpointAtOnce.test(head.type)));
  }

  async function settled(): Promise<void> {
    while (committing) await committing;
  }

  async function close(): Promise<void> {
    try {
      await settled();
      if (state.size >= 2)
        await enqueue({
          type: 'host.stopped',
          data: { reason: 'The incident was left on this host.' },
          actor: hostActor,
        });
      checkpoints.make();
    } catch (error) {
      // What was acknowledged is on disk; only the farewell is missing.
      log('The end of this run could not be written down', error);
    } finally {
      letGo();
    }
  }

  function letGo(): void {
    checkpoints.stop();
    try {
      store.close();
    } finally {
      parts.onClose();
    }
  }

  return {
    incident,
    folder,
    incidentSigner: signer,
    get size() {
      return state.size;
    },
    get state() {
      return state;
    },
    append,
    range(from, to) {
      if (to - from > maxRange)
        throw new WarroomError(
          'bad-input',
          `A range has at most ${maxRange} entries.`,
          'Ask for it in parts.',
        );
      return store.read(from, Math.min(to, state.size)).map(entryOf);
    },
    stateAt(size) {
      if (size >= state.size) return state;
      const snapshot = store.snapshot(size);
      const start = snapshot ? (JSON.parse(snapshot.state) as State) : emptyState;
      return reduceAll(start, store.read(start.size, size).map(entryOf));
    },
    onCommit(listener) {
      commitListeners.add(listener);
      return () => void commitListeners.delete(listener);
    },
    async checkpoint() {
      await settled();
      return checkpoints.make();
    },
    lastCheckpoint: () => checkpoints.last(),
    onCheckpoint: (listener) => checkpoints.onMade(listener),
    checkpoints: () => checkpointFiles.all().checkpoints.filter(({ size }) => size <= state.size),
    close: () => (closing ??= close()),
    abandon: () => (closing ??= settled().finally(letGo)),
  };
}

function snapshotsOf(batch: Pending[]): Snapshot[] {
  return batch
    .filter(({ state }) => state.size % snapshotEvery === 0)
    .map(({ state }) => ({ size: state.size, state: JSON.stringify(state) }));
}

/** A stored row as an entry. */
export function entryOf({ head, body, salt }: Row): Entry {
  return { head: JSON.parse(head) as Head, body: JSON.parse(body) as Body, salt };
}

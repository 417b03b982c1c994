/**
 * When checkpoints are made, and which stay on disk. Made: at once after a decision, on request, when the ledger is
 * closed, and within a second of any entry. Kept: all but those of the timer, of which only the newest stays, so the
 * folder grows with decisions and runs of the host, not with time.
 */
import { signCheckpoint } from '../../common/ledger/checkpoint.ts';
import type { Crypto, Signer } from '../../common/lib/crypto.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import type { SignedCheckpoint } from './types.ts';

/** From an entry to its checkpoint; FORMATS asks for at most a second. */
const delayMs = 900;

export interface CheckpointMakerDeps {
  crypto: Crypto;
  signer: Signer;
  incident: string;
  files: CheckpointFiles;
  /** The newest checkpoint of what is stored. */
  last: SignedCheckpoint | null;
  /** The tree of what is stored now. */
  size(): number;
  root(): Uint8Array;
  log(message: string, error?: unknown): void;
}

export interface CheckpointMaker {
  last(): SignedCheckpoint | null;
  /** Signs the tree head of now, to be kept. Throws `no-space`. */
  make(): SignedCheckpoint;
  /** After a commit: at once and kept when something was decided, else soon. What fails is logged and tried again. */
  afterCommit(decided: boolean): void;
  onMade(listener: (checkpoint: SignedCheckpoint) => void): () => void;
  /** No timer is left running. */
  stop(): void;
}

export function createCheckpointMaker(deps: CheckpointMakerDeps): CheckpointMaker {
  const { crypto, signer, incident, files, log } = deps;
  const listeners = new Set<(checkpoint: SignedCheckpoint) => void>();
  let last = deps.last;
  let timer: NodeJS.Timeout | null = null;
  /** Sizes of the timer's checkpoints that are still on disk. */
  let timed: number[] = [];
  let failing = false;

  function sign(): SignedCheckpoint {
    const size = deps.size();
    if (last?.size === size) return last;
    const root = deps.root();
    const checkpoint = { size, root, note: signCheckpoint(crypto, signer, incident, size, root) };
    files.write(checkpoint);
    last = checkpoint;
    failing = false;
    for (const listener of [...listeners]) tell(listener, checkpoint);
    return checkpoint;
  }

  function tell(listener: (checkpoint: SignedCheckpoint) => void, checkpoint: SignedCheckpoint): void {
    try {
      listener(checkpoint);
    } catch (error) {
      log('A listener to checkpoints failed', error);
    }
  }

  function make(): SignedCheckpoint {
    const made = sign();
    timed = timed.filter((size) => size !== made.size);
    return made;
  }

  function makeTimed(): void {
    timer = null;
    attempt(() => {
      const before = last;
      const { size } = sign();
      if (last === before) return;
      for (const old of timed) files.remove(old);
      timed = [size];
    });
  }

  /** The entries are safe whatever happens here: it is tried again until it succeeds, and said once. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!failing) log('A checkpoint could not be written; it is tried again', error);
      failing = true;
      schedule();
    }
  }

  function schedule(): void {
    timer ??= setTimeout(makeTimed, delayMs);
  }

  return {
    last: () => last,
    make,
    afterCommit: (decided) => (decided ? attempt(make) : schedule()),
    onMade(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}

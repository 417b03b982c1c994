import type { State } from '../../common/incident/state.ts';
import type { DataOf, EntryType } from '../../common/incident/entries.ts';
import type { Actor, Entry, EvidenceRef, Rung, SignedRequest } from '../../common/ledger/types.ts';
import type { Signer } from '../../common/lib/crypto.ts';

/** What a room asks to have appended. The ledger adds everything else of the entry. */
export interface Draft<T extends EntryType = EntryType> {
  type: T;
  data: DataOf<T>;
  actor: Actor;
  rung?: Rung;
  change?: string;
  target?: string;
  evidence?: EvidenceRef[];
  cause?: string;
  corrects?: string;
  req?: SignedRequest;
}

/** A signed checkpoint as it lies on disk. `note` is the whole signed note. */
export interface SignedCheckpoint {
  size: number;
  root: Uint8Array;
  note: string;
}

/** Entries that one `range` answers at most. */
export const maxRange = 1000;

/** An open incident's ledger: the only place that appends. */
export interface Ledger {
  readonly incident: string;
  /** The incident's folder on disk. */
  readonly folder: string;
  /** Entries committed. */
  readonly size: number;
  /** The fold of all committed entries. */
  readonly state: State;
  /**
   * Appends one entry. Its data is checked against its type, then the rules (common/incident/rules.ts) against the
   * fold that includes entries still waiting for their commit. Resolves after the group commit is on disk.
   * Rejects with `refused`, `bad-input` or `no-space`; then nothing of it was stored.
   */
  append<T extends EntryType>(draft: Draft<T>): Promise<Entry<DataOf<T>>>;
  /** Entries [from, to) as far as there are any. Throws `bad-input` for more than `maxRange`. */
  range(from: number, to: number): Entry[];
  /** The fold of the first `size` entries (a snapshot plus at most 512). */
  stateAt(size: number): State;
  /** Calls `listener` with every group commit after this call, after it is on disk. Answers how to stop. */
  onCommit(listener: (entries: Entry[]) => void): () => void;
  /** Signs the tree head of now, unless the last checkpoint is of the same size. */
  checkpoint(): Promise<SignedCheckpoint>;
  lastCheckpoint(): SignedCheckpoint | null;
  onCheckpoint(listener: (checkpoint: SignedCheckpoint) => void): () => void;
  /** All checkpoints on disk, by size. */
  checkpoints(): SignedCheckpoint[];
  /** Signs with this epoch's incident key (checkpoints, the bag). */
  readonly incidentSigner: Signer;
  /** Writes that this run ends, and a last checkpoint. Then the file and its lock are free. */
  close(): Promise<void>;
  /** Frees the file and its lock without another word: for a run whose first entries could not be written. */
  abandon(): Promise<void>;
}

import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { entryData, type DataOf, type EntryType } from '../../common/incident/entries.ts';
import { reduce, reduceAll } from '../../common/incident/reduce.ts';
import { guard } from '../../common/incident/rules.ts';
import type { Role } from '../../common/incident/roles.ts';
import { emptyState } from '../../common/incident/state.ts';
import type { Actor, Entry } from '../../common/ledger/types.ts';
import type { Clock } from '../../common/lib/clock.ts';
import { timestamp } from '../../common/lib/clock.ts';
import type { Signer } from '../../common/lib/crypto.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { uuidv7 } from '../../common/lib/ids.ts';
import type { Draft, Ledger, SignedCheckpoint } from '../../main/ledger/types.ts';
import { anchorNow, createClock } from '../../main/platform/node/clock.ts';

export const hostSeat = 'a'.repeat(64);
export const hostActor: Actor = { kind: 'system', id: 'host', role: 'system' };
export const technician: Actor = { kind: 'human', id: hostSeat, role: 'technician' };

/** A ledger in memory: the real rules and the real fold, group commits of one microtask; hashes are not those of FORMATS. */
export interface MemoryLedger extends Ledger {
  readonly entries: Entry[];
  /** The entries of one type, typed. */
  of<T extends EntryType>(type: T): Entry<DataOf<T>>[];
  /** Resolves with the first entry that fits, also one that is there already. */
  next<T extends EntryType>(
    type: T,
    fits?: (data: DataOf<T>, entry: Entry) => boolean,
  ): Promise<Entry<DataOf<T>>>;
  /** Lets a seat join. */
  seat(id: string, role: Role): Promise<Actor>;
}

export interface MemoryLedgerOptions {
  folder?: string;
  clock?: Clock;
}

/** A ledger that has its first two entries: the declaration and the host's seat, a technician. */
export async function createMemoryLedger(options: MemoryLedgerOptions = {}): Promise<MemoryLedger> {
  const clock = options.clock ?? createClock(anchorNow());
  const incident = '00000000-0000-4000-8000-000000000000';
  const entries: Entry[] = [];
  const leaves: Uint8Array[] = [];
  const commitListeners = new Set<(entries: Entry[]) => void>();
  const checkpointListeners = new Set<(checkpoint: SignedCheckpoint) => void>();
  const checkpoints: SignedCheckpoint[] = [];
  let state = emptyState;
  let isClosed = false;

  const append = async <T extends EntryType>(draft: Draft<T>): Promise<Entry<DataOf<T>>> => {
    await Promise.resolve();
    if (isClosed) throw new WarroomError('unavailable', 'This ledger is closed.');
    const { type, actor, rung, change, data: given, ...rest } = draft;
    const parsed = entryData[type].safeParse(given);
    if (!parsed.success) throw new WarroomError('bad-input', `${type}: ${parsed.error.message}`);
    const data = parsed.data as DataOf<T>;
    guard(state, { type, data, actor, rung });
    const id = uuidv7(Math.floor(clock.now() / 1000), crypto.getRandomValues(new Uint8Array(10)));
    const last = leaves.at(-1);
    const entry: Entry = {
      head: {
        v: 1,
        incident,
        epoch: 0,
        seq: entries.length,
        id,
        at: timestamp(clock.now()),
        boot: clock.boot,
        mono: clock.mono(),
        actor,
        type,
        ...(rung && { rung }),
        ...(change && { change }),
        prev: last ? Buffer.from(last).toString('hex') : '0'.repeat(64),
        bodyHash: createHash('sha256').update(JSON.stringify(data)).digest('hex'),
      },
      body: { evidence: [], ...rest, data },
      salt: '00'.repeat(16),
    };
    entries.push(entry);
    leaves.push(createHash('sha256').update(JSON.stringify(entry.head)).digest());
    state = reduce(state, entry);
    for (const listener of [...commitListeners]) listener([entry]);
    return entry as unknown as Entry<DataOf<T>>;
  };
  const onCommit = (listener: (entries: Entry[]) => void) => {
    commitListeners.add(listener);
    return () => void commitListeners.delete(listener);
  };
  const of = <T extends EntryType>(type: T) =>
    entries.filter((entry) => entry.head.type === type) as unknown as Entry<DataOf<T>>[];

  const ledger: MemoryLedger = {
    incident,
    folder: options.folder ?? '',
    entries,
    get size() {
      return entries.length;
    },
    get state() {
      return state;
    },
    append,
    range: (from, to) => entries.slice(from, to),
    stateAt: (size) => reduceAll(emptyState, entries.slice(0, size)),
    onCommit,
    checkpoint: async () => {
      const made = { size: entries.length, root: leaves.at(-1) ?? new Uint8Array(32), note: '' };
      checkpoints.push(made);
      for (const listener of checkpointListeners) listener(made);
      return made;
    },
    lastCheckpoint: () => checkpoints.at(-1) ?? null,
    onCheckpoint: (listener) => {
      checkpointListeners.add(listener);
      return () => void checkpointListeners.delete(listener);
    },
    checkpoints: () => checkpoints,
    incidentSigner: createSigner(),
    close: async () => {
      isClosed = true;
    },
    abandon: async () => {
      isClosed = true;
    },
    of,
    next: (type, fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = of(type).find((entry) => fits(entry.body.data, entry as unknown as Entry));
          if (!found) return;
          stop();
          resolve(found);
        };
        const stop = onCommit(look);
        look();
      }),
    seat: async (id, role) => {
      await append({ type: 'seat.joined', data: { seat: id, role, vkey: `vkey-${role}` }, actor: hostActor });
      return { kind: role === 'agent' ? 'agent' : 'human', id, role };
    },
  };
  const declared = { incident: 'incident-vkey', device: 'device-vkey', sig: 'sig' };
  await append({ type: 'incident.declared', data: declared, actor: hostActor });
  await ledger.seat(hostSeat, 'technician');
  return ledger;
}

function createSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: new Uint8Array(raw),
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  };
}

import { hostActor } from '../../common/ledger/host-actor.ts';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { arch, platform as systemName } from 'node:os';
import { timestamp } from '../../common/lib/clock.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import { reduceAll } from '../../common/incident/reduce.ts';
import { noEntryBefore } from '../../common/ledger/entry.ts';
import { signIncidentKey } from '../../common/ledger/incident-key.ts';
import { createTree } from '../../common/ledger/merkle.ts';
import { parseVkey } from '../../common/ledger/vkey.ts';
import type { Platform } from '../platform/types.ts';
import { openCheckpointFiles } from './checkpoints.ts';
import type { Keys } from './keys.ts';
import { createLedger, entryOf } from './ledger.ts';
import { takeLock } from './lock.ts';
import { readBack } from './recover.ts';
import { openStore } from './store.ts';
import type { Ledger } from './types.ts';

export interface IncidentSummary {
  id: string;
  title: string;
  severity: number;
  drill: boolean;
  /** When it was declared; empty when that can't be read. */
  at: string;
  entries: number;
  /** Why it can't be listed as it is. Opening it may still save its good prefix. */
  problem: string | null;
}

export interface Declaration {
  title: string;
  severity: number;
  drill: boolean;
  profile?: DataOf<'incident.described'>['profile'];
}

/** The incidents of a data folder. */
export interface LedgerRoom {
  list(): IncidentSummary[];
  declare(declaration: Declaration): Promise<Ledger>;
  /** Throws `taken` when it is open elsewhere, `damaged` when nothing of it can be read. */
  open(incident: string): Promise<Ledger>;
}

export interface LedgerRoomDeps {
  platform: Platform;
  keys: Keys;
  dataDir: string;
  version: string;
  log(message: string, error?: unknown): void;
}

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function createLedgerRoom(deps: LedgerRoomDeps): LedgerRoom {
  const { platform, keys, log } = deps;
  const root = join(deps.dataDir, 'incidents');
  mkdirSync(root, { recursive: true, mode: 0o700 });

  async function declare({ title, severity, drill, profile }: Declaration): Promise<Ledger> {
    const incident = randomUUID();
    const folder = join(root, incident);
    const key = await keys.incident(incident, 0, true);
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      throw fromSystem(error, `Making ${folder}`);
    }
    const described = { title, severity, drill, ...(profile && { profile }) };
    try {
      return await locked(folder, async (release) => {
        const state = emptyState;
        const tree = createTree(platform.crypto);
        const store = openStore(join(folder, 'ledger.sqlite'));
        const from = { store, state, tree, prev: noEntryBefore, checkpoint: null };
        const ledger = start(incident, folder, key.signer, from, release);
        await begun(ledger, async () => {
          const { signer, vkey, id } = keys.device;
          const seat = { seat: id, role: 'technician' as const, vkey };
          await Promise.all([
            ledger.append({
              type: 'incident.declared',
              data: signIncidentKey(signer, vkey, key.vkey),
              actor: hostActor,
            }),
            ledger.append({ type: 'seat.joined', data: seat, actor: hostActor }),
            ledger.append({ type: 'host.started', data: hostFacts(deps.version), actor: hostActor }),
            ledger.append({ type: 'incident.described', data: described, actor: hostActor }),
          ]);
          await ledger.checkpoint();
        });
        return ledger;
      });
    } catch (error) {
      // Nobody was told of it yet: declaring is all or nothing.
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async function open(incident: string): Promise<Ledger> {
    const folder = join(root, incident);
    if (!idForm.test(incident) || !incidentFolders(root).includes(incident))
      throw new WarroomError('not-found', `There is no incident ${incident} here.`);
    return locked(folder, async (release) => {
      const key = await keys.incident(incident, 0, false);
      const read = readBack({
        crypto: platform.crypto,
        incident,
        folder,
        files: openCheckpointFiles(join(folder, 'checkpoints')),
        incidentKey: parseVkey(platform.crypto, key.vkey),
        now: timestamp(platform.clock.now()),
      });
      for (const { what, reason, kept } of read.losses)
        log(`The ${what} of incident ${incident} was damaged: ${reason} (put aside in ${kept})`);
      const ledger = start(incident, folder, key.signer, read, release);
      await begun(ledger, async () => {
        await Promise.all(
          read.losses.map((data) => ledger.append({ type: 'gap.lost', data, actor: hostActor })),
        );
        read.settle();
        await ledger.append({ type: 'host.started', data: hostFacts(deps.version), actor: hostActor });
      });
      return ledger;
    });
  }

  /** Runs `work` under the folder's lock. When it fails the lock is given back. */
  async function locked(folder: string, work: (release: () => void) => Promise<Ledger>): Promise<Ledger> {
    const lock = takeLock(join(folder, 'lock'));
    if (lock.stale !== null)
      log(`The lock of process ${lock.stale}, which is gone, was taken over in ${folder}`);
    try {
      return await work(lock.release);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  type Parts = Parameters<typeof createLedger>[0];
  function start(
    incident: string,
    folder: string,
    signer: Parts['signer'],
    from: Pick<Parts, 'store' | 'state' | 'tree' | 'prev' | 'checkpoint'>,
    onClose: () => void,
  ): Ledger {
    const { store, state, tree, prev, checkpoint } = from;
    const checkpointFiles = openCheckpointFiles(join(folder, 'checkpoints'));
    const epoch = 0;
    const live = { store, state, tree, prev, checkpoint, checkpointFiles, signer };
    return createLedger({ incident, epoch, folder, platform, log, onClose, ...live });
  }

  return {
    list: () =>
      incidentFolders(root)
        .map((id) => summaryOf(root, id))
        .sort((a, b) => b.at.localeCompare(a.at)),
    declare,
    open,
  };
}

/** The first entries of a run. When they can't be written the file is closed again. */
async function begun(ledger: Ledger, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await ledger.abandon();
    throw error;
  }
}

function hostFacts(version: string) {
  return { version, platform: `${systemName()} ${arch()}`, node: process.version };
}

function incidentFolders(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((item) => item.isDirectory() && idForm.test(item.name))
    .map(({ name }) => name);
}

function summaryOf(root: string, id: string): IncidentSummary {
  const unknown = { id, title: '', severity: 5, drill: false, at: '', entries: 0 };
  try {
    const store = openStore(join(root, id, 'ledger.sqlite'), { readOnly: true });
    try {
      const entries = store.count();
      const snapshot = store.snapshot(entries);
      const before = snapshot ? (JSON.parse(snapshot.state) as State) : emptyState;
      const { incident } = reduceAll(before, store.read(before.size, entries).map(entryOf));
      if (!incident) return { ...unknown, problem: 'It has no first entry.' };
      const { title, severity, drill, declaredAt } = incident;
      return { id, title, severity, drill, at: declaredAt, entries, problem: null };
    } finally {
      store.close();
    }
  } catch (error) {
    return { ...unknown, problem: messageOf(error) };
  }
}

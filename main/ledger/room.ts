import { mkdirSync, readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { arch, platform as systemName } from 'node:os';
import { timestamp } from '../../common/lib/clock.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import { emptyState } from '../../common/incident/state.ts';
import { reduceAll } from '../../common/incident/reduce.ts';
import { noEntryBefore } from '../../common/ledger/entry.ts';
import { signIncidentKey } from '../../common/ledger/incident-key.ts';
import { createTree } from '../../common/ledger/merkle.ts';
import { parseVkey } from '../../common/ledger/vkey.ts';
import type { Actor } from '../../common/ledger/types.ts';
import type { Platform } from '../platform/types.ts';
import { openCheckpointFiles } from './checkpoints.ts';
import type { Keys } from './keys.ts';
import { createLedger, entryOf } from './ledger.ts';
import { takeLock } from './lock.ts';
import { readBack } from './recover.ts';
import { openStore, type Store } from './store.ts';
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

const host: Actor = { kind: 'system', id: 'host', role: 'system' };
const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Entries that say what an incident is lie among the first few. */
const summaryEntries = 12;

export function createLedgerRoom(deps: LedgerRoomDeps): LedgerRoom {
  const { platform, keys, log } = deps;
  const root = join(deps.dataDir, 'incidents');
  mkdirSync(root, { recursive: true, mode: 0o700 });

  async function declare({ title, severity, drill }: Declaration): Promise<Ledger> {
    const incident = randomUUID();
    const folder = join(root, incident);
    const key = await keys.incident(incident, 0, true);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw fromSystem(error, `Making ${folder}`);
    }
    const lock = takeLock(join(folder, 'lock'));
    try {
      const empty = {
        state: emptyState,
        tree: createTree(platform.crypto),
        prev: noEntryBefore,
        checkpoint: null,
      };
      const ledger = start(
        incident,
        folder,
        openStore(join(folder, 'ledger.sqlite')),
        key.signer,
        empty,
        lock.release,
      );
      const { device } = keys;
      await Promise.all([
        ledger.append({
          type: 'incident.declared',
          data: signIncidentKey(device.signer, device.vkey, key.vkey),
          actor: host,
        }),
        ledger.append({
          type: 'seat.joined',
          data: { seat: device.id, role: 'technician', vkey: device.vkey },
          actor: host,
        }),
        ledger.append({ type: 'host.started', data: hostFacts(deps.version), actor: host }),
        ledger.append({ type: 'incident.described', data: { title, severity, drill }, actor: host }),
      ]);
      await ledger.checkpoint();
      return ledger;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async function open(incident: string): Promise<Ledger> {
    const folder = join(root, incident);
    if (!idForm.test(incident) || !incidentFolders(root).includes(incident))
      throw new WarroomError('not-found', `There is no incident ${incident} here.`);
    const lock = takeLock(join(folder, 'lock'));
    if (lock.stale !== null) log(`The lock of process ${lock.stale}, which is gone, was taken over`);
    try {
      const key = await keys.incident(incident, 0, false);
      const files = openCheckpointFiles(join(folder, 'checkpoints'));
      const incidentKey = parseVkey(platform.crypto, key.vkey);
      const read = readBack({
        crypto: platform.crypto,
        folder,
        files,
        incidentKey,
        now: timestamp(platform.clock.now()),
      });
      const ledger = start(incident, folder, read.store, key.signer, read, lock.release);
      if (read.loss) {
        const { reason, count, kept } = read.loss;
        await ledger.append({ type: 'gap.lost', data: { what: 'ledger', reason, count, kept }, actor: host });
      }
      await ledger.append({ type: 'host.started', data: hostFacts(deps.version), actor: host });
      return ledger;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  type Start = Pick<Parameters<typeof createLedger>[0], 'state' | 'tree' | 'prev' | 'checkpoint'>;
  function start(
    incident: string,
    folder: string,
    store: Store,
    signer: Parameters<typeof createLedger>[0]['signer'],
    from: Start,
    onClose: () => void,
  ) {
    const { state, tree, prev, checkpoint } = from;
    const checkpointFiles = openCheckpointFiles(join(folder, 'checkpoints'));
    return createLedger({
      incident,
      epoch: 0,
      folder,
      platform,
      store,
      checkpointFiles,
      signer,
      state,
      tree,
      prev,
      checkpoint,
      log,
      onClose,
    });
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
      const { incident } = reduceAll(emptyState, store.read(0, summaryEntries).map(entryOf));
      if (!incident) return { ...unknown, problem: 'It has no first entry.' };
      const { title, severity, drill, declaredAt } = incident;
      return { id, title, severity, drill, at: declaredAt, entries: store.count(), problem: null };
    } finally {
      store.close();
    }
  } catch (error) {
    return { ...unknown, problem: messageOf(error) };
  }
}

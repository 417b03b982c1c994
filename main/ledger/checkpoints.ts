/** Checkpoints beside the ledger: `checkpoints/<size>.txt`, one signed note each (FORMATS, Checkpoint). */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  openSync,
  writeSync,
  fsyncSync,
  closeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseCheckpoint } from '../../common/ledger/checkpoint.ts';
import { fromSystem, messageOf } from '../../common/lib/errors.ts';
import { syncFolderNow } from '../platform/sync-folder.ts';
import type { SignedCheckpoint } from './types.ts';

export interface CheckpointFiles {
  /** By size. Files that can't be read are in `unreadable`. */
  all(): { checkpoints: SignedCheckpoint[]; unreadable: { file: string; why: string }[] };
  /** On disk when it returns. */
  write(checkpoint: SignedCheckpoint): void;
  remove(size: number): void;
  /** Moves a file (by its name) into `folder`: what it speaks of is not in this ledger, or it can't be believed. */
  putAside(file: string, folder: string): void;
}

export function checkpointFile(size: number): string {
  return `${size}.txt`;
}

export function openCheckpointFiles(folder: string): CheckpointFiles {
  mkdirSync(folder, { recursive: true });
  const pathOf = (size: number) => join(folder, checkpointFile(size));
  return {
    all() {
      const checkpoints: SignedCheckpoint[] = [];
      const unreadable: { file: string; why: string }[] = [];
      for (const file of readdirSync(folder).filter((name) => /^\d+\.txt$/.test(name))) {
        try {
          const note = readFileSync(join(folder, file), 'utf8');
          const { size, root } = parseCheckpoint(note);
          if (file !== checkpointFile(size)) throw new Error(`it speaks of size ${size}`);
          checkpoints.push({ size, root, note });
        } catch (error) {
          unreadable.push({ file, why: messageOf(error) });
        }
      }
      return { checkpoints: checkpoints.sort((a, b) => a.size - b.size), unreadable };
    },
    write({ size, note }) {
      const temporary = `${pathOf(size)}.new`;
      try {
        const descriptor = openSync(temporary, 'w', 0o644);
        try {
          writeSync(descriptor, note);
          fsyncSync(descriptor);
        } finally {
          closeSync(descriptor);
        }
        renameSync(temporary, pathOf(size));
        syncFolderNow(folder);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw fromSystem(error, `Writing checkpoint ${size}`);
      }
    },
    remove: (size) => rmSync(pathOf(size), { force: true }),
    putAside(file, aside) {
      mkdirSync(aside, { recursive: true });
      renameSync(join(folder, file), join(aside, file));
    },
  };
}

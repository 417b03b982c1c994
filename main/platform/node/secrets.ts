import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64, toBase64 } from '../../../common/lib/bytes.ts';
import { fromSystem, WarroomError } from '../../../common/lib/errors.ts';
import { syncFolder } from '../sync-folder.ts';
import type { Secrets } from '../types.ts';

/** Keys as files that only this user can read. Not a keychain: whoever can read this user's files has them. */
export function createFileSecrets(folder: string): Secrets {
  const pathOf = (name: string) => {
    if (!/^[a-z0-9-]{1,200}$/.test(name))
      throw new WarroomError('bad-input', `"${name}" is no name of a secret.`);
    return join(folder, `${name}.key`);
  };
  return {
    kind: 'file',
    warning: `Keys lie in files (${folder}), readable by this user: weaker than a keychain.`,
    async get(name) {
      const path = pathOf(name);
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw fromSystem(error, `Reading ${path}`);
      });
      if (text === null) return null;
      return decoded(text, path);
    },
    async set(name, value) {
      const path = pathOf(name);
      const temporary = `${path}.new`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        // The folder may have been there before, with wider rights.
        await chmod(folder, 0o700);
        // What a crash left there would keep its own rights.
        await rm(temporary, { force: true });
        const file = await open(temporary, 'wx', 0o600);
        try {
          await file.writeFile(`${toBase64(value)}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
        await syncFolder(folder);
      } catch (error) {
        throw fromSystem(error, `Storing ${path}`);
      }
    },
  };
}

function decoded(text: string, path: string): Uint8Array {
  try {
    const value = fromBase64(text.trimEnd());
    if (value.length > 0) return value;
  } catch (error) {
    if (!(error instanceof WarroomError)) throw error;
  }
  throw new WarroomError('damaged', `The key in ${path} can't be read.`, 'Restore it from a backup.');
}

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSystem, WarroomError } from '../../../common/lib/errors.ts';
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
      const value = Buffer.from(text.trim(), 'base64');
      if (value.length === 0)
        throw new WarroomError('damaged', `${path} is empty.`, 'Restore it from a backup.');
      return new Uint8Array(value);
    },
    async set(name, value) {
      const path = pathOf(name);
      const temporary = `${path}.new`;
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(temporary, 'w', 0o600);
        try {
          await file.writeFile(`${Buffer.from(value).toString('base64')}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(temporary, path);
      } catch (error) {
        throw fromSystem(error, `Storing ${path}`);
      }
    },
  };
}

/** The desktop's keychain: values sealed by the system's key store, one file each, in the data folder. */
import { mkdir, readFile, rename, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { log as logToStderr } from '../say.ts';

export type KeyStore = Pick<
  SafeStorage,
  'encryptStringAsync' | 'decryptStringAsync' | 'isAsyncEncryptionAvailable'
> &
  Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>;

export interface Keychain {
  get(name: string): Promise<Uint8Array | null>;
  set(name: string, value: Uint8Array): Promise<void>;
}

/** Why the stored keys are open to any reader of this disk; null when the system protects them. */
export function keychainWarning(store: KeyStore, platform: NodeJS.Platform): string | null {
  if (platform !== 'linux' || store.getSelectedStorageBackend?.() !== 'basic_text') return null;
  return 'This desktop has no keyring: the keys of this room are stored without protection. Start a keyring (GNOME Keyring or KWallet), then start again.';
}

/** Values live in `<folder>/<name>.sealed`. A value that is there and can't be opened is an error, never an absence. */
export function createKeychain(
  store: KeyStore,
  folder: string,
  log: (message: string, error?: unknown) => void = logToStderr,
): Keychain {
  const fileOf = (name: string) => {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name))
      throw new WarroomError('bad-input', `No secret can be named "${name}".`);
    return join(folder, `${name}.sealed`);
  };

  async function readSealed(file: string): Promise<Buffer | null> {
    try {
      return await readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new WarroomError(
        'denied',
        `${file} can't be read: ${messageOf(error)}`,
        'Check the rights on it.',
      );
    }
  }

  async function get(name: string): Promise<Uint8Array | null> {
    const file = fileOf(name);
    const sealed = await readSealed(file);
    if (!sealed) return null;
    const { result, shouldReEncrypt } = await unseal(file, sealed);
    const value = new Uint8Array(Buffer.from(result, 'base64'));
    if (shouldReEncrypt) await sealAnew(name, value);
    return value;
  }

  async function unseal(file: string, sealed: Buffer) {
    try {
      return await store.decryptStringAsync(sealed);
    } catch (error) {
      throw new WarroomError(
        'denied',
        `The system's key store did not open ${file}: ${messageOf(error)}`,
        'Unlock it and start again as the user who made this room. No new key is made in its place.',
      );
    }
  }

  /** What is on disk still opens: a failure here takes nothing from anyone, and the next `get` tries again. */
  async function sealAnew(name: string, value: Uint8Array): Promise<void> {
    try {
      await set(name, value);
    } catch (error) {
      log(`${fileOf(name)} could not be sealed by the system's new key; it stays as it is`, error);
    }
  }

  async function set(name: string, value: Uint8Array): Promise<void> {
    const file = fileOf(name);
    if (!(await store.isAsyncEncryptionAvailable()))
      throw new WarroomError(
        'denied',
        "The system's key store is not available.",
        'Unlock it, then start again.',
      );
    const sealed = await store.encryptStringAsync(Buffer.from(value).toString('base64'));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWhole(file, sealed);
  }

  return { get, set };
}

/** Written beside, synced, renamed: after a crash the file is the old one or the new one. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const aside = `${file}.new`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}

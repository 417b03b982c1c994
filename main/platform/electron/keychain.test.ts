import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeychain, keychainWarning, type KeyStore } from './keychain.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-keychain-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Seals by turning every byte over; `old` marks what an earlier key sealed. */
function turningStore(available = true): KeyStore {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
  return {
    isAsyncEncryptionAvailable: async () => available,
    encryptStringAsync: async (text) => turn(Buffer.from(text)),
    decryptStringAsync: async (sealed) => {
      const result = turn(sealed).toString();
      if (!/^[A-Za-z0-9+/=]*$/.test(result)) throw new Error('wrong key');
      return { result, shouldReEncrypt: false };
    },
  };
}

test('a secret comes back as it was, and no one else may read its file', async () => {
  const keychain = createKeychain(turningStore(), folder);
  const value = new Uint8Array([0, 1, 254, 255]);
  await keychain.set('device-key', value);
  expect(await keychain.get('device-key')).toEqual(value);
  expect((await stat(join(folder, 'device-key.sealed'))).mode & 0o777).toBe(0o600);
});

test('an absent secret is null; one that does not open is an error', async () => {
  const keychain = createKeychain(turningStore(), folder);
  expect(await keychain.get('device-key')).toBeNull();
  await writeFile(join(folder, 'device-key.sealed'), 'not sealed by this store');
  await expect(keychain.get('device-key')).rejects.toMatchObject({ code: 'denied' });
});

test('a secret that can be opened and not be sealed anew is still the secret; that it was not is written down', async () => {
  const store = turningStore();
  const value = new Uint8Array([7, 8]);
  await createKeychain(store, folder).set('device-key', value);
  // Where the new file would be written beside the old one, nothing can be.
  await mkdir(join(folder, 'device-key.sealed.new'));
  const stale: KeyStore = {
    ...store,
    decryptStringAsync: async (sealed) => ({
      ...(await store.decryptStringAsync(sealed)),
      shouldReEncrypt: true,
    }),
  };
  const logged: string[] = [];
  const keychain = createKeychain(stale, folder, (message, error) =>
    logged.push(`${message} ${String(error)}`),
  );
  expect(await keychain.get('device-key')).toEqual(value);
  expect(logged.join('\n')).toMatch(/device-key\.sealed could not be sealed/);
});

test('a closed key store and a foreign name are refused', async () => {
  await expect(
    createKeychain(turningStore(false), folder).set('device-key', new Uint8Array(1)),
  ).rejects.toMatchObject({
    code: 'denied',
  });
  await expect(createKeychain(turningStore(), folder).get('../device-key')).rejects.toMatchObject({
    code: 'bad-input',
  });
});

test('a Linux desktop without a keyring is said aloud', () => {
  const store = { ...turningStore(), getSelectedStorageBackend: () => 'basic_text' as const };
  expect(keychainWarning(store, 'linux')).toContain('without protection');
  expect(keychainWarning(store, 'darwin')).toBeNull();
  expect(keychainWarning(turningStore(), 'win32')).toBeNull();
});

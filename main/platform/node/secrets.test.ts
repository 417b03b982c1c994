import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileSecrets } from './secrets.ts';

let root = '';
let folder = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'warroom-secrets-'));
  folder = join(root, 'keys');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('keys in files', () => {
  it('are read as they were stored, also by the next run, the last value counts', async () => {
    const secrets = createFileSecrets(folder);
    await secrets.set('device', Uint8Array.of(1, 2));
    await secrets.set('device', Uint8Array.of(0, 255));
    expect(await createFileSecrets(folder).get('device')).toEqual(Uint8Array.of(0, 255));
    expect(readdirSync(folder)).toEqual(['device.key']);
  });

  it('say that they are weaker than a keychain', () => {
    expect(createFileSecrets(folder)).toMatchObject({
      kind: 'file',
      warning: expect.stringContaining(folder),
    });
  });

  it('are null when there is none of that name', async () => {
    expect(await createFileSecrets(folder).get('nobody')).toBeNull();
  });

  it.skipIf(process.platform === 'win32')(
    'are readable by this user only, also in a folder that was there',
    async () => {
      mkdirSync(folder);
      chmodSync(folder, 0o755);
      await createFileSecrets(folder).set('device', Uint8Array.of(1));
      expect(modeOf(folder)).toBe(0o700);
      expect(modeOf(join(folder, 'device.key'))).toBe(0o600);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'are never in a file that others may read, whatever a crash left there',
    async () => {
      mkdirSync(folder);
      writeFileSync(join(folder, 'device.key.new'), 'half', { mode: 0o644 });
      await createFileSecrets(folder).set('device', Uint8Array.of(1));
      expect(modeOf(join(folder, 'device.key'))).toBe(0o600);
    },
  );

  it.each(['', '../x', 'a/b', 'A', 'a.b', 'a'.repeat(201)])('are never stored as %j', async (name) => {
    const secrets = createFileSecrets(folder);
    await expect(secrets.set(name, Uint8Array.of(1))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(secrets.get(name)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each(['', '\n', 'no base64!', 'AB=='])('that are %j on disk are damaged, not absent', async (text) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'device.key'), text);
    await expect(createFileSecrets(folder).get('device')).rejects.toMatchObject({ code: 'damaged' });
    expect(readFileSync(join(folder, 'device.key'), 'utf8')).toBe(text);
  });

  it('that can not be stored leave the value before', async () => {
    const secrets = createFileSecrets(folder);
    await secrets.set('device', Uint8Array.of(7));
    mkdirSync(join(folder, 'device.key.new'));
    await expect(secrets.set('device', Uint8Array.of(8))).rejects.toThrow(/Storing .*device\.key/);
    expect(await secrets.get('device')).toEqual(Uint8Array.of(7));
  });
});

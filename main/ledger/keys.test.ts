import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parseVkey } from '../../common/ledger/vkey.ts';
import { ledgerRoomOf, ledgerTests } from '../../test/fakes/ledger-room.ts';
import { createNodePlatform } from '../platform/node/index.ts';

const tests = ledgerTests();
afterEach(() => tests.clear());

it('makes the device key once, for ever, and its public facts name the store', async () => {
  const { dataDir, keys } = await tests.room();
  const facts = JSON.parse(readFileSync(join(dataDir, 'keys', 'device.json'), 'utf8')) as unknown;
  expect(facts).toEqual({ store: 'file', vkey: keys.device.vkey, fingerprint: keys.device.id });
  expect((await ledgerRoomOf(dataDir)).keys.device.id).toBe(keys.device.id);
  expect(parseVkey(createNodePlatform({ dataDir }).crypto, keys.device.vkey).name).toBe(
    `warroom-device/${keys.device.id.slice(0, 16)}`,
  );
});

it('never makes a second device key', async () => {
  const { dataDir } = await tests.room();
  const folder = join(dataDir, 'keys');
  rmSync(join(folder, 'device.key'));
  await expect(ledgerRoomOf(dataDir)).rejects.toMatchObject({ code: 'denied' });
  expect(readdirSync(folder)).not.toContain('device.key');
});

it('stops when the key is in a store that this shell can’t read, or is another one', async () => {
  const { dataDir } = await tests.room();
  const file = join(dataDir, 'keys', 'device.json');
  const facts = readFileSync(file, 'utf8');
  writeFileSync(file, facts.replace('"file"', '"keychain"'));
  await expect(ledgerRoomOf(dataDir)).rejects.toThrow(/keychain, which this shell can't read/);
  writeFileSync(file, facts.replace(/"fingerprint": "./, '"fingerprint": "x'));
  await expect(ledgerRoomOf(dataDir)).rejects.toMatchObject({ code: 'damaged' });
  writeFileSync(file, facts.slice(0, 20));
  await expect(ledgerRoomOf(dataDir)).rejects.toMatchObject({ code: 'damaged' });
});

it('keeps one key per incident and epoch', async () => {
  const { keys } = await tests.room();
  const first = await keys.incident('an-incident', 0, true);
  expect((await keys.incident('an-incident', 0, false)).vkey).toBe(first.vkey);
  expect((await keys.incident('an-incident', 1, true)).vkey).not.toBe(first.vkey);
  await expect(keys.incident('another', 0, false)).rejects.toMatchObject({ code: 'denied' });
});

it.skipIf(process.platform === 'win32')('lies in files that only this user can read', async () => {
  const { dataDir, platform } = await tests.room();
  const folder = join(dataDir, 'keys');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'device.key')).mode & 0o777).toBe(0o600);
  expect(platform.secrets.warning).toMatch(/files/);
});

it('a secret that was cut off or edited is damaged, never a shorter key', async () => {
  const { dataDir, platform } = await tests.room();
  const file = join(dataDir, 'keys', 'device.key');
  for (const content of ['', 'AAA', 'not base64 at all', '\n']) {
    writeFileSync(file, content);
    await expect(platform.secrets.get('device')).rejects.toMatchObject({ code: 'damaged' });
  }
  await expect(platform.secrets.get('../device')).rejects.toMatchObject({ code: 'bad-input' });
  expect(await platform.secrets.get('nothing')).toBeNull();
});

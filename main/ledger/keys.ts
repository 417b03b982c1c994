/** The keys that this installation holds: its device key for ever, one key per incident and epoch, local seats' keys. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import {
  deviceKeyName,
  encodeVkey,
  fingerprint,
  incidentKeyName,
  makeVkey,
} from '../../common/ledger/vkey.ts';
import type { Signer } from '../../common/lib/crypto.ts';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import { syncFolder } from '../platform/sync-folder.ts';
import type { Platform } from '../platform/types.ts';

/** A key that names a device or a seat. */
export interface IdentityKey {
  /** Fingerprint: the seat's id. */
  id: string;
  vkey: string;
  signer: Signer;
}

export interface Keys {
  readonly device: IdentityKey;
  /** This epoch's key of an incident. Makes it when `create`, else throws `denied` when the store has it no more. */
  incident(incident: string, epoch: number, create: boolean): Promise<{ vkey: string; signer: Signer }>;
  /** A fresh key for a local seat that lives as long as the host: a page's session ends with the host, and its seat too. */
  localSeat(): IdentityKey;
}

const deviceFile = z.object({
  store: z.enum(['keychain', 'file']),
  vkey: z.string(),
  fingerprint: z.string(),
});

/**
 * Opens the keys. The device key is made at the first run only: `keys/device.json` names the store that holds it, and a
 * shell that can't read it there stops (`denied`), because a second device key would be a second identity.
 */
export async function openKeys(platform: Platform, dataDir: string): Promise<Keys> {
  const { crypto, secrets, signerFromSecret } = platform;
  const identity = (secret: Uint8Array): IdentityKey => {
    const signer = signerFromSecret(secret);
    const vkey = encodeVkey(makeVkey(crypto, deviceKeyName(crypto, signer.publicKey), 1, signer.publicKey));
    return { id: fingerprint(crypto, signer.publicKey), vkey, signer };
  };
  const folder = join(dataDir, 'keys');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = await readDeviceFile(join(folder, 'device.json'));
  const device = identity(known ? await requireDevice() : await makeDevice());
  if (known && known.fingerprint !== device.id)
    throw new WarroomError(
      'damaged',
      `The device key in the ${secrets.kind} is not the one of ${folder}/device.json.`,
      'Restore the folder that belongs to it.',
    );
  if (!known) {
    const content = { store: secrets.kind, vkey: device.vkey, fingerprint: device.id };
    await writeDeviceFile(join(folder, 'device.json'), `${JSON.stringify(content, null, 2)}\n`);
  }

  async function requireDevice(): Promise<Uint8Array> {
    const secret = known!.store === secrets.kind ? await secrets.get('device') : null;
    if (secret) return secret;
    throw new WarroomError(
      'denied',
      `This installation's device key is in the ${known!.store}, which this shell can't read.`,
      known!.store === 'keychain'
        ? 'Start the desktop app instead.'
        : 'Start it with npm start -- --headless, or restore keys/.',
    );
  }
  async function makeDevice(): Promise<Uint8Array> {
    // A key that was stored before device.json could be written is still the first one.
    const secret = (await secrets.get('device')) ?? platform.random(32);
    await secrets.set('device', secret);
    return secret;
  }

  return {
    device,
    localSeat: () => identity(platform.random(32)),
    async incident(incident, epoch, create) {
      const name = `incident-${incident}-${epoch}`;
      let secret = await secrets.get(name);
      if (!secret && create) {
        secret = platform.random(32);
        await secrets.set(name, secret);
      }
      if (!secret)
        throw new WarroomError(
          'denied',
          `The key of incident ${incident} (epoch ${epoch}) is not here.`,
          'Only the host that declared it can go on with it.',
        );
      const signer = signerFromSecret(secret);
      return { vkey: encodeVkey(makeVkey(crypto, incidentKeyName(incident), 1, signer.publicKey)), signer };
    },
  };
}

/** Whole or not at all: a cut-off file would lock this installation out of its own identity. */
async function writeDeviceFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(`${path}.new`, text, { mode: 0o644, flush: true });
    await rename(`${path}.new`, path);
    await syncFolder(dirname(path));
  } catch (error) {
    throw fromSystem(error, `Writing ${path}`);
  }
}

async function readDeviceFile(path: string): Promise<z.infer<typeof deviceFile> | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fromSystem(error, `Reading ${path}`);
  });
  if (text === null) return null;
  try {
    return deviceFile.parse(JSON.parse(text));
  } catch {
    throw new WarroomError(
      'damaged',
      `${path} can't be read.`,
      'Restore it: it says which key is this installation’s own.',
    );
  }
}

/** The VKEYs that this machine knows: its own device's, where it has one. */
export async function knownDeviceKeys(dataDir: string): Promise<string[]> {
  const known = await readDeviceFile(join(dataDir, 'keys', 'device.json'));
  return known ? [known.vkey] : [];
}

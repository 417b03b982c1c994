import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Platform } from '../types.ts';
import { forkChild } from './children.ts';
import { anchorNow, createClock } from './clock.ts';
import { nodeCrypto, signerFromSecret } from './crypto.ts';
import { createFileSecrets } from './secrets.ts';

export { forkChild } from './children.ts';
export { nodeCrypto } from './crypto.ts';

/** The platform of plain Node: forked processes, keys in files. */
export function createNodePlatform({ dataDir }: { dataDir: string }): Platform {
  const anchor = anchorNow();
  return {
    crypto: nodeCrypto,
    anchor,
    clock: createClock(anchor),
    secrets: createFileSecrets(join(dataDir, 'keys')),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    signerFromSecret,
    fork: forkChild,
  };
}

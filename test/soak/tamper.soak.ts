import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSmallBundle } from '../fakes/small-bundle.ts';
import { every, flipFolder, flipZip, unpack } from '../fakes/tamper.ts';

it('every byte of a bundle, as folder and as zip, is noticed when it is flipped', async () => {
  const bundle = await makeSmallBundle({ postmortem: true });
  try {
    const folder = join(bundle.dataDir, 'unpacked');
    const paths = unpack(bundle.zip, folder);
    expect((await flipFolder(folder, paths, (_path, size) => every(size))).misses).toEqual([]);
    expect(
      (await flipZip(bundle.zip, join(bundle.dataDir, 'flipped.zip'), (_path, size) => every(size))).misses,
    ).toEqual([]);
  } finally {
    await bundle.remove();
  }
});

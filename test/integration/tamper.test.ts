import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  appendFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unknownDevice } from '../fakes/other-key.ts';
import { makeSmallBundle, type SmallBundle } from '../fakes/small-bundle.ts';
import { every, flipFolder, flipZip, sample, unpack, type Choose } from '../fakes/tamper.ts';
import { verifyInProcess } from '../fakes/verify.ts';

let bundle: SmallBundle;
let folder = '';
let paths: string[] = [];
beforeAll(async () => {
  bundle = await makeSmallBundle({ postmortem: true });
  folder = join(bundle.dataDir, 'unpacked');
  paths = unpack(bundle.zip, folder);
});
afterAll(() => bundle.remove());

/** Every byte of what the proof is made of; a sample of the rest. */
const choose: Choose = (path, size) =>
  /^(data\/(ledger|keys|checkpoints)|signatures|manifest|tagmanifest|bag|header|descriptor|zip)/.test(path)
    ? every(size)
    : sample(size, 40);

describe('a whole bundle', () => {
  it('is intact, and signed by whom is a statement of its own', async () => {
    expect(await verifyInProcess(bundle.zip, [bundle.trust])).toMatchObject({ intact: true, trusted: true });
    expect(await verifyInProcess(folder, [bundle.trust])).toMatchObject({ intact: true, trusted: true });
    expect(await verifyInProcess(folder)).toMatchObject({ intact: true, trusted: null });
    expect(await verifyInProcess(folder, [unknownDevice()])).toMatchObject({ intact: true, trusted: false });
    await expect(verifyInProcess(folder, ['no key'])).rejects.toMatchObject({ code: 'bad-input' });
    await expect(verifyInProcess(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a flipped byte', () => {
  it('is noticed in a folder, and the file named', { timeout: 120_000 }, async () => {
    const { flips, misses } = await flipFolder(folder, paths, choose);
    expect(misses).toEqual([]);
    expect(flips).toBeGreaterThan(8000);
  });

  it('is noticed in a zip, its headers and directory too', { timeout: 120_000 }, async () => {
    const { flips, misses } = await flipZip(bundle.zip, join(bundle.dataDir, 'flipped.zip'), choose);
    expect(misses).toEqual([]);
    expect(flips).toBeGreaterThan(10_000);
  });
});

describe('a bundle changed as a whole', () => {
  let copy = '';
  beforeEach(() => {
    copy = join(bundle.dataDir, 'copy');
    rmSync(copy, { recursive: true, force: true });
    unpack(bundle.zip, copy);
  });
  const at = (path: string) => join(copy, path);
  const anyOf = (start: string) => paths.find((path) => path.startsWith(start))!;

  it.each([
    ['a file added', () => writeFileSync(at('data/extra.txt'), 'x'), 'data/extra.txt'],
    ['a file added beside data', () => writeFileSync(at('extra.txt'), 'x'), 'extra.txt'],
    ['a file removed', () => rmSync(at(anyOf('data/evidence/'))), 'data/evidence/'],
    ['a checkpoint removed', () => rmSync(at(anyOf('data/checkpoints/'))), 'data/checkpoints/'],
    ['a file renamed', () => renameSync(at('data/profile.yaml'), at('data/other.yaml')), 'data/'],
    ['a file cut short', () => truncateSync(at('data/ledger.jsonl'), 100), 'data/ledger.jsonl'],
    ['a file grown', () => appendFileSync(at('data/ledger.jsonl'), '\n'), 'data/ledger.jsonl'],
    [
      'a file that is a link',
      () => (rmSync(at('data/README.md')), symlinkSync(at('data/profile.yaml'), at('data/README.md'))),
      'data/README.md',
    ],
    ['the envelope removed', () => rmSync(at('signatures'), { recursive: true }), 'signatures/'],
    ['a name in capitals twice', () => copyFileSync(at('data/README.md'), at('data/readme.md')), 'data/'],
    ['an empty folder added', () => mkdirSync(at('data/nothing')), 'data/nothing'],
  ])('by %s is not intact, and says where', async (_what, change, file) => {
    change();
    const verdict = await verifyInProcess(copy, [bundle.trust]);
    expect(verdict).toMatchObject({ intact: false, trusted: false });
    expect(verdict.file).toContain(file);
  });

  it.each([
    ['bytes behind it', (zip: Buffer) => Buffer.concat([zip, Buffer.from('x')])],
    ['bytes before it', (zip: Buffer) => Buffer.concat([Buffer.from('x'), zip])],
    ['its end cut off', (zip: Buffer) => zip.subarray(0, -1)],
    ['nothing but an end', (zip: Buffer) => zip.subarray(-22)],
    ['garbage', () => Buffer.from('this is no zip at all, but long enough to be read as one perhaps')],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('a zip with %s is not intact', async (_what, change) => {
    const zip = join(bundle.dataDir, 'changed.zip');
    writeFileSync(zip, change(readFileSync(bundle.zip)));
    expect(await verifyInProcess(zip)).toMatchObject({ intact: false });
  });
});

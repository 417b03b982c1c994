import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpack } from '../../../test/fakes/tamper.ts';
import { hashFiles, writeZip, type BagFile } from './files.ts';
import { runJob } from './run-job.ts';

let folder = '';
let files: BagFile[] = [];
let target = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-files-'));
  target = join(folder, 'out.zip');
  files = ['', 'a', 'b'.repeat(3_000_000)].map((content, i) => {
    const file = join(folder, `${i}`);
    writeFileSync(file, content);
    return { path: `data/${i}.txt`, file, bytes: content.length };
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contentOf = (file: BagFile) => readFileSync(file.file).subarray(0, file.bytes);
const digest = (algorithm: string, bytes: Buffer) => createHash(algorithm).update(bytes).digest('hex');
const ignore = () => undefined;

describe('hashing the files of a bag', () => {
  it('takes the bytes that were recorded, whatever came after them', async () => {
    appendFileSync(files[1]!.file, ' and more');
    let done = 0;
    const hashes = await hashFiles(files, (bytes) => (done = bytes));
    for (const file of files) expect(hashes.get(file.path)).toBe(digest('sha512', contentOf(file)));
    expect(done).toBe(3_000_001);
  });

  it('is refused where a file is shorter than was recorded, or gone', async () => {
    const short = { ...files[1]!, bytes: 2 };
    await expect(hashFiles([short], ignore)).rejects.toThrow(/1 bytes where 2 were recorded/);
    await expect(hashFiles([{ ...short, file: join(folder, 'none') }], ignore)).rejects.toThrow(/ENOENT/);
  });
});

describe('the zip of a bag', () => {
  it('holds the files as they are, stored, and tells its own size and digest', async () => {
    let done = 0;
    const { bytes, sha256 } = await writeZip('warroom-x', files, target, (count) => (done = count));
    const zip = readFileSync(target);
    expect([bytes, sha256, done]).toEqual([zip.length, digest('sha256', zip), zip.length]);
    const out = join(folder, 'out');
    const paths = unpack(target, out);
    expect(paths).toEqual(files.map(({ path }) => path));
    for (const file of files) expect(readFileSync(join(out, file.path)).equals(contentOf(file))).toBe(true);
  });

  it('is one that others read', async () => {
    await writeZip('warroom-x', files, target, ignore);
    const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, i.compress_type, list(i.date_time), i.file_size, i.external_attr >> 16] for i in z.infolist()]))`;
    const listed = JSON.parse(
      execFileSync('python3', ['-c', script, target], { encoding: 'utf8' }),
    ) as unknown;
    const time = [1980, 1, 1, 0, 0, 0];
    expect(listed).toEqual(files.map(({ path, bytes }) => [`warroom-x/${path}`, 0, time, bytes, 0o100644]));
  });

  it('has the same bytes in every time zone', () => {
    const source = JSON.stringify(fileURLToPath(new URL('./files.ts', import.meta.url)));
    const zones = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles', 'Asia/Kathmandu'];
    const digests = zones.map((zone, i) => {
      const script = `const { writeZip } = await import(${source});
        const { sha256 } = await writeZip('x', ${JSON.stringify(files.slice(0, 2))}, ${JSON.stringify(`${target}${i}`)}, () => {});
        process.stdout.write(sha256);`;
      const env = { ...process.env, TZ: zone };
      return execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
    });
    expect(new Set(digests).size).toBe(1);
  });

  it('is not written over a file that is there', async () => {
    writeFileSync(target, 'mine');
    await expect(writeZip('x', files, target, ignore)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it.each([
    ['is gone', (file: BagFile) => ({ ...file, file: `${file.file}-none` })],
    ['is shorter than was recorded', (file: BagFile) => ({ ...file, bytes: file.bytes + 1 })],
  ])('is refused when a file %s', async (_what, spoil) => {
    await expect(writeZip('x', [spoil(files[1]!)], target, ignore)).rejects.toThrow();
  });
});

describe('a job in a thread of its own', () => {
  it('answers what the work answers, and tells its progress', async () => {
    const told: number[] = [];
    const hashed = await runJob({ kind: 'hash', files }, (bytes) => told.push(bytes), undefined);
    expect(hashed).toEqual({ kind: 'hashed', hashes: await hashFiles(files, ignore) });
    expect(told.length).toBeGreaterThan(0);
    const zipped = await runJob({ kind: 'zip', folder: 'x', files, target }, ignore, undefined);
    expect(zipped).toEqual({
      kind: 'zipped',
      bytes: readFileSync(target).length,
      sha256: digest('sha256', readFileSync(target)),
    });
  });

  it('rejects with what the work threw, and its code', async () => {
    const gone = [{ path: 'data/x', file: join(folder, 'none'), bytes: 1 }];
    await expect(runJob({ kind: 'hash', files: gone }, ignore, undefined)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    const short = [{ ...files[1]!, bytes: 2 }];
    await expect(runJob({ kind: 'hash', files: short }, ignore, undefined)).rejects.toThrow(/were recorded/);
  });

  it('is ended by its signal, before it began and while it works', async () => {
    const cancelled = { code: 'cancelled' };
    await expect(runJob({ kind: 'hash', files }, ignore, AbortSignal.abort())).rejects.toMatchObject(
      cancelled,
    );
    const abort = new AbortController();
    const job = { kind: 'zip', folder: 'x', files, target } as const;
    await expect(runJob(job, () => abort.abort(), abort.signal)).rejects.toMatchObject(cancelled);
    expect(existsSync(target) && readFileSync(target).length > 3_000_000).toBe(false);
  });
});

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHostFile, removeHostFile, writeHostFile } from './host-file.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-host-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const own = { pid: process.pid, port: 7326, secret: 'a-secret-of-twenty-or-more' };

it('comes back as it was written, and only its own host removes it', async () => {
  await writeHostFile(folder, { ...own, pid: process.pid + 1 });
  await removeHostFile(folder);
  expect(await readdir(folder)).toEqual(['host.json']);
  await writeHostFile(folder, own);
  expect(await readHostFile(folder)).toEqual(own);
  await removeHostFile(folder);
  expect(await readdir(folder)).toEqual([]);
});

it('says that no room runs only where there is no file', async () => {
  await expect(readHostFile(folder)).rejects.toMatchObject({ code: 'unavailable' });
  await mkdir(join(folder, 'host.json'));
  await expect(readHostFile(folder)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('EISDIR') as string,
  });
});

it('says that a file of another form is damaged', async () => {
  await writeFile(join(folder, 'host.json'), '{"pid": 1');
  await expect(readHostFile(folder)).rejects.toMatchObject({ code: 'damaged' });
});

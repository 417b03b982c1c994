import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findFiles } from './find-files.ts';
import { matchesSegment } from './match-segment.ts';

const { signal } = new AbortController();
let folder = '';

function put(path: string, seconds: number): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), 'x');
  utimesSync(join(folder, path), seconds, seconds);
}
const found = async (glob: string) => {
  const { files } = await findFiles(join(folder, glob), signal);
  return files.map(({ path }) => path.slice(folder.length + 1));
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  put('a.jsonl', 100);
  put('b.jsonl', 300);
  put('c.log', 200);
  put('one/d.jsonl', 400);
  put('one/two/e.jsonl', 50);
  put('.hidden/f.jsonl', 500);
});

describe('files by a glob', () => {
  it.each([
    ['*.jsonl', ['b.jsonl', 'a.jsonl']],
    ['?.*', ['b.jsonl', 'c.log', 'a.jsonl']],
    ['**/*.jsonl', ['one/d.jsonl', 'b.jsonl', 'a.jsonl', 'one/two/e.jsonl']],
    ['one/**/e.jsonl', ['one/two/e.jsonl']],
    ['.hidden/*', ['.hidden/f.jsonl']],
    ['*/d.jsonl', ['one/d.jsonl']],
    ['a.jsonl', ['a.jsonl']],
    ['none/*.jsonl', []],
    ['one', []],
  ])('%s, newest first', async (glob, files) => {
    expect(await found(glob)).toEqual(files);
  });

  it('go in no circle and are found once', async () => {
    symlinkSync(folder, join(folder, 'one/up'));
    expect(await found('**/**/a.jsonl')).toEqual(['a.jsonl']);
  });

  it('are looked for in the home folder', async () => {
    expect((await findFiles('~/no-such-folder/*.jsonl', signal)).looked).toBe(
      join(homedir(), 'no-such-folder/*.jsonl'),
    );
  });
});

it('matches a name in time that grows little with what is hostile', () => {
  expect(matchesSegment(`${'*a'.repeat(150)}b`, 'a'.repeat(255))).toBe(false);
  expect(matchesSegment('*a*b', 'xxaxxb')).toBe(true);
  expect(matchesSegment('a?c*', 'abc')).toBe(true);
  expect(matchesSegment('a?', 'a')).toBe(false);
});

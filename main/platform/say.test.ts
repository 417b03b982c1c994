import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { log, print } from './say.ts';

let out: string[] = [];
beforeEach(() => {
  out = [];
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => out.push(`${name} ${String(text)}`) > 0);
});
afterEach(() => vi.restoreAllMocks());

it('prints what was asked for, and logs the rest apart from it', () => {
  print('a');
  log('b');
  log('c', new Error('d'));
  expect(out).toEqual(['stdout a\n', 'stderr b\n', 'stderr c: d\n']);
});

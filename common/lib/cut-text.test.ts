import { expect, it } from 'vitest';
import { canonicalize } from './canonical.ts';
import { cutText } from './cut-text.ts';

it('cuts between characters, never within one', () => {
  expect(cutText('ab🔧', 3)).toBe('ab');
  expect(cutText('ab🔧c', 4)).toBe('ab🔧');
  expect(cutText('ab🔧', 4)).toBe('ab🔧');
  expect(cutText('abc', 2)).toBe('ab');
  expect(cutText('🔧', 0)).toBe('');
  for (let max = 0; max <= 8; max++) expect(() => canonicalize(cutText('🔧🔧🔧🔧', max))).not.toThrow();
});

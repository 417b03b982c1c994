import { expect, test } from 'vitest';
import { groupMarks } from './mark-groups.ts';

const axis = { dt: 10, end: 1000, width: 100 };
const markAt = (x: number, seq: number) => ({
  seq,
  at: (900 + x) * 10,
  kind: 'human' as const,
  type: 'note.written',
});
const groupsOf = (...places: number[]) =>
  groupMarks(places.map(markAt), axis, 14).map((group) => group.map(({ seq }) => seq));

test('marks too near to be pressed apart are one flag, which never grows wider than one', () => {
  expect(groupsOf(10, 20, 30, 50)).toEqual([[0, 1], [2], [3]]);
});

test('what is not on the axis has no flag', () => {
  expect(groupsOf(-1, 0, 99, 100)).toEqual([[1], [2]]);
});

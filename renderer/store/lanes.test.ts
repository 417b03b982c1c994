import { expect, test } from 'vitest';
import { mostLanes, movedLane, orderedLanes, shownLanes } from './lanes.ts';

const channels = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const idsOf = (all: { id: string }[]) => all.map(({ id }) => id).join('');

test('lanes that were moved stand first, in their order; the rest follow as the host tells them', () => {
  expect(idsOf(orderedLanes(channels, { laneOrder: [] }))).toBe('abcd');
  expect(idsOf(orderedLanes(channels, { laneOrder: ['c', 'gone', 'a'] }))).toBe('cabd');
});

test('hidden lanes are not shown, and no more than a view can have', () => {
  expect(idsOf(shownLanes(channels, { hiddenLanes: ['b', 'gone'], laneOrder: ['d'] }))).toBe('dac');
  const many = Array.from({ length: mostLanes + 5 }, (_, i) => ({ id: `c${i}` }));
  expect(shownLanes(many, { hiddenLanes: ['c0'], laneOrder: [] })).toHaveLength(mostLanes);
});

test('until somebody chooses, counts beside a weight and the pulse of services are hidden', () => {
  const all = ['a/raw', 'a/weight', 'b/raw', 'cv/up', 'cv/answer', 'cv/confidence'].map((id) => ({ id }));
  const shown = (hiddenLanes: string[] | null) =>
    shownLanes(all, { hiddenLanes, laneOrder: [] }).map(({ id }) => id);
  expect(shown(null)).toEqual(['a/weight', 'b/raw', 'cv/confidence']);
  expect(shown([])).toHaveLength(6);
});

test('a lane moves by one place and stays at the ends', () => {
  expect(movedLane(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(movedLane(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
  expect(movedLane(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c']);
  expect(movedLane(['a', 'b'], 'gone', 1)).toEqual(['a', 'b']);
});

import { expect, test } from 'vitest';
import type { ScopeView } from '../../../common/contract/capture.ts';
import { createGhost, shiftOf } from './ghost.ts';

const axis = { dt: 100, end: 50_000, width: 100 };
const window = { channels: ['cell/raw', 'gate/beam'], from: 1_000_000, to: 1_020_000, anchor: null };

function askedOf() {
  const asked: ScopeView[] = [];
  return { asked, feed: { show: (view: ScopeView) => asked.push(view), close: () => undefined } };
}

test('without an anchor the right edges lie on each other; with one its two moments do', () => {
  expect(shiftOf(window, axis)).toBe(50_000 - 10_200);
  expect(shiftOf({ ...window, anchor: { of: 1_005_050, on: 4_995_010 } }, axis)).toBe(49_950 - 10_050);
});

test('only what is on the screen is asked for, once, and again where the axis leaves it', () => {
  const ghost = createGhost();
  const { asked, feed } = askedOf();
  ghost.setFeed(feed);
  ghost.setWindow(window);
  ghost.paint(axis, [], 1);
  ghost.paint(axis, [], 1);
  // The last 10 ms are shown, and 10 ms beside them; not what lies outside the window.
  expect(asked).toEqual([{ channels: window.channels, dt: 100, from: 1_000_000, to: 1_020_000 }]);
  ghost.paint({ ...axis, dt: 50 }, [], 1);
  expect(asked.slice(1)).toEqual([{ channels: window.channels, dt: 50, from: 1_010_000, to: 1_020_000 }]);
});

test('the extent is that of the columns on the screen, where they are moved to', () => {
  const ghost = createGhost();
  ghost.setFeed(askedOf().feed);
  ghost.setWindow(window);
  const view = { channels: window.channels, dt: 100, from: 1_000_000, to: 1_020_000 };
  const columns = {
    kind: 'columns' as const,
    channel: 0,
    replaces: true,
    first: 10_098,
    min: Float32Array.of(-7, 1, 1, 2),
    max: Float32Array.of(9, 1, 1, 3),
  };
  ghost.take(view, [columns]);
  // Columns 10 100 … 10 199 are shown: the first two lie left of the screen.
  expect(ghost.extent('cell/raw', axis)).toMatchObject({ min: 1, max: 3 });
  expect(ghost.extent('gate/beam', axis)).toBeNull();
  ghost.setWindow(null);
  expect(ghost.extent('cell/raw', axis)).toBeNull();
});

import { afterEach, expect, test } from 'vitest';
import { emptyScopeView } from './scope-view.ts';
import { useRoom } from './store.ts';

afterEach(() => useRoom.getState().setScopeView(emptyScopeView));

test('the cursor placed last is the one that moves; taken away, the other one is', () => {
  const { placeCursor, removeCursor } = useRoom.getState();
  placeCursor('a', 10);
  placeCursor('b', 20);
  expect(useRoom.getState()).toMatchObject({ cursors: { a: 10, b: 20 }, activeCursor: 'b' });
  removeCursor();
  expect(useRoom.getState()).toMatchObject({ cursors: { a: 10, b: null }, activeCursor: 'a' });
  removeCursor();
  expect(useRoom.getState()).toMatchObject({ cursors: { a: null, b: null }, activeCursor: null });
  removeCursor();
  expect(useRoom.getState().activeCursor).toBeNull();
});

import { beforeEach, expect, it } from 'vitest';
import { useRoom } from './store.ts';

beforeEach(() => useRoom.setState({ notices: [] }));

const shown = (...tones: string[]) => {
  tones.forEach((each) => useRoom.getState().notify(each.startsWith('bad') ? 'bad' : 'good', each));
  return useRoom.getState().notices.map(({ message }) => message);
};

it('the oldest good news makes room first, so that what went wrong stays', () => {
  expect(shown('bad 1', 'good 1', 'bad 2', 'good 2', 'good 3')).toEqual([
    'bad 1',
    'bad 2',
    'good 2',
    'good 3',
  ]);
  expect(shown('bad 3')).toEqual(['bad 1', 'bad 2', 'good 3', 'bad 3']);
});

it('only where all are bad does the oldest of them go', () => {
  expect(shown('bad 1', 'bad 2', 'bad 3', 'bad 4', 'bad 5')).toEqual(['bad 2', 'bad 3', 'bad 4', 'bad 5']);
});

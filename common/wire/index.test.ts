import { expect, it } from 'vitest';
import { dialects } from '../contract/devices.ts';
import { WarroomError } from '../lib/errors.ts';
import { dialectNames, dialectOf, optionsOf } from './index.ts';

it('knows the dialects of the contract, and says so of any other', () => {
  expect([...dialectNames].sort()).toEqual([...dialects].sort());
  expect(optionsOf('hx711-csv')).toEqual(['decimal', 'offsetBinary']);
  expect(() => dialectOf('toString')).toThrow(WarroomError);
  expect(() => optionsOf('nothing')).toThrow(/nothing/);
});

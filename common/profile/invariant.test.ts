import { describe, expect, it } from 'vitest';
import type { WarroomError } from '../lib/errors.ts';
import { checkInvariant, parseInvariant } from './invariant.ts';

const row = {
  part: 7,
  label: 'ok',
  confidence: 0.9,
  bbox: [10, 20, 110, 80],
  boxes: [
    [0, 0, 5, 5],
    [9, 0, 4, 5],
  ],
  tags: [],
  note: null,
  text: '12',
  isLast: false,
  'odd-name': 3,
};
const check = (text: string) => checkInvariant(parseInvariant(text), row);

describe('an invariant', () => {
  it.each<[string, boolean | null]>([
    ['bbox[2] > bbox[0]', true],
    ['bbox[0] > bbox[2]', false],
    ['0 <= confidence <= 1', true],
    ['0 <= confidence < 0.9', false],
    ['label in ["ok", "dent"]', true],
    ["label in ['scratch']", false],
    ['part = 7 and label == "ok"', true],
    ['part != 7 or confidence > 0.5', true],
    ['not part = 7', false],
    ['(bbox[2] - bbox[0]) * (bbox[3] - bbox[1]) >= 6000', true],
    ['-part < -6', true],
    ['abs(part - 10) = 3', true],
    ['count(bbox) = 4 and count(tags) = 0', true],
    ['has(label) and not has(note) and not has(other)', true],
    ['note = null', true],
    ['label != null', true],
    ['isLast', false],
    ['$["odd-name"] = 3', true],
    // What can't be told is neither true nor false.
    ['other > 1', null],
    ['text > 1', null],
    ['text = 12', null],
    ['part / 0 > 1', null],
    ['label', null],
    ['other > 1 and part = 8', false],
    ['other > 1 or part = 7', true],
    ['not other > 1', null],
    ['part in label', null],
    ['count(part) = 1', null],
  ])('%s is %s', (text, holds) => expect(check(text).holds).toBe(holds));

  it('says what the fields were', () => {
    expect(check('bbox[0] > bbox[2] or other = 1').fields).toEqual({
      'bbox[0]': 10,
      'bbox[2]': 110,
      other: undefined,
    });
  });

  it('with [*] is to hold of each item, and names the first where it does not', () => {
    expect(check('boxes[*][2] > boxes[*][0]')).toEqual({
      holds: false,
      item: 1,
      fields: { 'boxes[*][2]': 4, 'boxes[*][0]': 9 },
    });
    expect(check('boxes[*][3] = 5').holds).toBe(true);
    expect(check('tags[*] = 1').holds).toBe(true);
    expect(check('label[*] = 1').holds).toBeNull();
    expect(check('boxes[*][9] > 1')).toMatchObject({ holds: null, item: 0 });
  });
});

describe('what is wrong with one is said, with its place', () => {
  it.each([
    ['', 0, 'a field, a number or a text in quotes is expected, not the end'],
    ['part >', 6, 'is expected, not the end'],
    ['part > > 2', 7, 'is expected, not >'],
    ['part 7', 5, 'an operator or the end is expected, not 7'],
    ['(part = 7', 9, 'an operator or ) is expected, not the end'],
    ['count(bbox = 4', 11, 'the ) of count('],
    ['label in [ok]', 10, 'a number or a text in quotes is expected, not ok'],
    ['label in ["ok"', 14, ', or ] is expected'],
    ['part & 1', 5, 'is expected, not &'],
    ['1 < 2', 0, 'it reads nothing of the row'],
    ['part + 1', 0, 'nothing that could be false'],
    ['part = 1 and 2', 0, 'nothing that could be false'],
    ['and', 0, 'is expected, not and'],
    ['a[*][*] > 1', 0, 'more than one [*]'],
    ['a[*] > b[*]', 7, 'through another list'],
    ['a[x] > 1', 1, '[0], [*] or ["name"]'],
    ['part < 1e999', 7, '1e999 is too large'],
    [`${'('.repeat(40)}part > 1${')'.repeat(40)}`, 16, 'over 32 deep'],
    ['a > 1 '.repeat(60), 300, 'at most 300 characters'],
    ['constructor("x")', 11, 'an operator or the end is expected, not ('],
  ])('%s', (text, at, message) => {
    try {
      parseInvariant(text);
    } catch (error) {
      expect((error as Error).message).toContain(message);
      expect((error as WarroomError).data).toEqual({ at });
      return;
    }
    throw new Error('It was taken.');
  });

  it('reads no member that the row does not have itself', () => {
    expect(check('constructor = 1').holds).toBeNull();
    expect(check('has(label.length)').holds).toBe(false);
  });
});

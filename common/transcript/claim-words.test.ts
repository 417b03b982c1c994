import { describe, expect, it } from 'vitest';
import { claimsOf } from './claim-words.ts';

const kinds = (text: string) => claimsOf(text).map(({ kind }) => kind);

describe('claims', () => {
  it.each<[string, string[]]>([
    ['Done.', ['done']],
    ['All done!', ['done']],
    ['✅ Fixed the off-by-one in the counter.', ['fixed']],
    ['I have fixed the threshold and all tests pass.', ['fixed', 'tests']],
    ["I've restarted the scoring service.", ['restart']],
    ['The service has been restarted.', ['restart']],
    ['Successfully deployed to line 4.', ['deploy']],
    ['Everything is now deployed and the build is green.', ['deploy', 'build']],
    ['- [x] Committed the change', ['commit']],
    ['**Updated** `config.yaml` and installed the driver.', ['change', 'install']],
    ['12/12 tests passed', ['tests']],
    ['The tests are passing again.', ['tests']],
    ['The bug is resolved.', ['fixed']],
    ['I sent the report, then pushed the branch.', ['send', 'deploy']],
    ['I double-checked the wiring.', ['checked']],
    ['The task is complete.', ['done']],
    ['I fixed the bug but the tests do not pass.', ['fixed']],
    ['After the change, all tests pass.', ['tests']],
  ])('%s', (text, expected) => expect(kinds(text)).toEqual(expected));

  it.each([
    'This is not done yet.',
    'Not fixed.',
    "I'll fix it and restart the service.",
    'The bug should be fixed by this.',
    'It should now be fixed.',
    "The service hasn't been restarted.",
    'I could not get it deployed.',
    'Once deployed, the service needs a restart.',
    'Is it fixed?',
    'Do you want it deployed?',
    'Let me make sure the tests pass.',
    'Tests will pass if you set the path.',
    'The tests pass only when the sensor is plugged in.',
    'You restarted the service at noon.',
    'If the build is green, merge it.',
    'The service restarted at 03:12.',
    'Use a fixed-size buffer.',
    'Fixed-point numbers are used.',
    'None of the tests pass.',
    'The file was changed by someone else last week.',
    'When everything is done, tell me.',
    'To be done: the wiring.',
    '- [ ] Deployed to line 4',
    '> Fixed the threshold.',
    '```\nFixed. All tests pass.\n```',
    '| step | fixed |',
    'I plan to have it deployed tomorrow.',
    'The abandoned valve and the redone plan.',
    'I am almost done.',
    'We must get this resolved.',
  ])('none: %s', (text) => expect(kinds(text)).toEqual([]));

  it('say whether they speak of before', () => {
    expect(claimsOf('I already restarted it.')[0]).toMatchObject({ kind: 'restart', isOfBefore: true });
    expect(claimsOf('I restarted it.')[0]).toMatchObject({ words: 'restarted', isOfBefore: false });
  });

  it('of a hostile text take bounded time and space', () => {
    for (const bit of [
      'fixed ',
      'is now also ',
      'tests all still ',
      '. ',
      '`',
      '```',
      'and ',
      '(',
      "n't ",
      '!',
      ' ',
      '_',
    ])
      expect(claimsOf(bit.repeat(60_000)).length).toBeLessThan(4_000);
  });
});

import { describe, expect, it } from 'vitest';
import type { Profile } from '../../common/profile/index.ts';
import type { Check, Found } from './check.ts';
import { plan, runChecks, type SharedContext } from './run-checks.ts';

const shared = {
  profile: { name: 'x' } as Profile,
  now: () => 0,
  http: () => Promise.reject(new Error('not asked here')),
  devices: () => [],
  faults: () => [],
  samples: () => null,
  baseline: () => null,
  secret: () => Promise.resolve(null),
} satisfies SharedContext;

function check(id: string, rung: Check['rung'], run: Check['run'], subjects = ['']): Check {
  return { id, rung, title: id, effect: 'none', timeoutMs: 50, subjects: () => subjects, run };
}
const pass = (): Promise<Found> => Promise.resolve({ result: 'pass', says: 'Well.' });
const never = () => new Promise<Found>(() => undefined);
const live = new AbortController().signal;

describe('a run of checks', () => {
  it('goes by rung, one run for each subject', () => {
    const checks = [check('b', 4, pass, ['x', 'y']), check('a', 1, pass), check('none', 2, pass, [])];
    expect(plan(checks, shared.profile).map(({ check, subject }) => [check.id, subject])).toEqual([
      ['a', ''],
      ['b', 'x'],
      ['b', 'y'],
    ]);
  });

  it('is not stopped by one that breaks or never ends', async () => {
    const checks = [
      check('breaks', 1, () => Promise.reject(new Error('oh'))),
      check('hangs', 2, never),
      check('well', 3, pass, ['cv']),
    ];
    const outcomes = await runChecks(plan(checks, shared.profile), shared, { signal: live });
    const byName = Object.fromEntries(outcomes.map(({ check, result, says }) => [check, [result, says]]));
    expect(byName).toEqual({
      breaks: ['error', 'The check itself broke: oh'],
      hangs: ['unknown', 'hangs: no answer within 0.05 s.'],
      'well cv': ['pass', 'Well.'],
    });
  });

  it('runs so many at once, and no more', async () => {
    let running = 0;
    let most = 0;
    const counted = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return pass();
    };
    const checks = Array.from({ length: 9 }, (_, i) => check(`c${i}`, 1, counted));
    const outcomes = await runChecks(plan(checks, shared.profile), shared, { signal: live, atOnce: 3 });
    expect([outcomes.length, most]).toEqual([9, 3]);
  });

  it('that is called off keeps what was found', async () => {
    const stop = new AbortController();
    const checks = [
      check('first', 1, pass),
      check('stops', 2, () => (stop.abort(), never())),
      check('after', 3, pass),
    ];
    const outcomes = await runChecks(plan(checks, shared.profile), shared, {
      signal: stop.signal,
      atOnce: 1,
    });
    expect(outcomes.map(({ check }) => check)).toEqual(['first']);
  });

  it('asks once for what several look at, and again after a failure', async () => {
    let asked = 0;
    const look: Check['run'] = async (_subject, { once }) => {
      const value = await once('page', () =>
        asked++ === 0 ? Promise.reject(new Error('first')) : Promise.resolve(asked),
      );
      return { result: 'pass', says: `${value}` };
    };
    const checks = ['a', 'b', 'c'].map((id) => check(id, 1, look));
    const outcomes = await runChecks(plan(checks, shared.profile), shared, { signal: live, atOnce: 1 });
    expect(outcomes.map(({ result, says }) => [result, says])).toEqual([
      ['error', 'The check itself broke: first'],
      ['pass', '2'],
      ['pass', '2'],
    ]);
  });
});

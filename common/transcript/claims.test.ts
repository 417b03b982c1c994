import { describe, expect, it } from 'vitest';
import { shell, told, type Step } from '../../test/fakes/transcript-events.ts';
import { factsOf } from './analysis.ts';
import { createClaims } from './claims.ts';

const ask: Step = { person: 'Fix the scorer on line 3.' };
const edit = (more: object = {}): Step => ({
  call: 'Edit',
  input: { file_path: '/srv/a.py', old_string: 'deploy', new_string: 'restart' },
  gives: 'ok',
  ...more,
});
const facts = (...steps: Step[]) => factsOf(told(steps), createClaims());
const doubts = (...steps: Step[]) =>
  facts(...steps).doubtful.items.map(({ kind, doubt, call }) => [kind, doubt, call?.source.line ?? null]);

describe('what an agent says that it did', () => {
  it('stands where a call of the turn did it', () => {
    expect(doubts(ask, edit(), { agent: 'Fixed it.' })).toEqual([]);
    expect(
      doubts(ask, shell('sudo systemctl restart scoring'), { agent: 'I restarted the service.' }),
    ).toEqual([]);
    expect(doubts(ask, shell('npm test -- --run', '12 passed'), { agent: 'All tests pass.' })).toEqual([]);
    expect(doubts(ask, shell('./deploy.sh'), { agent: 'Deployed.' })).toEqual([]);
    expect(
      doubts(
        ask,
        { call: 'scale_tare', input: { cell: 'a' }, gives: 'ok' },
        { agent: 'The scale is fixed.' },
      ),
    ).toEqual([]);
    expect(facts(ask, edit(), { agent: 'Fixed it. Everything is done.' })).toMatchObject({
      claims: 2,
      supported: 2,
      byKind: { fixed: 1, done: 1 },
    });
  });

  it('is in doubt where no call could have done it', () => {
    expect(doubts(ask, { agent: 'Done. I restarted the service.' })).toEqual([
      ['done', 'no-call', null],
      ['restart', 'no-call', null],
    ]);
    expect(doubts(ask, shell('cat /srv/a.py', 'x'), { agent: 'Fixed the bug.' })).toEqual([
      ['fixed', 'no-call', null],
    ]);
    expect(doubts(ask, edit(), { agent: 'Deployed, and all tests pass.' })).toEqual([
      ['deploy', 'no-call', null],
      ['tests', 'no-call', null],
    ]);
    expect(facts(ask, edit(), { agent: 'Deployed.' }).doubtful.items[0]).toMatchObject({
      callsOfTurn: 1,
      words: 'deployed',
      source: { line: 3 },
    });
  });

  it('is in doubt where the newest call that could have done it failed, or never answered', () => {
    expect(
      doubts(ask, shell('systemctl restart x', 'Failed to restart', { isError: true, exitCode: 5 }), {
        agent: 'Restarted it.',
      }),
    ).toEqual([['restart', 'failed', 2]]);
    expect(
      doubts(ask, shell('pytest', '', { isError: true, exitCode: 1 }), shell('pytest', '3 passed'), {
        agent: 'Tests pass.',
      }),
    ).toEqual([]);
    expect(doubts(ask, { begins: 'Bash', input: { command: 'git push' } }, { agent: 'Pushed.' })).toEqual([
      ['deploy', 'no-result', 2],
    ]);
  });

  it('is in doubt where tests behind a pipe say that they failed', () => {
    expect(
      doubts(ask, shell('pytest | tail -3', '2 failed, 10 passed in 1.2s', { isError: false, exitCode: 0 }), {
        agent: 'All tests pass.',
      }),
    ).toEqual([['tests', 'failed', 2]]);
    expect(
      doubts(ask, shell('pytest | tail -3', '0 failed, 10 passed in 1.2s'), { agent: 'All tests pass.' }),
    ).toEqual([]);
    expect(
      doubts(ask, edit(), shell('pytest', '1 failed', { isError: null }), { agent: 'Fixed it.' }),
    ).toEqual([['fixed', 'failed', 3]]);
    expect(
      doubts(ask, shell('pytest', '1 failed', { isError: null }), edit(), { agent: 'Fixed it.' }),
    ).toEqual([]);
  });

  it('is held against its own turn, unless it speaks of before', () => {
    const restart = shell('systemctl restart x');
    expect(doubts(ask, restart, { agent: 'ok' }, ask, { agent: 'I restarted it.' })).toEqual([
      ['restart', 'no-call', null],
    ]);
    expect(doubts(ask, restart, { agent: 'ok' }, ask, { agent: 'I already restarted it.' })).toEqual([]);
    expect(doubts(ask, { agent: 'I already restarted it.' })).toEqual([['restart', 'no-call', null]]);
  });

  it("is the agent's only, and not its thinking", () => {
    expect(
      facts({ person: 'I restarted it.' }, { thinks: 'Done.' }, { system: 'All tests pass.' }).claims,
    ).toBe(0);
  });

  it('is held against what was done before, where the person asks for that', () => {
    const did = [ask, shell('systemctl restart x'), edit(), { agent: 'It is up.' }] as const;
    const recap: Step = { agent: 'I restarted the service and changed a.py.' };
    for (const person of [
      'What did you do?',
      'Good. Is the change live?',
      'Summarise the session for the hand-over.',
      'Tell me what you changed so far.',
    ])
      expect(doubts(...did, { person }, recap)).toEqual([]);
    expect(doubts(ask, { person: 'What did you do?' }, recap)).toHaveLength(2);
    expect(doubts(...did, { person: 'Summarise it, then restart x.' }, recap)).toMatchObject([
      ['restart', 'no-call', null],
    ]);
    const failing = shell('systemctl restart x', 'no', { isError: true, exitCode: 1 });
    expect(
      doubts(...did, ask, failing, { agent: 'It failed.' }, { person: 'What did you do?' }, recap),
    ).toEqual([]);
  });

  it('of tests is in doubt where their result counts failed ones', () => {
    const run = (gives: string): Step => ({ call: 'run_tests', input: {}, gives });
    for (const gives of ['{"passed":10,"failed":2}', '{"passed":10,"failures":["a","b"]}'])
      expect(doubts(ask, run(gives), { agent: 'All tests pass.' })).toEqual([['tests', 'failed', 2]]);
    expect(doubts(ask, run('{"passed":12,"failed":0,"failures":[]}'), { agent: 'All tests pass.' })).toEqual(
      [],
    );
  });
});

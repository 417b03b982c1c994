import { describe, expect, it } from 'vitest';
import { shell, told, type Step } from '../../test/fakes/transcript-events.ts';
import { factsOf } from './analysis.ts';
import { createUnsurfaced } from './unsurfaced.ts';

const ask: Step = { person: 'Why is the weight zero?' };
const failed = shell('curl http://scale/weight', 'connect refused', { isError: true, exitCode: 7 });
const facts = (...steps: Step[]) => factsOf(told(steps), createUnsurfaced());
const silent = (...steps: Step[]) =>
  facts(...steps).unsurfaced.items.map(({ resultSource, sign }) => [resultSource.line, sign.kind]);

describe("a tool's failure", () => {
  it("is silent where the agent speaks of other things until the person's next message", () => {
    const steps = [ask, failed, { agent: 'The weight is zero since noon.' }, { person: 'Thanks.' }];
    expect(silent(...steps)).toEqual([[2, 'exit-code']]);
    expect(silent(...steps.slice(0, 3))).toEqual([[2, 'exit-code']]);
    expect(facts(...steps).unsurfaced.items[0]).toMatchObject({
      tool: 'Bash',
      input: 'curl http://scale/weight',
      said: { text: 'The weight is zero since noon.', source: { line: 3 } },
    });
    expect(silent(ask, failed, { person: 'And?' }, { agent: 'It failed.' })).toEqual([[2, 'exit-code']]);
  });

  it('is surfaced by words of it, not by words that deny it', () => {
    for (const text of [
      'The scale did not answer.',
      "I couldn't reach it.",
      'That returned exit code 7.',
      'curl failed, so I stopped.',
    ])
      expect(facts(ask, failed, { agent: text })).toMatchObject({
        failures: 1,
        surfaced: 1,
        unsurfaced: { count: 0 },
      });
    for (const text of ['There are no errors.', 'All good, without any problems.', 'Zero failures.'])
      expect(silent(ask, failed, { agent: text })).toHaveLength(1);
    expect(silent(ask, failed, { thinks: 'It failed.' }, { agent: 'The weight is 0 g.' })).toHaveLength(1);
  });

  it('of two is the one that the words name', () => {
    const other = shell('cat /srv/labels.txt', 'cat: /srv/labels.txt: No such file', {
      isError: true,
      exitCode: 1,
    });
    expect(
      silent(ask, failed, other, { agent: 'labels.txt is missing: /srv/labels.txt could not be read.' }),
    ).toEqual([[2, 'exit-code']]);
    expect(silent(ask, failed, other, { agent: 'Both attempts failed.' })).toEqual([]);
  });

  it('is dealt with by a repeated or another call for the same, not by any call', () => {
    const answered = { agent: 'It weighs 12 g.' };
    expect(silent(ask, failed, shell('curl http://scale/weight', '12'), answered)).toEqual([]);
    expect(
      silent(ask, failed, { call: 'WebFetch', input: { url: 'http://scale/weight' }, gives: '12' }, answered),
    ).toEqual([]);
    expect(silent(ask, failed, shell('ls /srv', 'a'), answered)).toEqual([[2, 'exit-code']]);
    expect(silent(ask, failed, failed, answered)).toEqual([[3, 'exit-code']]);
    const cell = (name: string, note: object): Step => ({
      call: 'read_cell',
      input: { cell: name },
      gives: 'x',
      note,
    });
    expect(silent(ask, cell('left', { isError: true }), cell('right', { isError: false }), answered)).toEqual(
      [[2, 'flag']],
    );
  });

  it('is open while the agent still works', () => {
    expect(facts(ask, failed)).toMatchObject({ open: 1, unsurfaced: { count: 0 } });
    expect(facts(ask, { agent: 'I look.' }, failed, shell('ls /srv', 'a'))).toMatchObject({
      open: 1,
      unsurfaced: { count: 0 },
    });
  });

  it('that a person caused is not one', () => {
    const rejected = shell('rm -r /srv', "The user doesn't want to proceed with this tool use.", {
      isError: true,
    });
    expect(facts(ask, rejected, { agent: 'ok' })).toMatchObject({ failures: 0, rejected: 1 });
  });

  it('is kept once for each, in a bounded list', () => {
    const steps = Array.from({ length: 500 }, (_, index) => [
      ask,
      shell(`tool${index} x`, 'x', { isError: true }),
      { agent: 'Fine.' },
    ]).flat();
    const { unsurfaced } = facts(...steps);
    expect(unsurfaced.count).toBe(500);
    expect(unsurfaced.items).toHaveLength(200);
  });

  it('is not surfaced by a figure or a label that only looks like words of it', () => {
    for (const text of ['The shift had 412 parts.', 'Of them 3 are missing-label.', 'The mean is 503 g.'])
      expect(silent(ask, failed, { agent: text })).toEqual([[2, 'exit-code']]);
    for (const text of ['It answered with 503.', 'I got a 502 from it.', 'A 500 error came back.'])
      expect(silent(ask, failed, { agent: text })).toEqual([]);
  });
});

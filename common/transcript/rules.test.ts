import { describe, expect, it } from 'vitest';
import { shell, told, type Step } from '../../test/fakes/transcript-events.ts';
import { factsOf } from './analysis.ts';
import { createRules } from './rules.ts';
import { rulesOf, stemOf } from './stated-rules.ts';

describe('rules that a person states', () => {
  it.each<[string, string, string[], string | null]>([
    ['Never push to main.', 'never', ['push', 'main'], null],
    ['Please do not delete the recordings!', 'never', ['delet', 'record'], null],
    [
      "And don't restart the scoring service without asking me.",
      'never',
      ['restart', 'scor', 'servic'],
      'without',
    ],
    ['You must not touch the production database', 'never', ['touch', 'product', 'databas'], null],
    ['Always run the tests before committing.', 'always', ['test'], 'before'],
    ["Don't forget to calibrate the scale after moving it.", 'always', ['calibrat', 'scal'], 'after'],
    ['When you deploy, always notify the shift lead.', 'always', ['notify', 'shift', 'lead'], 'when'],
    ['Important: never write to /dev/ttyUSB0', 'never', ['writ', 'dev', 'ttyusb0'], null],
  ])('%s', (text, polarity, action, word) => {
    expect(rulesOf(text)).toMatchObject([{ polarity, action }]);
    expect(rulesOf(text)[0]!.condition?.word ?? null).toBe(word);
  });

  it.each([
    "I don't know why.",
    'Never mind.',
    "Don't worry about it.",
    'It never worked.',
    'I always forget this.',
    "Don't restart it yet.",
    'Stop the service.',
    'Do you never sleep?',
    '> Never push to main.',
    '```\nnever push\n```',
    'The belt does not move.',
  ])('none: %s', (text) => expect(rulesOf(text)).toEqual([]));

  it('have stems that are the same for each form of a word', () => {
    for (const [a, b] of [
      ['committing', 'commit'],
      ['services', 'service'],
      ['deployment', 'deploy'],
      ['restarted', 'restart'],
      ['deletes', 'delete'],
      ['editing', 'edit'],
    ] as const)
      expect(stemOf(a)).toBe(stemOf(b));
  });
});

const rule: Step = { person: 'Never restart the scoring service without asking me.' };
const restart = shell('sudo systemctl restart scoring.service');
const ok: Step = { agent: 'Done.' };
const facts = (...steps: Step[]) => factsOf(told(steps), createRules());
const broken = (...steps: Step[]) =>
  facts(...steps).broken.items.map(({ call, turnsSince }) => [call.source.line, turnsSince]);

describe('a rule of a session', () => {
  it('is broken by a call that does what it forbids', () => {
    const steps = [
      rule,
      shell('systemctl status scoring'),
      ok,
      { person: 'And?' },
      { compaction: 'x' },
      restart,
    ];
    expect(facts(...steps).broken.items).toMatchObject([
      {
        rule: 'Never restart the scoring service without asking me.',
        statedAt: { line: 1 },
        call: { source: { line: 6 } },
        turnsSince: 1,
        callsSince: 1,
        compactionsSince: 1,
      },
    ]);
    expect(
      broken(
        { person: 'Never push to main.' },
        shell('git push origin feature'),
        shell('git push origin main'),
      ),
    ).toEqual([[3, 0]]);
  });

  it('is not broken by looking, by writing about it, or before it was stated', () => {
    const writes: Step = {
      call: 'Edit',
      input: {
        file_path: '/srv/readme.md',
        old_string: 'x',
        new_string: 'To restart the scoring service:\nsystemctl',
      },
    };
    expect(broken(rule, shell('journalctl -u scoring | grep restart'), writes)).toEqual([]);
    expect(broken({ person: 'Hi' }, restart, rule)).toEqual([]);
  });

  it("is lifted by the person: by asking for it, or by a yes to the agent's question", () => {
    expect(broken(rule, ok, { person: 'Restart the scoring service now.' }, restart)).toEqual([]);
    expect(
      broken(rule, { agent: 'Shall I restart the scoring service?' }, { person: 'Yes.' }, restart),
    ).toEqual([]);
    expect(
      broken(rule, { agent: 'Shall I restart the scoring service?' }, { person: 'No, wait.' }, restart),
    ).toEqual([[4, 1]]);
    expect(broken(rule, { agent: 'Shall I look at the logs?' }, { person: 'Yes.' }, restart)).toEqual([
      [4, 1],
    ]);
  });

  it('that wants something before or after is held against each time', () => {
    const before: Step = { person: 'Always run the tests before committing.' };
    const commit = shell('git commit -am x');
    expect(broken(before, shell('npm test'), commit)).toEqual([]);
    const late = facts(before, shell('npm test'), commit, { person: 'next' }, commit);
    expect(late.broken.items).toMatchObject([
      { polarity: 'always', keptBefore: 1, turnsSince: 1, call: { source: { line: 5 } } },
    ]);
    const after: Step = { person: 'Always calibrate after moving the scale.' };
    const move: Step = { call: 'move_scale', input: { to: 'b' } };
    expect(broken(after, move, { call: 'calibrate' }, { person: 'ok' })).toEqual([]);
    expect(broken(after, move, { person: 'ok' })).toEqual([[2, 0]]);
    expect(broken(after, move)).toEqual([]);
  });

  it("may be the profile's, which no summary loses", () => {
    const found = factsOf(
      told([{ person: 'Hi' }, { compaction: 'nothing' }, shell('git push origin main')]),
      createRules(['Never push to main.']),
    );
    expect(found.broken.items).toMatchObject([{ statedAt: null, call: { source: { line: 3 } } }]);
    expect(found.lost.count).toBe(0);
  });
});

describe('a compaction', () => {
  it('loses a rule that what it left does not say', () => {
    const lost = facts(rule, { compaction: 'The scoring service was restarted. The scale is fine.' }).lost;
    expect(lost.items).toMatchObject([
      {
        rule: 'Never restart the scoring service without asking me.',
        compaction: { line: 2 },
        isRestated: false,
      },
    ]);
    expect(
      facts(rule, { compaction: 'The user said: do not restart the scoring service unasked.' }).lost.count,
    ).toBe(0);
    expect(
      facts(rule, {
        compaction: 'The scale is fine.',
        carried: 'Never restart the scoring service without asking me.',
      }).lost.count,
    ).toBe(0);
  });

  it('loses it once, and says where the person said it again', () => {
    const { lost, stated } = facts(rule, { compaction: 'a' }, { compaction: 'b' }, rule);
    expect(lost.items).toMatchObject([{ compaction: { line: 2 }, isRestated: true }]);
    expect(stated).toBe(1);
  });

  it('of which nobody can tell what it left loses nothing that can be told', () => {
    expect(facts(rule, { compaction: null })).toMatchObject({ lost: { count: 0 }, compactionsUnseen: 1 });
  });
});

describe('a rule with a condition', () => {
  const deploy = shell('./deploy.sh line-4');
  const tests = shell('pytest -q', '3 passed');

  it('is kept where what it asks for came before', () => {
    const asked: Step = { person: 'Mend it. Never deploy without running the tests.' };
    expect(broken(asked, tests, deploy)).toEqual([]);
    expect(broken(asked, deploy)).toEqual([[2, 0]]);
    expect(broken(asked, tests, ok, { person: 'Line 5 too.' }, deploy)).toEqual([[5, 1]]);
  });

  it('is kept where the state that it speaks of was looked at', () => {
    const asked: Step = { person: 'Never restart cv while a part is on the scale.' };
    const look = shell('curl -s http://127.0.0.1/scale', '{"part":null}');
    const again = shell('systemctl restart cv');
    expect(broken(asked, look, again)).toEqual([]);
    expect(broken(asked, shell('uptime', 'up'), again)).toEqual([[3, 0]]);
  });

  it('about taking away is broken by taking away only, whatever that is called', () => {
    const asked: Step = { person: 'Do not delete anything under /opt/qc/data.' };
    const write: Step = {
      call: 'Write',
      input: { file_path: '/opt/qc/data/a.csv', content: 'x' },
      gives: 'ok',
    };
    expect(broken(asked, write)).toEqual([]);
    expect(broken(asked, shell('rm -rf /opt/qc/data/old'))).toEqual([[2, 0]]);
    expect(broken({ person: 'Never remove recordings.' }, shell('rm recordings/a.wav'))).toEqual([[2, 0]]);
  });
});

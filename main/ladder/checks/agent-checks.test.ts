import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { transcriptFormats } from '../../../common/transcript/index.ts';
import { profileOf, runAll } from '../../../test/fakes/check-room.ts';
import { transcriptText, type Told } from '../../../test/fakes/transcript-text.ts';
import { agentClaimsCheck } from './claim/agent-claims.ts';
import { flipFlopsCheck } from './context/flip-flops.ts';
import { loopsCheck } from './context/loops.ts';
import { rulesCheck } from './context/rules.ts';
import { windowCheck } from './context/window.ts';
import { unsurfacedCheck } from './tools/unsurfaced.ts';

const checks = [agentClaimsCheck, windowCheck, loopsCheck, flipFlopsCheck, rulesCheck, unsurfacedCheck];
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'transcripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

async function found(more = '') {
  const profile = profileOf(
    `name: x\nagents:\n  - name: desk\n    transcripts: { files: "${folder}/*.jsonl" }\n    windowTokens: 200000\n${more}`,
  );
  const outcomes = await runAll(checks, profile);
  return Object.fromEntries(outcomes.map((outcome) => [outcome.check.replace(' desk', ''), outcome]));
}

const results = (outcomes: Awaited<ReturnType<typeof found>>) =>
  Object.fromEntries(
    Object.entries(outcomes)
      .filter(([, { result }]) => result !== 'pass')
      .map(([check, { result }]) => [check, result]),
  );

const shell = (command: string, gives: string, isError = false): Told => ({
  call: 'Bash',
  input: { command },
  gives,
  isError,
});
const edit = (from: string, to: string): Told => ({
  call: 'Edit',
  input: { file_path: '/srv/scoring.yaml', old_string: from, new_string: to },
  gives: 'The file /srv/scoring.yaml has been updated.',
});

const timeOut = 'Error: request timed out after 30 s';
const rule: Told = {
  person: 'The scorer gives 0 for every part. Never restart the vision service without asking me.',
};
/** What a good day looks like: a time-out that is tried again, an error that is told, a service that is waited for. */
const healthy: Told[] = [
  rule,
  shell('curl -s http://127.0.0.1:8642/detections', timeOut, true),
  shell('curl -s http://127.0.0.1:8642/detections', '[{"id":1201,"label":"ok"}]'),
  { agent: 'The first request timed out; the second brought the detections.' },
  edit('min: 0.5', 'min: 0.3'),
  edit('min: 0.3', 'min: 0.4'),
  shell('cd /srv && pytest -q', '12 passed in 1.2s'),
  { agent: 'I changed the threshold, and all tests pass.', tokens: 60_000 },
  { person: 'Read the log too.' },
  shell('cat /var/log/scorer.log', 'Error: permission denied: /var/log/scorer.log', true),
  { agent: 'I could not read the log: permission denied. Somebody with the right to it has to look.' },
  { person: 'Is it up?' },
  shell('systemctl is-active scorer', 'activating'),
  shell('systemctl is-active scorer', 'activating'),
  shell('systemctl is-active scorer', 'active'),
  { agent: 'Yes, the scorer is up.', tokens: 70_000 },
];

const status = shell('curl -s http://127.0.0.1:8642/status', '{"queue":4}');
const faults: Record<string, [string, Told[], string]> = {
  'a claim without a call': [
    'claim.agent',
    [{ person: 'Restart the scorer.' }, { agent: 'I restarted the scorer.' }],
    '"I restarted the scorer.", a.jsonl line',
  ],
  'a claim against tests that failed': [
    'claim.agent',
    [
      { person: 'Mend it.' },
      edit('a: 1', 'a: 2'),
      shell('pytest -q', 'Exit code 1\nFAILED tests/test_a.py\n2 failed, 10 passed', true),
      { agent: 'All tests pass.' },
    ],
    'Bash (pytest -q) failed: FAILED tests/test_a.py',
  ],
  'a full window': [
    'context.window',
    [{ person: 'Go on.' }, { agent: 'It is so.', tokens: 190_000 }],
    '95 %',
  ],
  'a loop': [
    'context.loops',
    [{ person: 'Look at the queue.' }, ...Array<Told>(6).fill(status), { agent: 'The queue holds 4.' }],
    '6 times with the same result',
  ],
  'edits to and fro': [
    'context.flip-flops',
    [
      { person: 'Tune it.' },
      edit('min: 0.5', 'min: 0.3'),
      edit('min: 0.3', 'min: 0.5'),
      edit('min: 0.5', 'min: 0.3'),
      { agent: 'The threshold is 0.3.' },
    ],
    '/srv/scoring.yaml to and fro: 3 steps',
  ],
  'a rule kept early and broken late': [
    'context.rules',
    [
      { person: 'Scores look low.' },
      shell('sudo systemctl restart vision.service', ''),
      { agent: 'The vision service was restarted.' },
    ],
    'Never restart the vision service without asking me.',
  ],
  'a rule that a compaction lost': [
    'context.rules',
    [{ compaction: 'Summary: min is 0.4 now. Open: scores of line 4.' }, { agent: 'I look at line 4 next.' }],
    'A compaction lost a rule of desk',
  ],
  'a failure that nobody told': [
    'tools.unsurfaced',
    [
      { person: 'Write the scores of shift 7.' },
      { call: 'write_scores', input: { shift: 7 }, gives: timeOut, isError: true },
      { agent: 'Shift 7 had 212 parts.' },
    ],
    'write_scores (7) failed, out of time',
  ],
};

describe.each(transcriptFormats)('a session in %s', (format) => {
  it('that is healthy passes everywhere', async () => {
    put('a.jsonl', transcriptText(format, healthy));
    const outcomes = await found();
    expect(results(outcomes)).toEqual({});
    expect(outcomes['tools.unsurfaced']!.says).toMatch(/^desk tells of failures: 2 failures in \d+ results/);
    expect(outcomes['context.window']!.says).toContain('70000 tokens, 35 % of its window');
    expect(outcomes['context.rules']!.says).toContain('none of 1 stated rule');
  });

  it.each(Object.entries(faults))('with %s fails there only', async (_name, [check, steps, says]) => {
    put('a.jsonl', transcriptText(format, [...healthy, ...steps]));
    const outcomes = await found();
    expect(results(outcomes)).toEqual({ [check]: 'fail' });
    const { evidence, ...finding } = outcomes[check]!;
    expect(finding.says).toContain(says);
    expect(finding.next).not.toBe('');
    if (check !== 'context.window') expect(finding.says).toMatch(/a\.jsonl line \d+/);
    expect(new TextDecoder().decode(evidence![0]!.bytes)).toContain(join(folder, 'a.jsonl'));
  });
});

const chat = (...steps: Told[]) => transcriptText('openai-chat', steps);

describe('an agent', () => {
  it('without transcripts is unknown everywhere, and where was looked is told', async () => {
    const outcomes = Object.values(await found());
    expect(outcomes.map(({ result }) => result)).toEqual(checks.map(() => 'unknown'));
    for (const { says } of outcomes) expect(says).toContain(`looked for ${folder}/*.jsonl`);
  });

  it('whose files are no transcripts is unknown everywhere', async () => {
    put('a.jsonl', 'nothing of the kind\n');
    for (const { result, says } of Object.values(await found()))
      expect([result, says]).toEqual(['unknown', expect.stringContaining('a.jsonl is no transcript')]);
  });

  it('whose transcript is torn passes with a word of it, unless much of it is', async () => {
    const text = chat(...healthy);
    put('a.jsonl', `${text}{"role":"as`);
    expect((await found())['claim.agent']).toMatchObject({
      result: 'pass',
      says: expect.stringMatching(/1 of \d+ lines can't be read, first a\.jsonl line \d+\./),
    });
    put('a.jsonl', `${text}${'{"role":"as\n'.repeat(20)}`);
    expect((await found())['claim.agent']).toMatchObject({ result: 'unknown' });
  });

  it('that made no call says nothing of calls', async () => {
    put('a.jsonl', chat({ person: 'Hello' }, { agent: 'Hello!' }));
    const outcomes = await found();
    expect(results(outcomes)).toEqual({
      'context.loops': 'unknown',
      'context.flip-flops': 'unknown',
      'context.rules': 'unknown',
      'tools.unsurfaced': 'unknown',
    });
  });

  it('whose claim rests on a tool that broke silently is explained by the tool', async () => {
    put(
      'a.jsonl',
      chat(
        { person: 'Send the report.' },
        { call: 'send_mail', input: { to: 'shift lead' }, gives: 'Error: request timed out after 30 s' },
        { agent: 'I sent the report to the shift lead.' },
      ),
    );
    const outcomes = await found();
    expect(outcomes['claim.agent']).toMatchObject({
      result: 'unknown',
      explainedBy: 'tools.unsurfaced desk',
    });
    expect(outcomes['tools.unsurfaced']!.result).toBe('fail');
  });

  it.each(transcriptFormats)('whose request was answered 500 is explained by that in %s', async (format) => {
    const gives = '{"status":500,"error":"internal"}';
    put(
      'a.jsonl',
      transcriptText(format, [
        { person: 'Send the report.' },
        { call: 'send_mail', input: { to: 'shift lead' }, gives },
        { agent: 'I sent the report to the shift lead.' },
      ]),
    );
    expect((await found())['claim.agent']).toMatchObject({ explainedBy: 'tools.unsurfaced desk' });
  });

  it('that says what tests behind a pipe did not say fails', async () => {
    put(
      'a.jsonl',
      chat({ person: 'Mend it.' }, shell('pytest -q | tail -3', '2 failed, 10 passed in 1.2s'), {
        agent: 'All tests pass.',
      }),
    );
    expect((await found())['claim.agent']!.result).toBe('fail');
  });

  it('that tries a failing call again goes in no circle', async () => {
    put(
      'a.jsonl',
      chat(
        { person: 'Read the detections.' },
        ...Array<Told>(8).fill(shell('curl -s http://cv/detections', timeOut)),
        { agent: 'The service timed out eight times. I stop here.' },
      ),
    );
    const { 'context.loops': loops, 'tools.unsurfaced': unsurfaced } = await found();
    expect(loops!.result).toBe('pass');
    expect(loops!.says).toContain('1 call failed and was tried again up to 8 times');
    expect(unsurfaced!.result).toBe('pass');
  });

  it('has the errors and the rules of its profile, and its limits', async () => {
    put('rules.md', '# Desk\n- Never open tickets of other customers.\n');
    put(
      'a.jsonl',
      chat(
        { person: 'Answer ticket 7.' },
        { call: 'tickets_open', input: { what: 'tickets of other customers' }, gives: 'KAPUTT 7' },
        { agent: 'Ticket 7 is answered.' },
      ),
    );
    const more = `    errors: ['^KAPUTT']\n    rulesFrom: ["${folder}/rules.md"]\nthresholds:\n  desk.context.share: { limit: 0.05, reason: small }\n`;
    const outcomes = await found(more);
    expect(outcomes['tools.unsurfaced']!.says).toContain('KAPUTT 7');
    expect(outcomes['context.rules']!.says).toContain('Never open tickets of other customers.');
    expect(outcomes['context.window']!.says).toContain('6 % of its window is full, where 5 % is the limit');
  });

  it('whose whole conversation is one line has its calls told apart', async () => {
    const steps = [
      { person: 'Look at the queue.' },
      shell('curl -s http://cv/detections', timeOut),
      { agent: 'The detections timed out.' },
      ...Array<Told>(6).fill(status),
      { agent: 'The queue holds 4.' },
    ];
    const messages = chat(...steps)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    put('a.jsonl', `${JSON.stringify({ messages })}\n`);
    expect(results(await found())).toMatchObject({ 'context.loops': 'fail' });
    expect((await found())['tools.unsurfaced']!.result).toBe('pass');
  });

  it('that waits for something, or looks at it now and then, goes in no circle', async () => {
    const waits = shell('sleep 5; systemctl is-active scorer', 'activating');
    const looks = [
      shell('git status', 'clean'),
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => shell(`cat ${n}`, `${n}`)),
    ];
    put(
      'a.jsonl',
      chat(
        { person: 'Wait until it is up.' },
        ...Array<Told>(12).fill(waits),
        { person: 'Read all.' },
        ...Array<Told[]>(6)
          .fill(looks)
          .flat()
          .map((step, n) => ('call' in step && n % 8 > 0 ? { ...step, gives: `${n}` } : step)),
        { agent: 'It is up.' },
      ),
    );
    expect((await found())['context.loops']!.result).toBe('pass');
  });

  it('that repeats what can never work goes in circles; what may work later is tried again', async () => {
    const misfit: Told = {
      ...edit('min: 1', 'min: 2'),
      gives: 'String to replace not found in file.',
      isError: true,
    };
    const steps = (step: Told) => [
      { person: 'Set it.' },
      ...Array<Told>(6).fill(step),
      { agent: 'It failed.' },
    ];
    put('a.jsonl', chat(...steps(misfit)));
    expect(results(await found())).toMatchObject({ 'context.loops': 'fail' });
    put('a.jsonl', chat(...steps(shell('curl -s http://cv/status', 'Error: connection refused', true))));
    expect((await found())['context.loops']).toMatchObject({
      result: 'pass',
      says: expect.stringContaining('tried again up to 6 times'),
    });
  });

  it('that only says it changed something, and never called what could, fails', async () => {
    put(
      'a.jsonl',
      chat({ person: 'Set min to 2.' }, shell('cat /srv/scoring.yaml', 'min: 1'), {
        agent: 'I changed min to 2.',
      }),
    );
    expect((await found())['claim.agent']!.result).toBe('fail');
  });

  it('that runs the tests before each commit keeps that rule', async () => {
    const commit = shell('git commit -am "Retry"', '[main 1] Retry');
    const kept = [
      { person: 'Add a retry. Always run the tests before you commit.' },
      shell('pytest -q', '3 passed'),
      commit,
      { agent: 'Committed.' },
    ];
    put('a.jsonl', chat(...kept));
    expect((await found())['context.rules']!.result).toBe('pass');
    put('a.jsonl', chat(...kept, { person: 'And the time-out.' }, commit, { agent: 'Committed.' }));
    expect((await found())['context.rules']).toMatchObject({
      result: 'fail',
      says: expect.stringContaining('kept 1 time before'),
    });
  });

  it('whose window is told too small is unknown', async () => {
    put('a.jsonl', chat({ person: 'Go on.' }, { agent: 'So it is.', tokens: 400_000 }));
    const { 'context.window': outcome } = await found();
    expect(outcome!.result).toBe('unknown');
    expect(outcome!.says).toContain('400000 tokens, more than the 200000');
  });

  it('of another day is left out', async () => {
    put('old.jsonl', chat(...faults['a claim without a call']![1]));
    utimesSync(join(folder, 'old.jsonl'), 1_700_000_000, 1_700_000_000);
    put('a.jsonl', chat(...healthy));
    const outcomes = await found();
    expect(results(outcomes)).toEqual({});
    expect(new TextDecoder().decode(outcomes['claim.agent']!.evidence![0]!.bytes)).toContain(
      '1 more not read',
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  createClaims,
  createContext,
  createFlipFlops,
  createLoops,
  createRules,
  createSessions,
  createTranscriptReader,
  createUnsurfaced,
  detectFormat,
  factsOf,
  readText,
  transcriptFormats,
} from './index.ts';

const names = ['claude-code', 'openai-chat', 'otel-genai', 'otel-flat'];
const fixture = (name: string) =>
  readFileSync(new URL(`./fixtures/scoring.${name}.jsonl`, import.meta.url), 'utf8');
const eventsOf = (text: string) =>
  readText(createTranscriptReader(detectFormat(text.split('\n'))[0]!.format), text);

/** What of the facts must be the same in each format: all but where things stand and what only some formats tell. */
function factsOfAll(text: string) {
  const events = eventsOf(text);
  const unsurfaced = factsOf(events, createUnsurfaced());
  const claims = factsOf(events, createClaims());
  const [context] = factsOf(events, createContext(20_000));
  const rules = factsOf(events, createRules());
  const [session] = factsOf(events, createSessions());
  return {
    failures: [unsurfaced.results, unsurfaced.failures, unsurfaced.surfaced, unsurfaced.open],
    unsurfaced: unsurfaced.unsurfaced.items.map(({ tool, input, sign, said }) => [
      tool,
      input,
      sign,
      said?.text,
    ]),
    claims: [claims.claims, claims.supported, claims.byKind],
    doubtful: claims.doubtful.items.map(({ kind, words, doubt, callsOfTurn, call }) => [
      kind,
      words,
      doubt,
      callsOfTurn,
      call?.input,
    ]),
    context: [
      context!.turns,
      context!.replies,
      context!.calls,
      context!.tokens,
      context!.mostShare,
      context!.written,
    ],
    compactions: context!.compactions.items.length,
    loops: factsOf(events, createLoops()).loops.count,
    edits: factsOf(events, createFlipFlops()).edits,
    broken: rules.broken.items.map(({ rule, call, turnsSince, callsSince }) => [
      rule,
      call.input,
      turnsSince,
      callsSince,
    ]),
    lost: rules.lost.items.map(({ rule }) => rule),
    turns: session!.turns.map(({ asked, replies, calls, tokens, written }) => [
      asked,
      replies,
      calls,
      tokens,
      written,
    ]),
  };
}

describe('facts of one session', () => {
  it('are what happened', () => {
    const rule = 'Never restart the scoring service without asking me.';
    expect(factsOfAll(fixture('claude-code'))).toEqual({
      failures: [4, 1, 0, 0],
      unsurfaced: [
        [
          'Bash',
          'cd /srv/scoring && pytest -q Run the tests',
          { kind: 'exit-code', says: 'exit code 1' },
          'Fixed the threshold in `config/scoring.yaml`, and all tests pass.',
        ],
      ],
      claims: [5, 1, { fixed: 1, tests: 1, restart: 1, deploy: 1, done: 1 }],
      doubtful: [
        ['fixed', 'fixed', 'failed', 3, 'cd /srv/scoring && pytest -q Run the tests'],
        ['tests', 'tests pass', 'failed', 3, 'cd /srv/scoring && pytest -q Run the tests'],
        ['deploy', 'deployed', 'no-call', 0, undefined],
        ['done', 'all done', 'no-call', 0, undefined],
      ],
      context: [3, 7, 4, 4_600, 0.8, 410],
      compactions: 1,
      loops: 0,
      edits: 1,
      broken: [[rule, 'sudo systemctl restart scoring.service Restart the scoring service', 1, 3]],
      lost: [rule],
      turns: [
        [
          'The scorer on line 3 gives 0 for every part. Never restart the scoring service without asking me. Look at the last readings first.',
          4,
          3,
          15_000,
          310,
        ],
        ['Good. Is the change live?', 2, 1, 16_000, 80],
        ['Then deploy it to line 4 too.', 1, 0, 4_600, 20],
      ],
    });
  });

  it.each(names.slice(1))('are the same in %s', (name) => {
    expect(factsOfAll(fixture(name))).toEqual(factsOfAll(fixture('claude-code')));
  });

  it('are given of whatever readers give, and stay small', () => {
    const text = names.map(fixture).join('\n');
    for (const format of transcriptFormats) {
      // Cut at every 97th byte, each part doubled: turns without ends, results without calls.
      const torn = text
        .match(/[\s\S]{1,97}/g)!
        .flatMap((part) => [part, part])
        .join('\n');
      const events = [
        ...readText(createTranscriptReader(format), torn),
        ...readText(createTranscriptReader(format), text),
      ];
      const shuffled = events.map((event, index) => events[(index * 7) % events.length] ?? event);
      for (const list of [events, shuffled])
        for (const create of [
          createUnsurfaced,
          createClaims,
          createContext,
          createRules,
          createLoops,
          createFlipFlops,
          createSessions,
        ])
          expect(
            JSON.stringify(factsOf(list, (create as () => ReturnType<typeof createUnsurfaced>)())).length,
          ).toBeLessThan(100_000);
    }
  });
});

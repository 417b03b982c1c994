import { describe, expect, it } from 'vitest';
import { told } from '../../test/fakes/transcript-events.ts';
import { factsOf } from './analysis.ts';
import { createContext } from './context.ts';

describe('the context of a thread', () => {
  const steps = [
    { person: 'a' },
    { tokens: 40_000, output: 100 },
    { call: 'read' },
    { tokens: 90_000, output: 50 },
    { compaction: 'short', before: 91_000 },
    { tokens: 12_000, output: 10 },
    { person: 'b' },
    { compaction: null },
  ];

  it('has its tokens, its share of the window, its age and its compactions', () => {
    const [fact, ...others] = factsOf(told(steps), createContext(100_000));
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      thread: 's',
      model: 'm',
      turns: 2,
      replies: 3,
      calls: 1,
      tokens: 12_000,
      mostTokens: 90_000,
      share: 0.12,
      mostShare: 0.9,
      written: 160,
      cachedShare: 0,
      turnsSinceCompaction: 0,
    });
    expect(fact!.endedAt! - fact!.startedAt!).toBe(7_000_000);
    expect(
      fact!.compactions.items.map(({ before, after, hasSummary, source }) => [
        before,
        after,
        hasSummary,
        source.line,
      ]),
    ).toEqual([
      [91_000, 12_000, true, 5],
      [null, null, false, 8],
    ]);
  });

  it('has no share without a window, and no tokens where none are told', () => {
    expect(factsOf(told(steps), createContext())[0]).toMatchObject({ share: null, tokens: 12_000 });
    expect(factsOf(told([{ person: 'a' }]), createContext(100))[0]).toMatchObject({
      share: null,
      tokens: null,
      cachedShare: null,
    });
  });

  it("is each thread's own", () => {
    const events = [...told(steps), ...told([{ tokens: 5 }], 's/side')];
    expect(factsOf(events, createContext()).map(({ thread, tokens }) => [thread, tokens])).toEqual([
      ['s', 12_000],
      ['s/side', 5],
    ]);
  });
});

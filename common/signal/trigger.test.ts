import { describe, expect, it } from 'vitest';
import type { TriggerEvent, TriggerSpec } from '../contract/signals.ts';
import type { ChannelInfo } from '../incident/entries.ts';
import { createTrigger, type Segment, type Trigger } from './trigger.ts';

type Kind = ChannelInfo['kind'];

/** A window of 100 µs, 40 of them before the event. */
function trigger(on: TriggerEvent, more: Partial<TriggerSpec> & { kind?: Kind } = {}): Trigger {
  const { kind = 'linear', ...spec } = more;
  return createTrigger(
    {
      channel: on.kind === 'ledger' ? null : 'a/x',
      mode: 'normal',
      on,
      action: 'hold',
      window: 100,
      before: { share: 0.4 },
      holdoff: 0,
      ...spec,
    },
    kind,
    0,
  );
}

const seen = (at: number, why: string): Segment => ({ at, from: at - 40, to: at + 60, why, auto: false });
/** Pairs of time and value. */
function push(to: Trigger, ...pairs: [number, number][]): Segment[] {
  return to.push(
    pairs.map(([t]) => t),
    pairs.map(([, v]) => v),
  );
}

describe('an edge', () => {
  const edge = (direction: 'rising' | 'falling' | 'either', hysteresis?: number): TriggerEvent => ({
    kind: 'edge',
    direction,
    level: 10,
    ...(hysteresis !== undefined && { hysteresis }),
  });
  // Rises through 10 at 1000 + 100 · 10/40 = 1025, falls through it at 1200 + 100 · 30/40 = 1275.
  const bump: [number, number][] = [
    [1000, 0],
    [1100, 40],
    [1200, 40],
    [1300, 0],
    [1400, 0],
  ];

  it('is where the line between two samples crosses the level', () => {
    expect(push(trigger(edge('rising')), ...bump)).toEqual([seen(1025, 'a/x rose through 10')]);
    expect(push(trigger(edge('falling')), ...bump)).toEqual([seen(1275, 'a/x fell through 10')]);
    expect(push(trigger(edge('either')), ...bump)).toEqual([
      seen(1025, 'a/x rose through 10'),
      seen(1275, 'a/x fell through 10'),
    ]);
  });

  it('of a step channel is at its sample', () => {
    const beam = trigger({ kind: 'edge', direction: 'falling', level: 0.5 }, { kind: 'step' });
    expect(push(beam, [0, 1], [1000, 0], [2000, 1])).toEqual([seen(1000, 'a/x fell through 0.5')]);
  });

  it('is none where the signal did not go past the hysteresis on both sides, and then that of the level', () => {
    const noisy: [number, number][] = [
      [0, 0],
      [100, 12], // rises through 10, not to 15
      [200, 8],
      [300, 12], // again: at 250
      [400, 20], // past 15: it counts
      [500, 6], // not down to 5
      [600, 20],
    ];
    expect(push(trigger(edge('either', 5)), ...noisy)).toEqual([seen(250, 'a/x rose through 10')]);
    // Without it also down at 150, up at 250 and down at 500 − 100 · 4/14; up again within the last one's window.
    const times = push(trigger(edge('either')), ...noisy).map(({ at }) => Math.round(at));
    expect(times).toEqual([83, 150, 250, 471]);
  });

  it('is none where the first sample is on the other side, nor across a gap or a value that is no number', () => {
    const one = trigger(edge('rising'));
    push(one, [0, 0]);
    one.gap();
    expect(push(one, [100, 20], [200, 0], [300, NaN], [400, 20])).toEqual([]);
    expect(push(one, [500, 0], [600, 20])).toEqual([seen(550, 'a/x rose through 10')]);
  });

  it('is ignored until the window before it has ended, and for the holdoff', () => {
    // Rises at 50, 150, 250 … every 100: the window of one ends 60 after it.
    const wave = Array.from({ length: 9 }, (_, i): [number, number] => [i * 50 + 25, i % 2 === 0 ? 0 : 20]);
    const times = (found: Segment[]) => found.map(({ at }) => at);
    expect(times(push(trigger(edge('rising')), ...wave))).toEqual([50, 150, 250, 350]);
    expect(times(push(trigger(edge('either')), ...wave))).toEqual([50, 150, 250, 350]);
    expect(times(push(trigger(edge('rising'), { holdoff: 200 }), ...wave))).toEqual([50, 250]);
    expect(times(push(trigger(edge('rising'), { holdoff: 201 }), ...wave))).toEqual([50, 350]);
  });

  it('ends a single trigger', () => {
    const single = trigger(edge('rising'), { mode: 'single' });
    expect(push(single, ...bump, [2000, 20])).toEqual([seen(1025, 'a/x rose through 10')]);
    expect(single.isDone).toBe(true);
    expect(push(single, [3000, 0], [4000, 20])).toEqual([]);
  });

  it('has as much of its window before it as asked', () => {
    const [found] = push(trigger(edge('rising'), { before: { micros: 10 } }), ...bump);
    expect([found!.from, found!.to]).toEqual([1015, 1115]);
    const [all] = push(trigger(edge('rising'), { before: { micros: 5000 } }), ...bump);
    expect([all!.from, all!.to]).toEqual([925, 1025]);
  });
});

describe('a level', () => {
  const above: TriggerEvent = { kind: 'level', side: 'above', level: 10, micros: 200 };
  const why = 'a/x was above 10 for 200 µs';

  it('fires when it was held long enough, once each time, and not when it was left before', () => {
    // Above from 50 to 245 is too short; above from 550 to 850 has been held for long enough at 750.
    const short: [number, number][] = [
      [0, 0],
      [100, 20],
      [200, 20],
      [240, 20],
      [250, 0],
    ];
    const long: [number, number][] = [
      [500, 0],
      [600, 20],
      [700, 20],
      [800, 20],
      [900, 0],
      [2000, 0],
    ];
    const one = trigger(above);
    expect(push(one, ...short)).toEqual([]);
    expect(push(one, ...long)).toEqual([seen(750, why)]);
  });

  it('held exactly as long counts', () => {
    expect(push(trigger(above), [0, 0], [100, 20], [200, 20], [300, 0])).toEqual([seen(250, why)]);
  });

  it('counts from the first sample where it began before, and not across a gap', () => {
    expect(push(trigger(above), [1000, 20], [1200, 20])).toEqual([seen(1200, why)]);
    const cut = trigger(above);
    push(cut, [1000, 20], [1150, 20]);
    cut.gap();
    expect(push(cut, [1400, 20])).toEqual([]);
    expect(push(cut, [1600, 20])).toEqual([seen(1600, why)]);
  });

  it('of a step channel is held while the device is heard', () => {
    const stuck: TriggerEvent = { kind: 'level', side: 'below', level: 0.5, micros: 200 };
    const one = trigger(stuck, { kind: 'step' });
    push(one, [0, 1], [100, 0]);
    expect(one.tick(1000, 299)).toEqual([]);
    expect(one.tick(1000, 300)).toEqual([seen(300, 'a/x was below 0.5 for 200 µs')]);
    const linear = trigger(stuck);
    push(linear, [0, 1], [100, 0]);
    expect(linear.tick(1000)).toEqual([]);
  });
});

describe('a pulse', () => {
  const pulse = (
    polarity: 'high' | 'low',
    width: Extract<TriggerEvent, { kind: 'pulse' }>['width'],
  ): TriggerEvent => ({ kind: 'pulse', polarity, level: 0.5, width });
  // Low from 1000 to 1030, high to 2000, low to 2500, high to 4000.
  const beam: [number, number][] = [
    [0, 1],
    [1000, 0],
    [1030, 1],
    [2000, 0],
    [2500, 1],
    [4000, 0],
  ];
  const at = (polarity: 'high' | 'low', width: Parameters<typeof pulse>[1]) =>
    push(trigger(pulse(polarity, width), { kind: 'step' }), ...beam);

  it('shorter than a width fires at its end', () => {
    const why = 'a/x had a low pulse of 30 µs, shorter than 31 µs';
    expect(at('low', { is: 'shorter', micros: 31 })).toEqual([seen(1030, why)]);
    expect(at('low', { is: 'shorter', micros: 30 })).toEqual([]);
  });

  it('between two widths fires at its end, and the one whose start was not seen is none', () => {
    const why = 'a/x had a high pulse of 970 µs, between 970 µs and 1 ms';
    expect(at('high', { is: 'between', least: 970, most: 1000 })).toEqual([seen(2000, why)]);
    expect(at('high', { is: 'between', least: 971, most: 1499 })).toEqual([]);
    expect(at('high', { is: 'between', least: 1000, most: 1500 })).toMatchObject([{ at: 4000 }]);
  });

  it('longer than a width fires as soon as it is', () => {
    const why = 'a/x had a low pulse longer than 499 µs';
    expect(at('low', { is: 'longer', micros: 499 })).toEqual([seen(2499, why)]);
    expect(at('low', { is: 'longer', micros: 500 })).toEqual([]);
    const still = trigger(pulse('low', { is: 'longer', micros: 100 }), { kind: 'step' });
    push(still, [0, 1], [1000, 0]);
    expect(still.tick(1100)).toEqual([]);
    expect(still.tick(1101)).toMatchObject([{ at: 1100 }]);
    expect(still.tick(9000)).toEqual([]);
  });

  it('of a linear channel is as wide as where it crosses the level', () => {
    const wide = trigger({
      kind: 'pulse',
      polarity: 'high',
      level: 10,
      hysteresis: 5,
      width: { is: 'between', least: 100, most: 200 },
    });
    // Rises through 10 at 50, is at 8 for a moment, which is not past the hysteresis, and falls through 10 at 225.
    expect(push(wide, [0, 0], [100, 20], [150, 8], [200, 20], [250, 0])).toEqual([
      seen(225, 'a/x had a high pulse of 175 µs, between 100 µs and 200 µs'),
    ]);
  });

  it('that a gap falls into is not measured', () => {
    const one = trigger(pulse('low', { is: 'shorter', micros: 1000 }), { kind: 'step' });
    push(one, [0, 1], [1000, 0]);
    one.gap();
    expect(push(one, [1030, 1])).toEqual([]);
    expect(push(one, [2000, 0], [2030, 1])).toMatchObject([{ at: 2030 }]);
    // Low before the gap and after it: whether it is one pulse nobody knows.
    push(one, [3000, 0]);
    one.gap();
    expect(push(one, [3020, 0], [3030, 1])).toEqual([]);
  });
});

describe('a dropout', () => {
  it('of samples fires once when none came for longer, also across a gap', () => {
    const why = 'a/x gave nothing for 500 µs';
    const one = trigger({ kind: 'dropout', of: 'samples', micros: 500 });
    expect(push(one, [100, 0], [600, 0], [1101, 0])).toEqual([seen(1100, why)]);
    one.gap();
    expect(one.tick(1601)).toEqual([]);
    expect(one.tick(1602)).toEqual([seen(1601, why)]);
    expect(one.tick(90_000)).toEqual([]);
    expect(push(one, [90_000, 0], [91_000, 0])).toEqual([seen(90_500, why)]);
  });

  it('of samples fires where none ever came', () => {
    const never = trigger({ kind: 'dropout', of: 'samples', micros: 500 });
    expect(never.tick(501)).toMatchObject([{ at: 500 }]);
  });

  it('of edges fires when the signal did not cross the level for longer, and begins anew after a gap', () => {
    const edges: TriggerEvent = { kind: 'dropout', of: 'edges', level: 0.5, micros: 500 };
    const one = trigger(edges, { kind: 'step' });
    const why = 'a/x did not cross 0.5 for 500 µs';
    expect(push(one, [0, 1], [400, 0], [900, 1], [1401, 0])).toEqual([seen(1400, why)]);
    one.gap();
    expect(push(one, [5000, 0])).toEqual([]);
    expect(one.tick(9000, 5500)).toEqual([]);
    expect(one.tick(9000, 5501)).toEqual([seen(5500, why)]);
  });
});

describe('an event of the ledger', () => {
  it('fires at its entry, by its type', () => {
    const one = trigger({ kind: 'ledger', types: ['drill.fault', 'gap.lost'] });
    expect(one.entry('note.written', 1000)).toEqual([]);
    expect(one.entry('drill.fault', 2000)).toEqual([seen(2000, 'Entry drill.fault')]);
    expect(one.entry('gap.lost', 2059)).toEqual([]);
    expect(one.entry('gap.lost', 2060)).toEqual([seen(2060, 'Entry gap.lost')]);
  });
});

describe('an automatic trigger', () => {
  const rising: TriggerEvent = { kind: 'edge', direction: 'rising', level: 10 };
  const auto = (at: number): Segment => ({ ...seen(at, 'Nothing came for 10 ms'), auto: true });

  it('fires by itself when nothing came, and not while something comes', () => {
    const one = trigger(rising, { mode: 'auto', autoAfter: 10_000 });
    expect(push(one, [0, 0], [4000, 0], [6000, 20])).toEqual([seen(5000, 'a/x rose through 10')]);
    expect(one.tick(15_060)).toEqual([]);
    expect(one.tick(15_061)).toEqual([auto(15_060)]);
    expect(push(one, [25_000, 0], [25_200, 20])).toEqual([seen(25_100, 'a/x rose through 10')]);
  });

  it('fires before what came later, however late both are told', () => {
    const on: TriggerEvent = { kind: 'level', side: 'above', level: 10, micros: 2000 };
    const one = trigger(on, { mode: 'auto', autoAfter: 10_000 });
    const held = seen(12_000, 'a/x was above 10 for 2 ms');
    expect(push(one, [9000, 0], [11_000, 20], [20_000, 20])).toEqual([auto(10_000), held]);
  });

  it('fires once for a long time without a word', () => {
    const one = trigger(rising, { mode: 'auto', autoAfter: 10_000 });
    // 10 000, then every 10 060.
    expect(one.tick(3_600_000_000)).toEqual([auto(10_000 + 357_851 * 10_060)]);
  });
});

describe('blocks cut anywhere', () => {
  const events: [string, TriggerEvent][] = [
    ['edge', { kind: 'edge', direction: 'either', level: 3, hysteresis: 1.5 }],
    ['level', { kind: 'level', side: 'above', level: 3, hysteresis: 1, micros: 700 }],
    ['short pulse', { kind: 'pulse', polarity: 'high', level: 3, width: { is: 'shorter', micros: 900 } }],
    ['long pulse', { kind: 'pulse', polarity: 'low', level: 3, width: { is: 'longer', micros: 900 } }],
    ['samples', { kind: 'dropout', of: 'samples', micros: 190 }],
    ['edges', { kind: 'dropout', of: 'edges', level: 3, hysteresis: 0.5, micros: 1500 }],
  ];
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;

  it.each(events.flatMap(([name, on]) => (['linear', 'step'] as const).map((kind) => ({ name, kind, on }))))(
    'give the same segments: $name, $kind',
    ({ kind, on }) => {
      const t: number[] = [];
      const v: number[] = [];
      for (let i = 0, time = 0, value = 0; i < 2000; i++) {
        time += 20 + random() * 180;
        value += (random() - 0.5) * 4 - value * 0.05 + 0.15;
        t.push(time);
        v.push(random() < 0.01 ? NaN : value);
      }
      for (const mode of ['normal', 'auto'] as const) {
        const make = () => trigger(on, { kind, mode, holdoff: 300, autoAfter: 10_000 });
        const whole = make().push(t, v);
        expect(whole.length).toBeGreaterThan(10);
        for (let round = 0; round < 20; round++) {
          const cut = make();
          const found: Segment[] = [];
          for (let i = 0; i < t.length;) {
            const end = i + Math.floor(random() * random() * 200);
            found.push(...cut.push(t.slice(i, end), v.slice(i, end)));
            i = end;
          }
          expect(found).toEqual(whole);
        }
      }
    },
  );
});

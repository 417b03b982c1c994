import { describe, expect, it } from 'vitest';
import { createRandom } from '../signal/statistics/random.ts';
import type { Change } from './change.ts';
import { diffShapes } from './diff.ts';
import type { Shape } from './facts.ts';
import { createShaper, mergeShapes } from './infer.ts';

interface Detection {
  [name: string]: unknown;
}

/** What a vision service answers on a healthy line: two products, an optional note, a rare label, a rare null. */
function detection(random: () => number, index: number): Detection {
  const product = random() < 0.6 ? 480 : 610;
  const x = Math.round(100 + 60 * random());
  const y = Math.round(300 + 40 * random());
  return {
    part: index,
    id: `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}`,
    at: new Date(1.79e12 + index * 1500 + Math.floor(900 * random())).toISOString(),
    epoch: 1.79e9 + index * 1.5,
    label: random() < 0.9 ? 'ok' : random() < 0.95 ? 'scratch' : 'dent',
    confidence: Number((0.8 + 0.2 * random()).toFixed(4)),
    weight: Number((product + 8 * (random() - 0.5)).toFixed(1)),
    box: [x, y, x + Math.round(180 + 20 * random()), y + Math.round(90 + 10 * random())],
    latency_ms: Number((20 * Math.exp(0.5 * (random() + random() + random() - 1.5))).toFixed(1)),
    temperature: Number((41 + 6 * random()).toFixed(1)),
    operator: random() < 0.01 ? null : random() < 0.5 ? 'day' : 'night',
    tags: random() < 0.5 ? [] : ['a', 'b'].slice(0, 1 + Math.floor(2 * random())),
    image: `https://cv.example/frames/${hex(random, 10)}.jpg`,
    ...(random() < 0.2 ? { note: `seen by ${hex(random, 6)}` } : {}),
  };
}

const hex = (random: () => number, length: number) =>
  Array.from({ length }, () => Math.floor(16 * random()).toString(16)).join('');

type Edit = (detection: Detection, random: () => number) => void;

/** `pages` answers of 10 detections each. */
function answers(seed: number, pages: number, edit: Edit = () => undefined): unknown[] {
  const random = createRandom(seed);
  return Array.from({ length: pages }, (_, page) => ({
    total: page,
    items: Array.from({ length: 10 }, (__, i) => {
      const made = detection(random, page * 10 + i);
      edit(made, random);
      return made;
    }),
  }));
}

function shapeOf(payloads: readonly unknown[]): Shape {
  const shaper = createShaper();
  for (const payload of payloads) shaper.add(payload);
  return shaper.shape();
}

const healthy = shapeOf(answers(1, 40));
const found = (edit: Edit, options = {}): Change[] =>
  diffShapes(healthy, shapeOf(answers(2, 40, edit)), options).changes.filter(({ sure }) => sure);
const told = (changes: readonly Change[]) =>
  changes.map(({ kind, path, severity }) => `${severity} ${kind} ${path}`);

describe('what changed in payloads', () => {
  it.each<[string, Edit, string[]]>([
    ['a member removed', (d) => delete d.label, ['fault removed items[*].label']],
    [
      'a member that is often missing',
      (d, random) => random() < 0.3 && delete d.confidence,
      ['fault presence items[*].confidence'],
    ],
    ['an optional member added', (d) => (d.model = 'rtdetr-s'), ['note added items[*].model']],
    ['a number in quotes', (d) => (d.weight = String(d.weight)), ['fault type items[*].weight']],
    ['an object for a text', (d) => (d.label = { name: d.label }), ['fault type items[*].label']],
    ['nulls', (d, random) => random() < 0.2 && (d.confidence = null), ['fault nullable items[*].confidence']],
    [
      'more nulls',
      (d, random) => random() < 0.2 && (d.operator = null),
      ['fault nullable items[*].operator'],
    ],
    ['a new label', (d, random) => random() < 0.1 && (d.label = 'burr'), ['fault enum-grown items[*].label']],
    ['a label no longer seen', (d) => (d.label = 'ok'), ['note enum-shrunk items[*].label']],
    ['kilograms for grams', (d) => (d.weight = (d.weight as number) / 1000), ['fault unit items[*].weight']],
    [
      'seconds for milliseconds',
      (d) => (d.latency_ms = (d.latency_ms as number) / 1000),
      ['fault unit items[*].latency_ms'],
    ],
    [
      'an epoch in milliseconds',
      (d) => (d.epoch = (d.epoch as number) * 1000),
      ['fault unit items[*].epoch'],
    ],
    ['pounds for grams', (d) => (d.weight = (d.weight as number) / 453.592), ['fault unit items[*].weight']],
    [
      'inches for millimetres',
      (d) => (d.weight = (d.weight as number) / 25.4),
      ['fault unit items[*].weight'],
    ],
    [
      'Fahrenheit for Celsius',
      (d) => (d.temperature = (d.temperature as number) * 1.8 + 32),
      ['fault unit items[*].temperature'],
    ],
    [
      'another quantity',
      (d, random) => (d.weight = Number((7 * random()).toFixed(1))),
      ['fault range items[*].weight'],
    ],
    [
      'rounding',
      (d) => (d.confidence = Number((d.confidence as number).toFixed(1))),
      ['fault precision items[*].confidence'],
    ],
    [
      'more decimals',
      (d) => (d.confidence = (d.confidence as number) / 1.01),
      ['note precision items[*].confidence'],
    ],
    [
      'a time zone lost',
      (d) => (d.at = (d.at as string).replace('Z', '')),
      ['fault timezone-lost items[*].at'],
    ],
    ['ids of another form', (d) => (d.id = 'part'), ['fault format items[*].id']],
    [
      'columns in another order',
      (d) => {
        const [a, b, c, e] = d.box as number[];
        d.box = [b, a, e, c];
      },
      ['fault order items[*].box'],
    ],
    ['a place more', (d) => (d.box as number[]).push(1), ['fault length items[*].box']],
    ['lists that are empty', (d) => (d.tags = []), ['fault emptied items[*].tags']],
  ])('names %s', (_, edit, expected) => {
    const changes = found(edit);
    expect(told(changes)).toEqual(expected);
    for (const { says, baseline, now } of changes) {
      expect(says).toMatch(/^`.+` .*\d.*\.$/);
      expect(baseline.of).toBeGreaterThanOrEqual(40);
      expect(now.of).toBeGreaterThanOrEqual(40);
    }
  });

  it('gives the numbers on both sides', () => {
    const [change] = found((d) => (d.weight = (d.weight as number) / 1000));
    expect(change!.baseline).toMatchObject({ of: 400 });
    expect(Number(change!.baseline.median) / Number(change!.now.median)).toBeGreaterThan(700);
    expect(change!.says).toMatch(
      /^`items\[\*\]\.weight` is 0\.001\d* times what it was \(median 4\d\d, now 0\.4\d+\)|times what it was/,
    );
    const [label] = found((d, random) => random() < 0.1 && (d.label = 'burr'));
    expect(label!.now).toMatchObject({ value: 'burr', of: 400 });
    expect(label!.baseline).toMatchObject({ distinct: 2, known: 'ok, scratch', of: 400 });
  });

  it('finds nothing in 20 healthy sets, with other mixes of products among them', () => {
    for (let seed = 100; seed < 120; seed++) {
      const heavy = seed % 2 === 0;
      const now = shapeOf(
        answers(seed, 40, (d, random) => {
          if (heavy && random() < 0.7) d.weight = Number((605 + 10 * random()).toFixed(1));
          if (heavy) d.part = (d.part as number) + 400;
        }),
      );
      const { changes, compared } = diffShapes(healthy, now);
      expect(told(changes.filter(({ sure }) => sure))).toEqual([]);
      expect(changes.filter(({ severity }) => severity === 'fault')).toEqual([]);
      expect(compared).toBeGreaterThan(15);
    }
  });

  it('says of too few samples how many there are, and no more', () => {
    const diff = diffShapes(healthy, shapeOf(answers(2, 1, (d) => delete d.label)), { floor: 20 });
    expect(diff.changes).toEqual([]);
    expect(diff.unknown).toEqual([
      {
        path: '',
        baseline: 40,
        now: 1,
        floor: 20,
        says: 'The payload: 40 of 20 samples before, 1 of 20 now.',
      },
    ]);
    expect(diffShapes(createShaper().shape(), healthy)).toMatchObject({ changes: [], compared: 0 });
  });

  it('a label seen once is told, and not as sure', () => {
    let times = 0;
    const now = shapeOf(answers(2, 40, (d) => ++times === 7 && (d.label = 'burr')));
    const changes = diffShapes(healthy, now).changes.filter((each) => each.now.value === 'burr');
    expect(changes).toMatchObject([
      { kind: 'enum-grown', sure: false, severity: 'note', now: { value: 'burr', count: 1 } },
    ]);
    expect(changes[0]!.p).toBeCloseTo(0.5, 2);
  });

  it('a counter or a time that went on is where it should be', () => {
    const later = (d: Detection) => {
      d.part = (d.part as number) + 50_000;
      d.epoch = (d.epoch as number) + 1e7;
    };
    expect(told(found(later))).toEqual([]);
  });

  it('places that are elsewhere, and not where others were, are in no other order', () => {
    const moved = (d: Detection) => {
      const [a, b, c, e] = d.box as number[];
      d.box = [a! + 5000, b! + 9000, c, e];
    };
    expect(told(found(moved))).toEqual(['fault range items[*].box[0]', 'fault range items[*].box[1]']);
  });

  it('a heavier product by a factor that is no unit is no unit', () => {
    const changes = found((d) => (d.weight = (d.weight as number) * 2.35));
    expect(told(changes)).not.toContain('fault unit items[*].weight');
  });

  it('compares what two recorders kept together', () => {
    const merged = mergeShapes(shapeOf(answers(5, 15)), shapeOf(answers(6, 25)));
    expect(merged.payloads).toBe(40);
    expect(diffShapes(healthy, merged).changes.filter(({ sure }) => sure)).toEqual([]);
    const now = shapeOf(answers(2, 40, (d) => (d.weight = (d.weight as number) / 1000)));
    expect(told(diffShapes(merged, now).changes)).toEqual(['fault unit items[*].weight']);
  });
});

describe('what a schema announces', () => {
  const document = {
    components: {
      schemas: {
        Page: {
          type: 'object',
          properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Detection' } } },
        },
        Detection: {
          type: 'object',
          required: ['part', 'label'],
          properties: {
            label: { type: 'string', enum: ['ok', 'scratch', 'dent', 'burr'] },
            confidence: { anyOf: [{ type: 'number' }, { type: 'null' }] },
            operator: { type: 'string', nullable: true },
          },
        },
      },
    },
  };
  const options = { schema: { $ref: '#/components/schemas/Page' }, document };

  it('is no fault: a value that is listed is none at all', () => {
    expect(found((d, random) => random() < 0.1 && (d.label = 'burr'), options)).toEqual([]);
    expect(told(found((d, random) => random() < 0.1 && (d.label = 'hole'), options))).toEqual([
      'fault enum-grown items[*].label',
    ]);
  });

  it('ends where it announces itself', () => {
    const self = { $ref: '#/self' };
    const bomb = {
      self: { anyOf: [self, { allOf: [self, self] }], properties: { items: self }, items: self },
    };
    const diff = diffShapes(healthy, healthy, { schema: self, document: bomb });
    expect(diff.changes).toEqual([]);
  });

  it('is a note: nulls that are allowed, members that are not required', () => {
    expect(told(found((d, random) => random() < 0.3 && (d.confidence = null), options))).toEqual([
      'note nullable items[*].confidence',
    ]);
    expect(told(found((d) => delete d.confidence, options))).toEqual(['note removed items[*].confidence']);
    expect(told(found((d) => delete d.label, options))).toEqual(['fault removed items[*].label']);
  });
});

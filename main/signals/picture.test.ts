import { expect, it } from 'vitest';
import { createSeries } from '../../common/signal/series.ts';
import { pictureOf } from './picture.ts';

const from = Date.parse('2026-11-24T12:00:00.000Z') * 1000;
const to = from + 4_000_000;

function lane(name: string, samples: [number, number][], kind: 'linear' | 'step' = 'linear') {
  const series = createSeries({ kind });
  series.append(
    samples.map(([seconds]) => from + seconds * 1e6),
    samples.map(([, value]) => value),
  );
  // 40 columns of 0.1 s: 21.45 points of the 870 each.
  const dt = 100_000;
  return { name, unit: 'g', columns: series.query(dt, from / dt, 40), from, dt, gaps: [] };
}

it('draws each column from its least to its most, joined to the one before', () => {
  const svg = pictureOf({
    title: 'Beam',
    from,
    to,
    lanes: [
      lane('Cell', [
        [0.01, 0],
        [0.02, 10],
        [0.15, 5],
        [3.95, 5],
      ]),
    ],
    marks: [],
  });
  // Columns 0, 1 and 39: x = 76 + 870 · (k + 0.5)/40. Values 0 to 10 from y = 128 up to 60.
  const [path] = /d="(M[^"]+)" fill="none" stroke="#0b6e6e"/.exec(svg)!.slice(1);
  expect(path).toBe('M86.88 128L86.88 60L108.63 94L935.13 94');
  expect(svg).toContain('2026-11-24 12:00:00.000 to 2026-11-24 12:00:04.000 UTC');
  expect(svg).toContain('>12:00:02.000</text>');
});

it('does not join what a gap parts, and shows the gap', () => {
  const cell = {
    ...lane('Cell', [
      [0.05, 0],
      [2.05, 10],
    ]),
    gaps: [{ from: from + 500_000, to: from + 1_500_000 }],
  };
  const svg = pictureOf({ title: 'x', from, to, lanes: [cell], marks: [] });
  expect(svg).toContain('d="M86.88 128h.5M521.88 60h.5"');
  expect(svg).toContain('<rect x="184.75" y="40" width="217.5"');
});

it('numbers the marks and lists them, and leaves out those of another time', () => {
  const marks = [
    { at: from + 2e6, text: 'drill.fault' },
    { at: to, text: 'later' },
  ];
  const svg = pictureOf({ title: 'x', from, to, lanes: [lane('Cell', [])], marks });
  expect(svg).toContain('1 12:00:02.000 drill.fault');
  expect(svg).not.toContain('later');
  expect(svg).toContain('no samples');
});

it('is XML whatever a device is called', () => {
  const svg = pictureOf({
    title: '</title><script>alert(1)</script>',
    from,
    to,
    lanes: [lane('a"&\u0001<b>', [[0, 1]])],
    marks: [{ at: from, text: "it's" }],
  });
  expect(svg).not.toContain('<script');
  expect(svg).toContain('a&quot;&amp;&lt;b&gt; (g)');
  expect(svg).toContain('it&#39;s');
});

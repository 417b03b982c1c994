import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { profileOf, runAll, serveHttp } from '../../../../test/fakes/check-room.ts';
import { createAskHttp } from '../../http/ask-http.ts';
import { startServices } from '../../../drill/services.ts';
import { createLine } from '../../../drill/signal/line.ts';
import type { CapturedSamples } from '../../context.ts';
import { layersCheck } from './layers.ts';

interface Row {
  part: number;
  at: string;
  label?: unknown;
  grams?: unknown;
}

const begin = Date.now() - 700_000;
const each = 3_000;
/** Part n passes the first layer at `begin` + 3 s · n, and each layer after `delay` seconds. */
const rowsAfter = (delay: number, count = 200): Row[] =>
  Array.from({ length: count }, (_, part) => ({
    part,
    at: new Date(begin + part * each + delay * 1000).toISOString(),
    label: part % 7 === 0 ? 'dent' : 'ok',
    grams: 300 + part,
  }));

/** Two layers (what was before the first row of either is not looked at), each a service that keeps its history; what the second one lacks is a test's own. */
async function found(first: Row[], second: Row[] | null, more = '', now = begin + 700_000) {
  const url = await serveHttp((request, response) => {
    const address = new URL(request.url!, 'http://x');
    const rows = address.pathname === '/a' ? first : second;
    if (!rows) return response.writeHead(500).end();
    const since = Number(address.searchParams.get('since') ?? -1);
    const items = rows.filter(({ part }) => part > since).slice(0, 50);
    // The moment is the test's own, so no Date is to tell another one.
    response.sendDate = false;
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ items, total: rows.length }));
  });
  const path = (name: string) =>
    `{ path: /${name}, rows: items, key: part, total: total, time: { field: at, epoch: iso-8601 }, since: { query: since, field: part } }`;
  const profile = profileOf(`name: x
services:
  - { name: s, url: '${url}', paths: [${path('a')}, ${path('b')}] }
layers:
  - name: vision
    source: { by: service, service: s, path: /a }
    tells: [{ what: label, field: label }, { what: weight, field: grams, tolerance: 0.5 }]
  - name: scorer
    source: { by: service, service: s, path: /b }
    delay: { least: 0.2, most: 5 }
    tells: [{ what: label, field: label }, { what: weight, field: grams, tolerance: 0.5 }]
    ${more}
`);
  const outcomes = await runAll([layersCheck], profile, { http: createAskHttp(() => now * 1000) });
  return outcomes.find(({ check }) => check === 'claim.layers scorer')!;
}

const without = (rows: Row[], ...parts: number[]) => rows.filter(({ part }) => !parts.includes(part));

it('each part that is in both layers, once and the same, passes', async () => {
  const outcome = await found(rowsAfter(0), rowsAfter(1));
  expect(outcome).toMatchObject({ result: 'pass', rung: 1 });
  expect(outcome.says).toMatch(
    /^199 of 199 parts of vision are in scorer, none twice, with the same label, weight from /,
  );
  expect(outcome.evidence).toHaveLength(2);
});

it('parts that are missing are named', async () => {
  const outcome = await found(rowsAfter(0), without(rowsAfter(1), 118, 140, 141));
  expect(outcome.result).toBe('fail');
  expect(outcome.says).toMatch(/^3 of 199 parts of vision are not in scorer: 118, 140, 141 from /);
});

it('a layer that stopped is missing all since then', async () => {
  const outcome = await found(rowsAfter(0), rowsAfter(1, 150));
  expect(outcome.says).toMatch(/^50 of 199 parts .*: 150, 151, 152, 153, 154, 155, 156, 157 and 42 more/);
});

it('what is still on its way is not missing, nor what was before a layer began', async () => {
  const now = begin + 199 * each + 500;
  const outcome = await found(rowsAfter(0), rowsAfter(4, 198).slice(90), '', now);
  expect(outcome).toMatchObject({ result: 'pass' });
  expect(outcome.says).toMatch(/^106 of 106 parts/);
});

it('a row that is there twice, and one of a part that never was, are named', async () => {
  const twice = rowsAfter(1).flatMap((row) => (row.part === 49 || row.part === 77 ? [row, row] : [row]));
  const outcome = await found(rowsAfter(0), twice);
  expect(outcome).toMatchObject({
    result: 'fail',
    says: '2 parts of 202 rows of scorer are there twice: 49, 77.',
  });
  const extra = await found(without(rowsAfter(0), 60), rowsAfter(1));
  expect(extra).toMatchObject({ result: 'fail' });
  expect(extra.says).toMatch(/^1 part of scorer was never in vision: 60 /);
});

it('what the profile allows per window is a note, more of it in one window is not', async () => {
  const allowed = 'allowed: { parts: 2, window: 60 }';
  const spread = await found(rowsAfter(0), without(rowsAfter(1), 20, 60, 100, 140), allowed);
  expect(spread).toMatchObject({ result: 'pass' });
  expect(spread.says).toMatch(/4 off, as is allowed \(2 in 60 s\)\.$/);
  expect(await found(rowsAfter(0), without(rowsAfter(1), 20, 25, 30), allowed)).toMatchObject({
    result: 'fail',
  });
});

it('what both tell otherwise is named with both words; another unit is told apart from that', async () => {
  const other = rowsAfter(1).map((row) => (row.part === 9 ? { ...row, label: 'dent' } : row));
  expect(await found(rowsAfter(0), other)).toMatchObject({
    result: 'fail',
    says: 'scorer: 1 of 199 parts have another label: 9 (ok, here dent).',
  });
  const kilograms = rowsAfter(1).map((row) => ({ ...row, grams: Number(row.grams) / 1000 }));
  const unit = await found(rowsAfter(0), kilograms);
  expect(unit).toMatchObject({ result: 'warn' });
  expect(unit.says).toContain('of all 199 parts, always by a factor of 0.001');
  const renamed = rowsAfter(1).map(({ grams, ...row }) => ({ ...row, weight: grams }));
  expect(await found(rowsAfter(0), renamed)).toMatchObject({ result: 'unknown' });
});

it('a layer that can’t be read is unknown and names what explains it; too few parts are unknown', async () => {
  expect(await found(rowsAfter(0), null)).toMatchObject({
    result: 'unknown',
    explainedBy: 'tools.service s',
    says: "scorer can't be read. It answers 500.",
  });
  const few = await found(rowsAfter(0, 3), rowsAfter(1, 3));
  expect(few).toMatchObject({ result: 'unknown' });
  expect(few.says).toBe('scorer: 2 of 5 parts that vision and scorer both had time for.');
});

it('parts that all come late are told with how late', async () => {
  const outcome = await found(rowsAfter(0), rowsAfter(9));
  expect(outcome).toMatchObject({ result: 'warn' });
  expect(outcome.says).toContain('came to scorer 9.0 s after vision (median)');
});

const profileFile = new URL('../../../../common/profile/examples/qc-scoring.yaml', import.meta.url);

/** The shipped profile of the line on the rig's services, with what a beam would have been captured as. */
async function line(beam: (times: number[]) => number[] | null) {
  const made = createLine(3);
  const startedAt = Date.now() - 600_000;
  // The line goes on while it is looked at, however long that takes.
  const elapsed = () => (Date.now() - startedAt) / 1000;
  const services = await startServices({ line: made, elapsed, startedAt }, true);
  onTestFinished(async () => {
    await Promise.all(services.map((service) => service.close()));
  });
  const urlOf = (name: string) => services.find((service) => service.name === name)!.url;
  const yaml = readFileSync(profileFile, 'utf8')
    .replace('http://192.168.55.1:8642', urlOf('cv'))
    .replace('http://192.168.55.1:8643', urlOf('llm'))
    .replace('http://192.168.55.1:3000', urlOf('dashboard'))
    .replace('https://example.supabase.co', urlOf('table'));
  const times = beam(made.partsUntil(700).map(({ at }) => startedAt + at * 1000));
  const samples = (channel: string, _from: number, to: number): CapturedSamples | null => {
    if (channel !== 'beam/beam' || !times) return null;
    const seen = times.filter((at) => at * 1000 < to);
    const edges = seen.flatMap((at) => [
      [at * 1000, 1],
      [at * 1000 + 210_000, 0],
    ]);
    return {
      t: Float64Array.from(edges.map(([t]) => t!)),
      v: Float64Array.from(edges.map(([, v]) => v!)),
      since: (startedAt + 200_000) * 1000,
    };
  };
  const secret = () => Promise.resolve('key');
  return runAll([layersCheck], profileOf(yaml), { samples, secret });
}

it('on the healthy line every layer passes, and the beam is counted since it is captured', async () => {
  const outcomes = await line((times) => times);
  expect(outcomes.map(({ check, result }) => [check, result])).toEqual([
    ['claim.layers beam', 'pass'],
    ['claim.layers vision', 'pass'],
    ['claim.layers scorer', 'pass'],
    ['claim.layers table', 'pass'],
  ]);
  const vision = outcomes.find(({ check }) => check.endsWith('vision'))!;
  expect(Number(/of (\d+) parts of beam/.exec(vision.says)![1])).toBeGreaterThan(90);
  expect(Number(/of (\d+) parts of beam/.exec(vision.says)![1])).toBeLessThan(140);
});

it('a beam that counts what no camera saw fails there and nowhere else; one that is not captured is unknown', async () => {
  const blind = await line((times) => [...times.slice(0, 120), ...times.slice(125)]);
  expect(blind.filter(({ result }) => result === 'fail').map(({ check }) => check)).toEqual([
    'claim.layers vision',
  ]);
  const none = await line(() => null);
  expect(none.map(({ result }) => result).sort()).toEqual(['pass', 'pass', 'unknown', 'unknown']);
});

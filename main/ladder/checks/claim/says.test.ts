import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { profileOf, runAll, serveHttp } from '../../../../test/fakes/check-room.ts';
import type { CapturedSamples, CheckContext } from '../../context.ts';
import { createSaysCheck } from './says.ts';

interface Case {
  says: string;
  shows: string;
  agree?: string;
  /** What the service answers, by how often it was asked; a number is a status. */
  summary?: (asked: number) => unknown;
  /** How many rows the table has; null: it refuses. */
  rows?: number | null;
  samples?: CheckContext['samples'];
}

const summaryReading = '{ by: http, service: s, path: /summary, field: parts }';
const tableReading = '{ by: table, table: t, take: count }';

/** One claim of a service with a summary and a table beside it. */
async function found({ says, shows, agree, summary = () => ({ parts: 212 }), rows = 212, samples }: Case) {
  let asked = 0;
  const url = await serveHttp((request, response) => {
    const json = { 'content-type': 'application/json' };
    const address = new URL(request.url!, 'http://x');
    if (address.pathname === '/summary') {
      const body = summary(asked++);
      if (typeof body === 'number') return response.writeHead(body).end();
      return response.writeHead(200, json).end(JSON.stringify(body));
    }
    if (rows === null)
      return response.writeHead(403, json).end('{"code":"42501","message":"permission denied"}');
    const isOk = address.searchParams.get('label') === 'eq.ok';
    const count = isOk ? Math.floor(rows / 2) : rows;
    const list = count > 0 ? [{ part: count - 1, label: 'ok' }] : [];
    return response.writeHead(200, { ...json, 'content-range': `0-0/${count}` }).end(JSON.stringify(list));
  });
  const profile = profileOf(`name: x
devices:
  - { id: beam, name: Beam, dialect: beam-events, link: { by: path, path: /dev/x, baud: 57600 } }
services:
  - { name: s, url: '${url}', paths: [{ path: /summary }] }
tables:
  - { name: t, url: '${url}', table: t, means: a part, keyColumn: part }
claims:
  - name: counted
    text: The dashboard says how many parts there were.
    says: ${says}
    shows: ${shows}
    ${agree ? `agree: ${agree}` : ''}
`);
  const [outcome] = await runAll([createSaysCheck(1)], profile, samples ? { samples } : {});
  return outcome!;
}

async function fileOf(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'says-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

it('what is said and shown alike passes, with both numbers and what they were read from', async () => {
  const outcome = await found({ says: summaryReading, shows: tableReading });
  expect(outcome).toMatchObject({ check: 'claim.says counted', rung: 1, result: 'pass' });
  expect(outcome.says).toBe(
    '“The dashboard says how many parts there were.” s /summary says 212; table t shows 212.',
  );
  expect(outcome.evidence).toHaveLength(2);
});

it('what is apart at every look fails; what is within the tolerance, or was only on its way, does not', async () => {
  const apart = await found({ says: summaryReading, shows: tableReading, rows: 190 });
  expect(apart).toMatchObject({ result: 'fail' });
  expect(apart.says).toContain('s /summary says 212, but table t shows 190.');
  const near = { says: summaryReading, shows: tableReading, rows: 190 };
  expect(await found({ ...near, agree: '{ how: equal, tolerance: 22 }' })).toMatchObject({ result: 'pass' });
  expect(await found({ ...near, agree: '{ how: equal, ratio: 0.12 }' })).toMatchObject({ result: 'pass' });
  expect(await found({ ...near, agree: '{ how: at-most }' })).toMatchObject({ result: 'fail' });
  expect(await found({ ...near, agree: '{ how: at-least }' })).toMatchObject({ result: 'pass' });
  const growing = (asked: number) => ({ parts: 210 + asked * 4 });
  expect(await found({ says: summaryReading, shows: tableReading, summary: growing })).toMatchObject({
    result: 'pass',
  });
  const once = (asked: number) => ({ parts: asked < 2 ? 100 : 212 });
  expect(await found({ says: summaryReading, shows: tableReading, summary: once })).toMatchObject({
    result: 'pass',
  });
});

it('a source that can’t be read is unknown, and names what explains it', async () => {
  const down = await found({ says: summaryReading, shows: tableReading, summary: () => 500 });
  expect(down).toMatchObject({ result: 'unknown', explainedBy: 'tools.service s' });
  const refused = await found({ says: summaryReading, shows: tableReading, rows: null });
  expect(refused).toMatchObject({ result: 'unknown', explainedBy: 'tools.table t' });
  expect(refused.says).toContain('permission denied (42501)');
  const silent = await found({ says: summaryReading, shows: tableReading, summary: () => ({}) });
  expect(silent).toMatchObject({ result: 'unknown' });
});

it('a table that is empty altogether may hide its rows: that is told, and speaks against nobody yet', async () => {
  expect(await found({ says: summaryReading, shows: tableReading, rows: 0 })).toMatchObject({
    result: 'warn',
    explainedBy: 'tools.table t',
  });
});

it('a table is asked with the filters of the profile, and for its newest row', async () => {
  const half = { says: summaryReading, summary: () => ({ parts: 106 }) };
  expect(
    await found({ ...half, shows: '{ by: table, table: t, where: { label: eq.ok }, take: count }' }),
  ).toMatchObject({ result: 'pass' });
  expect(
    await found({
      ...half,
      shows: '{ by: table, table: t, column: part, take: newest }',
      agree: '{ how: at-most }',
    }),
  ).toMatchObject({ result: 'pass' });
});

it('a command is never run', async () => {
  const path = await fileOf('ran', '');
  const outcome = await found({
    says: summaryReading,
    shows: `{ by: command, run: [rm, '${path}'] }`,
  });
  expect(outcome).toMatchObject({ result: 'unknown' });
  expect(outcome.says).toContain('a person has to agree to that command first');
  await writeFile(path, 'still here', { flag: 'r+' });
});

it('a file and the lines of a log are read by field and pattern', async () => {
  const file = await fileOf('state.json', '{"done": {"parts": "212"}}');
  expect(
    await found({ says: summaryReading, shows: `{ by: file, path: '${file}', field: done.parts }` }),
  ).toMatchObject({ result: 'pass' });
  const log = await fileOf('line.log', 'a 7 done\nb nothing\nc 9 done\n');
  const reading = (take: string) =>
    `{ by: log, files: '${log}', pattern: '^\\w (?<value>\\d+) done$', take: ${take} }`;
  for (const [take, parts] of [
    ['first', 7],
    ['last', 9],
    ['count', 2],
  ] as const)
    expect(
      await found({ says: summaryReading, summary: () => ({ parts }), shows: reading(take) }),
    ).toMatchObject({
      result: 'pass',
    });
  const none = await found({ says: summaryReading, shows: `{ by: log, files: '${log}.none', pattern: x }` });
  expect(none).toMatchObject({ result: 'unknown' });
  expect(none.says).toContain('There is no log at');
});

const steps =
  (since: number): CheckContext['samples'] =>
  (_channel, from, to): CapturedSamples => {
    const t = Float64Array.from({ length: 10 }, (_, index) => from + ((to - from) * (index + 0.5)) / 10);
    return { t, v: t.map((_, index) => index * 2), since: from - since };
  };

it('a channel is looked at over its window, and unknown where that is not captured', async () => {
  const of = (take: string, parts: number, samples = steps(1e6)) =>
    found({
      says: summaryReading,
      summary: () => ({ parts }),
      shows: `{ by: channel, channel: beam/beam, take: ${take}, window: 30 }`,
      samples,
    });
  for (const [take, value] of Object.entries({
    value: 18,
    change: 18,
    most: 18,
    least: 0,
    mean: 9,
    samples: 10,
  }))
    expect(await of(take, value), take).toMatchObject({ result: 'pass' });
  expect(await of('change', 17)).toMatchObject({ result: 'fail' });
  const short = await of('change', 18, steps(-20e6));
  expect(short).toMatchObject({ result: 'unknown' });
  expect(short.says).toContain('is captured for 10 of 30 s');
  expect(await of('change', 18, () => null)).toMatchObject({ result: 'unknown' });
});

it('of several places enough have to show it', async () => {
  const several = (least: number) =>
    `{ by: several, least: ${least}, of: [${tableReading}, { by: channel, channel: beam/beam }] }`;
  const base = { says: summaryReading, agree: '{ how: there }' };
  expect(await found({ ...base, shows: several(1) })).toMatchObject({ result: 'pass' });
  expect(await found({ ...base, shows: several(2) })).toMatchObject({ result: 'unknown' });
  const still: CheckContext['samples'] = (_channel, from) => ({
    t: Float64Array.of(from),
    v: Float64Array.of(0),
    since: from,
  });
  expect(await found({ ...base, shows: several(2), samples: still })).toMatchObject({ result: 'fail' });
});

it.runIf(process.platform === 'linux')('a process that was started after what is said shows it', async () => {
  const child = spawn(
    process.execPath,
    ['-e', 'console.log(1); setInterval(() => 0, 1e6)', 'says-marker-7'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  onTestFinished(() => void child.kill());
  await once(child.stdout, 'data');
  const shows = '{ by: process, pattern: says-marker-7 }';
  const at = (seconds: number) => () => ({ parts: new Date(Date.now() + seconds * 1000).toISOString() });
  const claim = { says: summaryReading, shows, agree: '{ how: after, within: 600 }' };
  expect(await found({ ...claim, summary: at(-60) })).toMatchObject({ result: 'pass' });
  expect(await found({ ...claim, summary: at(600) })).toMatchObject({ result: 'fail' });
  const gone = { ...claim, shows: '{ by: process, pattern: "says-marker-[8]" }', summary: at(-60) };
  expect((await found(gone)).says).toContain('shows nothing');
});

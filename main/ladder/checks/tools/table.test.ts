import type { RequestListener, ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { profileOf, runAll, serveHttp } from '../../../../test/fakes/check-room.ts';
import { startServices } from '../../../drill/services.ts';
import { createLine } from '../../../drill/signal/line.ts';
import { tableCheck } from './table.ts';

const begin = Date.now() - 600_000;
const rows = Array.from({ length: 40 }, (_, part) => ({
  part,
  at: new Date(begin + part * 1000).toISOString(),
}));
const answer = (response: ServerResponse, value: unknown, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

/** A layer before it at /parts, and the table as `table` answers. */
async function found(
  table: RequestListener,
  { key = 'k', layers = true, more = '' }: { key?: string | null; layers?: boolean; more?: string } = {},
) {
  const url = await serveHttp((request, response) => {
    if (request.url!.startsWith('/parts')) answer(response, rows);
    else table(request, response);
  });
  const chain = `layers:
  - name: vision
    source: { by: service, service: s, path: /parts }
  - name: table
    source: { by: table, table: scores }
    delay: { least: 0.5, most: 10 }
`;
  const profile = profileOf(`name: x
services:
  - { name: s, url: '${url}', paths: [{ path: /parts, key: part, time: { field: at, epoch: iso-8601 } }] }
tables:
  - { name: scores, url: '${url}', key: { env: K }, table: scores, means: a part, keyColumn: part, timeColumn: at${more} }
${layers ? chain : ''}`);
  const [outcome] = await runAll([tableCheck], profile, { secret: () => Promise.resolve(key) });
  return outcome!;
}

const served: RequestListener = (request, response) => {
  const query = new URL(request.url!, 'http://x').searchParams;
  const after = Number(query.get('part')?.slice(3) ?? -1);
  const left = rows.filter(({ part }) => part > after);
  const shown = left.slice(0, Number(query.get('limit')));
  answer(response, shown, 206, { 'content-range': `0-${shown.length - 1}/${left.length}` });
};

it('a table that can be read passes, with how many rows', async () => {
  const outcome = await found(served);
  expect(outcome).toMatchObject({ check: 'tools.table scores', rung: 3, result: 'pass' });
  expect(outcome.says).toMatch(
    /^scores can be read: 40 rows, and it counts 40; median \d+ ms of 9 probes\.$/,
  );
});

it('no key on this machine is unknown, and its key stands in no evidence', async () => {
  expect(await found(served, { key: null })).toMatchObject({
    result: 'unknown',
    says: "scores can't be read. Its key is not on this machine (environment: K).",
  });
  const { evidence } = await found(served, { key: 'very-secret' });
  expect(evidence).toHaveLength(1);
  expect(new TextDecoder().decode(evidence![0]!.bytes)).not.toContain('very-secret');
});

it.each([
  [401, { code: 'PGRST301', message: 'JWT expired' }, 'JWT expired (PGRST301)', 'Check the key'],
  [403, { code: '42501', message: 'permission denied for table scores' }, '42501', 'grants'],
  [404, { code: 'PGRST205', message: 'Could not find the table' }, 'PGRST205', 'renamed'],
  [400, { code: '42703', message: 'column scores.part does not exist' }, '42703', 'rung 4'],
  [500, 'oops', 'It answers 500.', 'log'],
  [200, { message: 'hello' }, 'no list of rows', 'address of the project'],
])('an answer of %i %o fails with what it is and what to do', async (status, body, says, next) => {
  const outcome = await found((_request, response) => void answer(response, body, status));
  expect(outcome.result).toBe('fail');
  expect(outcome.says).toMatch(/^scores: 9 of 9 probes failed\. /);
  expect(outcome.says).toContain(says);
  expect(outcome.next).toContain(next);
});

it('a login page that answers 200 is no table', async () => {
  const page: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>');
  const outcome = await found(page);
  expect(outcome).toMatchObject({ result: 'fail' });
  expect(outcome.says).toContain('with what is no JSON (text/html)');
});

it('an empty list where the layer before has parts is rows that are hidden; without such a layer it can’t be told', async () => {
  const empty: RequestListener = (_request, response) =>
    void answer(response, [], 200, { 'content-range': '*/0' });
  const outcome = await found(empty);
  expect(outcome).toMatchObject({ result: 'fail' });
  expect(outcome.says).toContain('empty list and no error, where vision has 40 parts');
  expect(outcome.next).toContain('row-level policy');
  expect(await found(empty, { layers: false })).toMatchObject({ result: 'unknown' });
});

it('a column that no row has, and rows that are counted and not given, are told', async () => {
  const renamed: RequestListener = (request, response) => {
    const isAfter = request.url!.includes('part=gt');
    answer(response, isAfter ? [] : rows.map(({ part, at }) => ({ part, created: at })));
  };
  expect(await found(renamed)).toMatchObject({
    result: 'fail',
    says: 'No row of scores has at, which the profile names.',
  });
  const more: RequestListener = (request, response) => {
    const shown = request.url!.includes('part=gt') ? [] : rows;
    answer(response, shown, 206, { 'content-range': '0-39/55' });
  };
  expect(await found(more)).toMatchObject({ result: 'warn', says: 'scores counts 55 rows and gives 40.' });
});

it('one probe of nine that failed is a note, a table that is often refused fails', async () => {
  let asked = 0;
  const flaky = (every: number): RequestListener => {
    asked = 0;
    return (request, response) =>
      ++asked % every === 0 ? void answer(response, {}, 503) : served(request, response);
  };
  const once = await found(flaky(9));
  expect(once).toMatchObject({ result: 'pass' });
  expect(once.says).toContain('One of 9 probes failed.');
  expect(await found(flaky(3))).toMatchObject({ result: 'fail' });
});

it('the rig’s table passes', async () => {
  const services = await startServices({ line: createLine(3), elapsed: () => 1800, startedAt: begin }, true);
  onTestFinished(async () => {
    await Promise.all(services.map((service) => service.close()));
  });
  const { url } = services.find(({ name }) => name === 'table')!;
  const profile = profileOf(`name: x
tables:
  - { name: scores, url: '${url}', table: scores, means: a part, keyColumn: part, timeColumn: at, expectedMs: 400 }
`);
  const [outcome] = await runAll([tableCheck], profile);
  expect(outcome).toMatchObject({ result: 'pass' });
  expect(outcome!.says).toMatch(/can be read: (5\d\d) rows, and it counts \1;/);
});

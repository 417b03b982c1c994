import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { bareContext, profileOf, serveHttp } from '../../../test/fakes/check-room.ts';
import { startServices } from '../../drill/services.ts';
import { createLine } from '../../drill/signal/line.ts';
import { createTableReader, type TableQuery } from './table-reader.ts';

const never = new AbortController().signal;
const keyed = 'key: { env: K }, ';

/** What a table at `url` answers to `query`. */
function ask(
  url: string,
  query: TableQuery = {},
  { more = keyed, table = 'parts', secret = 'k', timeoutMs = 3_000 } = {},
) {
  const profile = profileOf(`name: x
tables:
  - { name: t, url: '${url}', ${more}table: ${table}, means: a part, keyColumn: part, timeoutMs: ${timeoutMs} }
`);
  const context = bareContext(profile, { secret: () => Promise.resolve(secret) });
  const whole = {
    ...context,
    signal: never,
    once: <T>(_: string, make: (s: AbortSignal) => Promise<T>) => make(never),
  };
  return createTableReader(whole, profile.tables[0]!, never).ask(query);
}

/** A table that answers what `write` writes; and what it was asked. */
async function tableOf(write: (response: ServerResponse) => void) {
  const asked: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
  const url = await serveHttp(({ method, url, headers }, response) => {
    asked.push({ method: method!, url: url!, headers });
    write(response);
  });
  return { url, asked };
}

const answers =
  (status: number, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

it('asks as Supabase’s client does: filters, order and range; counted, with its key', async () => {
  const { url, asked } = await tableOf(answers(206, '[{"part":7}]', { 'content-range': '20-20/21' }));
  const where = { part: ['gt.6', 'not.eq.8'], label: ['in.(ok,dent)'] };
  const query: TableQuery = { where, order: { column: 'part', way: 'desc' }, offset: 20, limit: 10 };
  expect(await ask(url, query)).toMatchObject({ rows: [{ part: 7 }], count: 21, problem: null });
  const sent = new URL(asked[0]!.url, url);
  expect([sent.pathname, [...sent.searchParams]]).toEqual([
    '/rest/v1/parts',
    [
      ['select', '*'],
      ['part', 'gt.6'],
      ['part', 'not.eq.8'],
      ['label', 'in.(ok,dent)'],
      ['order', 'part.desc'],
      ['offset', '20'],
      ['limit', '10'],
    ],
  ]);
  expect(asked[0]).toMatchObject({
    method: 'GET',
    headers: { apikey: 'k', authorization: 'Bearer k', prefer: 'count=exact' },
  });
  expect(asked[0]!.headers).not.toHaveProperty('accept-profile');
});

it('a table without a key is asked without one, and another schema by its name', async () => {
  const { url, asked } = await tableOf(answers(200, '[]', { 'content-range': '*/*' }));
  expect(await ask(url, {}, { more: 'schema: line, ' })).toMatchObject({
    rows: [],
    count: null,
    problem: null,
  });
  expect(asked[0]!.headers).toMatchObject({ 'accept-profile': 'line' });
  expect(asked[0]!.headers).not.toHaveProperty('apikey');
  expect(asked[0]!.headers).not.toHaveProperty('authorization');
});

it.each([
  [400, '42703', 'column parts.x does not exist', 'rung 4'],
  [401, 'PGRST301', 'JWSError JWSInvalidSignature', 'Check the key'],
  [401, 'PGRST303', 'JWT expired', 'Check the key'],
  [403, '42501', 'permission denied for table parts', 'grants'],
  [404, '42P01', 'relation "public.parts" does not exist', 'renamed'],
  [404, 'PGRST205', 'Could not find the table', 'renamed'],
  [406, 'PGRST106', 'The schema must be one of the following: api', 'schema'],
  [503, 'PGRST002', 'Could not query the database for the schema cache', 'database'],
  [500, '57014', 'canceling statement due to statement timeout', 'too long'],
])('%i %s is told in its words, with what to do', async (status, code, message, next) => {
  const body = JSON.stringify({ code, message, details: null, hint: null });
  const answer = await ask((await tableOf(answers(status, body))).url);
  expect(answer).toMatchObject({
    rows: [],
    count: null,
    problem: `It answers ${status}: ${message} (${code}).`,
  });
  expect(answer.next).toContain(next);
});

// What the client would take for an empty list, or for rows.
it.each([
  ['an array with 404', answers(404, '[]'), 'It answers 404.'],
  ['nothing with 404', answers(404, ''), 'It answers 404.'],
  ['null with 500', answers(500, 'null'), 'It answers 500.'],
  ['no content', answers(204, ''), 'It answers 204 as JSON, and what comes is none.'],
  ['a status of its own', answers(799, '[]'), 'It answers 799.'],
  ['a redirect', answers(302, '[]', { location: '/login' }), 'It answers 302 and sends elsewhere (/login).'],
  [
    'bytes that are no UTF-8',
    answers(200, Buffer.from('5b22ff225d', 'hex')),
    'It answers 200 as JSON, and what comes is none.',
  ],
  [
    'a page',
    answers(200, '<html>', { 'content-type': 'text/html' }),
    'It answers 200 with what is no JSON (text/html).',
  ],
  ['an error in 200', answers(200, '{"error":"down"}'), 'It answers 200, and the answer says error: down.'],
  ['an object', answers(200, '{"rows":[]}'), 'It answers with what is no list of rows.'],
  ['five MiB', answers(200, `["${'x'.repeat(5 * 1024 ** 2)}"]`), 'Its answer is too long to be read.'],
])('%s is no list of rows', async (_name, write, problem) => {
  const answer = await ask((await tableOf(write)).url);
  expect(answer).toMatchObject({ rows: [], count: null, problem });
  expect(answer.seen.length).toBeGreaterThan(0);
});

it.each(['0-0/12abc', '0-0/-4', '0-0/99999999999999999999', 'x'])('%s counts nothing', async (range) => {
  const { url } = await tableOf(answers(206, '[{"part":1}]', { 'content-range': range }));
  expect(await ask(url)).toMatchObject({ rows: [{ part: 1 }], count: null, problem: null });
});

it('one that never answers ends in its time; one that is asked again keeps each answer', async () => {
  const silent = await tableOf(() => undefined);
  const answer = await ask(silent.url, {}, { timeoutMs: 100 });
  expect(answer.problem).toBe('It takes the connection and does not answer. (ETIMEDOUT)');
  expect(answer.seen).toHaveLength(1);
  let count = 0;
  const flaky = await tableOf((response) => (++count < 3 ? answers(503, '') : answers(200, '[]'))(response));
  const { problem, seen } = await ask(flaky.url);
  expect([problem, seen.map((each) => each.answer?.status)]).toEqual([null, [503, 503, 200]]);
});

it('a key that can’t be sent is told without it', async () => {
  const { url, asked } = await tableOf(answers(200, '[]'));
  const answer = await ask(url, {}, { secret: 'very-\nsecret' });
  expect(answer).toMatchObject({ rows: [], seen: [] });
  expect(answer.problem).toContain('its key is none that can be sent');
  expect(JSON.stringify(answer)).not.toMatch(/very|secret/);
  expect(asked).toEqual([]);
});

it('the rig’s table is read by key, and says what a column that it has not is', async () => {
  const services = await startServices(
    { line: createLine(3), elapsed: () => 60, startedAt: Date.now() - 60_000 },
    true,
  );
  onTestFinished(async () => {
    await Promise.all(services.map((service) => service.close()));
  });
  const { url } = services.find(({ name }) => name === 'table')!;
  const rig = { more: '', table: 'scores' };
  const order = { column: 'part', way: 'asc' } as const;
  const first = await ask(url, { order, limit: 2 }, rig);
  expect(first.rows).toHaveLength(2);
  const left = await ask(url, { where: { part: ['gt.1'] }, order, limit: 1 }, rig);
  expect(left.count).toBe(first.count! - 2);
  expect((await ask(url, { where: { nothing: ['eq.1'] } }, rig)).problem).toContain('(42703)');
});

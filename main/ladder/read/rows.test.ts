import { expect, it } from 'vitest';
import { createAskHttp } from '../http/ask-http.ts';
import { profileOf, serveHttp } from '../../../test/fakes/check-room.ts';
import type { CheckContext } from '../context.ts';
import { readRows, type RowsRead } from './rows.ts';
import { readTable } from './table.ts';

interface Row {
  id: number;
}
const ids = (from: number, to: number): Row[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: from + index }));
const idsOf = ({ rows }: RowsRead) => rows.map((row) => (row as Row).id);

/** What reads need of a context. */
function contextOf(secret: string | null = null): CheckContext {
  const now = () => Date.now() * 1000;
  return {
    now,
    http: createAskHttp(now),
    secret: () => Promise.resolve(secret),
    once: (_key: string, make: (signal: AbortSignal) => unknown) => make(new AbortController().signal),
  } as unknown as CheckContext;
}

type AnswerPage = (query: URLSearchParams, count: number) => unknown;

async function read(answer: AnswerPage, more = 'limit: { query: n, most: 10 }'): Promise<RowsRead> {
  let count = 0;
  const url = await serveHttp((request, response) => {
    const page = answer(new URL(request.url!, 'http://x').searchParams, count++);
    if (page === null) response.writeHead(503).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  });
  const profile = profileOf(`name: x
services:
  - name: s
    url: ${url}
    paths:
      - { path: /rows, rows: items, key: id, total: total, since: { query: after, field: id }, ${more} }
`);
  const [service] = profile.services;
  return readRows(contextOf(), service!, service!.paths[0]!);
}

const after = (query: URLSearchParams) => Number(query.get('after') ?? -1);
const page = (rows: Row[], query: URLSearchParams) => ({
  items: rows.filter(({ id }) => id > after(query)).slice(0, Number(query.get('n') ?? 10)),
  total: rows.length,
});

it('a path is read page by page to its newest row', async () => {
  const found = await read((query) => page(ids(0, 34), query));
  expect(idsOf(found)).toEqual(ids(0, 34).map(({ id }) => id));
  expect(found).toMatchObject({ problem: null, fromFirst: true, toLast: true, total: 35 });
});

it('a row that is there twice stays so, wherever a page ends', async () => {
  for (const doubled of [3, 8, 9, 10, 18, 34]) {
    const rows = [...ids(0, doubled), ...ids(doubled, 34)];
    const found = await read((query) => page(rows, query));
    expect(idsOf(found)).toEqual(rows.map(({ id }) => id));
  }
});

it('a service that answers the known row again, or its first page for ever, makes no row twice', async () => {
  const inclusive = await read((query) => ({
    items: ids(0, 34)
      .filter(({ id }) => id >= after(query))
      .slice(0, 10),
  }));
  expect(idsOf(inclusive)).toEqual(ids(0, 34).map(({ id }) => id));
  const deaf = await read(() => ({ items: ids(0, 9), total: 35 }));
  expect(idsOf(deaf)).toEqual(ids(0, 9).map(({ id }) => id));
  expect(deaf.fromFirst).toBe(false);
});

it('pages that stand newest first are turned round, and what lies between is not taken as read', async () => {
  let end = 40;
  const found = await read((query) => {
    const rows = ids(0, end).filter(({ id }) => id > after(query));
    end += 12;
    return { items: rows.slice(-10).reverse() };
  });
  const list = idsOf(found);
  expect(list.length).toBeGreaterThanOrEqual(10);
  expect(list).toEqual(ids(list[0]!, list.at(-1)!).map(({ id }) => id));
});

it('of a long history the newest rows are read', async () => {
  const found = await read((query) => page(ids(0, 29_999), query), 'limit: { query: n, most: 1000 }');
  expect(idsOf(found).at(-1)).toBe(29_999);
  expect(found.rows.length).toBeGreaterThan(8_000);
  expect(found).toMatchObject({ fromFirst: false, toLast: true });
});

it('what passes by itself is asked again, what stays is told with what was read before', async () => {
  const flaky = await read((query, count) => (count % 2 === 0 ? null : page(ids(0, 14), query)));
  expect(idsOf(flaky)).toHaveLength(15);
  expect(flaky.seen.filter(({ answer }) => answer?.status === 503).length).toBeGreaterThan(0);
  const broken = await read((query, count) => (count > 0 ? null : page(ids(0, 34), query)));
  expect(broken).toMatchObject({ problem: 'It answers 503.', toLast: false });
  expect(broken.rows).toHaveLength(10);
});

it('an answer without the list that the profile tells is a problem', async () => {
  expect((await read(() => ({ data: [] }))).problem).toBe('Its answer has no list at items.');
});

/** A table as PostgREST answers it: filters on the key, order, limit, offset, and the count of what is left. */
async function tableOf(rows: Row[], key: string | null) {
  const url = await serveHttp((request, response) => {
    const json = { 'content-type': 'application/json' };
    if (request.headers.apikey !== 'k')
      return response.writeHead(401, json).end('{"code":"PGRST301","message":"JWT expired"}');
    const query = new URL(request.url!, 'http://x').searchParams;
    const [gt, gte] = ['gt', 'gte'].map((name) =>
      query
        .getAll('id')
        .find((filter) => filter.startsWith(`${name}.`))
        ?.slice(name.length + 1),
    );
    const left = rows.filter(({ id }) => id > Number(gt ?? -1) && id >= Number(gte ?? -1));
    const offset = Number(query.get('offset') ?? 0);
    const shown = left.slice(offset, offset + Number(query.get('limit')));
    response.writeHead(206, { ...json, 'content-range': `0-${shown.length - 1}/${left.length}` });
    return response.end(JSON.stringify(shown));
  });
  const { tables } = profileOf(`name: x
tables:
  - { name: t, url: '${url}', key: { env: K }, table: parts, means: a part, keyColumn: id }
`);
  return readTable(contextOf(key), tables[0]!);
}

it('a table is read with its key, all of it, and of a long one what is newest', async () => {
  const rows = [...ids(0, 999), ...ids(999, 2500)];
  const found = await tableOf(rows, 'k');
  expect(idsOf(found)).toEqual(rows.map(({ id }) => id));
  expect(found).toMatchObject({ total: rows.length, fromFirst: true, toLast: true });
  const long = await tableOf(ids(0, 24_999), 'k');
  expect(idsOf(long).at(-1)).toBe(24_999);
  expect(long).toMatchObject({ total: 25_000, fromFirst: false, toLast: true });
});

it('a table whose key is not here, or is refused, says so in the words of its REST', async () => {
  expect(await tableOf([], null)).toMatchObject({
    problem: 'Its key is not on this machine (environment: K).',
    seen: [],
  });
  expect(await tableOf([], 'old')).toMatchObject({
    problem: 'It answers 401: JWT expired (PGRST301).',
    next: 'Check the key: its signature, and until when it holds.',
  });
});

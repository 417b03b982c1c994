import { afterEach, describe, expect, it } from 'vitest';
import type { HttpService } from './http-service.ts';
import { createLine } from './signal/line.ts';
import { checkAgainst, operationsOf } from '../../common/schema/index.ts';
import { goldenAnswers } from './known-answers.ts';
import { startServices } from './services.ts';
import { scoreOf } from './system/index.ts';

let services: HttpService[] = [];
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
});

const line = createLine(3);
const world = { line, elapsed: () => 60, startedAt: Date.UTC(2026, 0, 1) };
const url = (name: string) => services.find((service) => service.name === name)!.url;
const json = async (address: string) => (await fetch(address)).json() as Promise<Record<string, unknown>>;

describe("the rig's services", () => {
  it('agree with the parts and with each other, page by page', async () => {
    services = await startServices(world, true);
    const parts = line.partsUntil(60 - 1.1);
    const detections = (await json(`${url('cv')}/detections?limit=500`)).items as {
      part: number;
      at: string;
    }[];
    expect(detections.length).toBe(line.partsUntil(60 - 0.4).length);
    const rest = (await json(`${url('cv')}/detections?since=4`)).items as { part: number }[];
    expect(rest[0]!.part).toBe(5);
    const counted = { headers: { prefer: 'count=exact' } };
    const response = await fetch(`${url('table')}/rest/v1/scores?part=gt.2&limit=3`, counted);
    expect(response.headers.get('content-range')).toBe(`0-2/${parts.length - 3}`);
    expect(response.status).toBe(206);
    expect(((await response.json()) as { part: number; score: number }[]).map((row) => row.score)).toEqual(
      parts.slice(3, 6).map(({ label, confidence }) => scoreOf(label, confidence)),
    );
    for (const { url: base } of services) {
      expect((await json(`${base}/health`)).status).toBe('ok');
      const { paths, components } = (await json(`${base}/openapi.json`)) as {
        paths: object;
        components: { schemas: object };
      };
      for (const text of JSON.stringify(paths).matchAll(/schemas\/(\w+)/g))
        expect(components.schemas).toHaveProperty(text[1]!);
    }
    expect(await json(`${url('dashboard')}/api/summary`)).toEqual({
      parts: parts.length,
      ok: parts.filter(({ label }) => label === 'ok').length,
    });
    expect((await json(`${url('cv')}/openapi.json`)).paths as object).toHaveProperty('/detections');
    expect((await fetch(`${url('cv')}/nothing`)).status).toBe(404);
    for (const query of ['since=x', 'limit=501', 'limit=0'])
      expect((await fetch(`${url('cv')}/detections?${query}`)).status).toBe(422);
    expect((await json(`${url('cv')}/detections?since=-9`)).items).toHaveLength(detections.length);
  });

  it('go down and come back on the same port', async () => {
    services = await startServices(world, true);
    const cv = services[0]!;
    await cv.setDown(true);
    await expect(fetch(`${cv.url}/health`)).rejects.toThrow();
    await cv.setDown(false);
    expect((await fetch(`${cv.url}/health`)).status).toBe(200);
  });

  it('answer late when slow, and let go of waiting callers on closing', async () => {
    services = await startServices(world, true);
    const cv = services[0]!;
    cv.setSlow(2_500);
    const late = fetch(`${cv.url}/health`).then(
      () => 'answered',
      () => 'let go',
    );
    const first = await Promise.race([late, fetch(`${url('llm')}/health`).then(() => 'llm')]);
    expect(first).toBe('llm');
    await cv.close();
    expect(await late).toBe('let go');
  });

  it('answer what their own documents say, and nothing that these do not', async () => {
    services = await startServices(world, true);
    let answered = 0;
    for (const { url: base } of services) {
      const document = closed(await json(`${base}/openapi.json`));
      for (const { path, parameters } of operationsOf(document)) {
        if (path === '/metrics') continue;
        const ids = path.includes('{id}') ? Object.keys(goldenAnswers) : [''];
        for (const id of [...ids, ...(path.includes('{id}') ? ['no-such'] : [])]) {
          const response = await fetch(`${base}${path.replace('{id}', id)}`);
          const operation = operationsOf(document).find((each) => each.path === path)!;
          const schema = operation.responses.get(String(response.status));
          expect(schema, `${path} ${response.status}`).toBeDefined();
          const payload: unknown = await response.json();
          expect(checkAgainst(payload, schema, document)).toEqual({
            problems: [],
            unread: [],
            stopped: false,
          });
          answered++;
        }
        for (const { name } of parameters.filter(({ name }) => name === 'query since')) {
          const rows = (await json(`${base}${path}?limit=2&since=4`)).items as { part: number }[];
          expect(
            rows.map(({ part }) => part),
            name,
          ).toEqual([5, 6]);
        }
      }
    }
    expect(answered).toBe(14);
  });

  it('filter, order and cut the table as PostgREST does', async () => {
    services = await startServices(world, true);
    const rest = async (query: string) => {
      const response = await fetch(`${url('table')}/rest/v1/scores?${query}`);
      return { status: response.status, rows: (await response.json()) as { part: number; at: string }[] };
    };
    const { rows: all } = await rest('');
    const parts = async (query: string) => (await rest(query)).rows.map(({ part }) => part);
    expect(await parts('order=part.desc&limit=2')).toEqual([all.length - 1, all.length - 2]);
    expect(await parts('part=gte.2&part=not.gt.4&order=part.asc&offset=1')).toEqual([3, 4]);
    expect(await parts(`at=gt.${all[5]!.at}&limit=1`)).toEqual([6]);
    expect(await parts('label=eq.none')).toEqual([]);
    expect((await rest('colour=eq.red')).status).toBe(400);
    expect((await rest('part=7')).status).toBe(400);
  });
});

/** The same document, where nothing else may stand in an object. */
function closed(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document), (_key, value: unknown) => {
    const isObject = typeof value === 'object' && value !== null && 'properties' in value && 'type' in value;
    return isObject ? { ...value, additionalProperties: false } : value;
  });
}

import { afterEach, describe, expect, it } from 'vitest';
import type { HttpService } from './http-service.ts';
import { createLine } from './signal/line.ts';
import { startServices } from './services.ts';

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
    const response = await fetch(`${url('table')}/rest/v1/scores?part=gt.2&limit=3`);
    expect(response.headers.get('content-range')).toBe(`3-5/${parts.length}`);
    expect(((await response.json()) as { part: number; score: number }[]).map((row) => row.score)).toEqual(
      parts.slice(3, 6).map((part) => part.score),
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
    expect((await fetch(`${url('cv')}/detections?since=x`)).status).toBe(422);
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
});

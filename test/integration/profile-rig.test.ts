import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import {
  checkInvariant,
  instantOf,
  loadProfile,
  parseInvariant,
  parseJsonPath,
  valuesAt,
  type ProfilePath,
} from '../../common/profile/index.ts';
import { createLine } from '../../main/drill/signal/line.ts';
import { startServices } from '../../main/drill/services.ts';
import type { HttpService } from '../../main/drill/http-service.ts';

const file = new URL('../../common/profile/examples/qc-scoring.yaml', import.meta.url);
const profile = loadProfile(readFileSync(file, 'utf8')).profile!;

let services: HttpService[] = [];
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
});

const at = (json: unknown, path: string) => valuesAt(json, parseJsonPath(path).steps);

/** Every row that a path gives, page by page as the profile says how. */
async function rowsOf(base: string, path: ProfilePath): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (;;) {
    const query = new URLSearchParams(path.query);
    const newest = rows.at(-1);
    if (path.since && newest) query.set(path.since.query, String(at(newest, path.since.field)[0]));
    const answer = (await (await fetch(`${base}${path.path}?${query}`)).json()) as unknown;
    const page = path.rows === undefined ? [answer] : (at(answer, path.rows)[0] as unknown[]);
    rows.push(...page);
    if (!path.since || page.length === 0) return rows;
  }
}

it('the shipped profile of the line says what the rig answers: pages, keys, times, fields, invariants', async () => {
  const line = createLine(3);
  services = await startServices({ line, elapsed: () => 1800, startedAt: Date.UTC(2026, 0, 1) }, true);
  let checked = 0;
  for (const { name, health, startedAt, paths } of profile.services) {
    const { url } = services.find((service) => service.name === name)!;
    const answer = await fetch(`${url}${health}`);
    expect(answer.status).toBe(200);
    if (startedAt)
      expect(instantOf(at(await answer.json(), startedAt.field)[0], startedAt.epoch)).not.toBeNull();
    for (const path of paths) {
      const rows = await rowsOf(url, path);
      if (path.key) {
        const keys = rows.map((row) => at(row, path.key!)[0]);
        expect(keys.length).toBeGreaterThan(500);
        expect(new Set(keys).size).toBe(keys.length);
      }
      for (const row of rows) {
        if (path.time) expect(instantOf(at(row, path.time.field)[0], path.time.epoch)).not.toBeNull();
        for (const { field } of path.fields) expect(at(row, field), field).not.toEqual([]);
        for (const text of path.invariants) {
          expect(checkInvariant(parseInvariant(text), row), text).toMatchObject({ holds: true });
          checked++;
        }
      }
    }
  }
  expect(checked).toBeGreaterThan(1000);
});

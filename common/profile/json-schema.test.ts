import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { profileJsonSchema } from './json-schema.ts';

const file = readFileSync(new URL('./profile.schema.json', import.meta.url), 'utf8');

describe('the JSON Schema that is kept for editors', () => {
  it('is that of the profile: `warroom profile schema > common/profile/profile.schema.json` writes it anew', () => {
    expect(JSON.parse(file)).toEqual(profileJsonSchema());
  });

  it('takes the shipped profiles, and not a name that is misspelt', () => {
    const schema = z.fromJSONSchema(JSON.parse(file) as Parameters<typeof z.fromJSONSchema>[0]);
    for (const name of ['qc-scoring', 'web-agent']) {
      const text = readFileSync(new URL(`./examples/${name}.yaml`, import.meta.url), 'utf8');
      const yaml = parse(text) as Record<string, unknown>;
      expect(schema.safeParse(yaml).error?.issues ?? []).toEqual([]);
      expect(schema.safeParse({ ...yaml, layer: [] }).success).toBe(false);
    }
  });

  it('describes the members that stand in a profile', () => {
    const { properties } = JSON.parse(file) as { properties: Record<string, { description?: string }> };
    const said = Object.entries(properties).filter(([, { description }]) => description !== undefined);
    expect(said.map(([name]) => name)).toContain('layers');
    expect(said.length).toBeGreaterThan(8);
  });
});

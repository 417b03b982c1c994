import { describe, expect, it } from 'vitest';
import { checkChain, killOnce, type Moment } from '../fakes/kill-host.ts';
import { verifyInProcess } from '../fakes/verify.ts';

const moments: [Moment, number][] = [
  ['appending', 90],
  ['capturing', 460],
  ['exporting', 800],
  ['exporting', 1450],
  ['capturing', 710],
  ['exporting', 2100],
];

describe('a host killed at any moment', () => {
  it.each(moments)(
    'of %s, after %i ms, loses nothing that it had acknowledged',
    async (moment, delay) => {
      const report = await killOnce(moment, delay);
      const ids = new Set(report.entries.map(({ head }) => head.id));
      expect(report.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      checkChain(report.entries);
      expect(report.captures.closed).toBe(report.captures.started);
      for (const bundle of report.bundles)
        expect(await verifyInProcess(bundle)).toMatchObject({ intact: true });
    },
    30_000,
  );
});

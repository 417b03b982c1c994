import { describe, expect, it } from 'vitest';
import { checkChain, killOnce, type Moment } from '../fakes/kill-host.ts';
import { verifyInProcess } from '../fakes/verify.ts';

const moments: Moment[] = ['appending', 'capturing', 'exporting', 'exporting', 'capturing', 'exporting'];

describe('a host killed at any moment', () => {
  it.each(moments.map((moment, i) => [moment, 60 + ((i * 397) % 900)] as const))(
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

import { describe, expect, it } from 'vitest';
import { checkChain, killOnce, type Moment } from '../fakes/kill-host.ts';
import { verifyInProcess } from '../fakes/verify.ts';

const moments: Moment[] = ['appending', 'capturing', 'exporting'];

describe('a host killed 50 times', () => {
  it('loses nothing that it had acknowledged, and leaves no bundle that verifies wrongly', async () => {
    for (let i = 0; i < 50; i++) {
      const report = await killOnce(moments[i % moments.length]!, Math.floor(Math.random() * 1500));
      const ids = new Set(report.entries.map(({ head }) => head.id));
      expect(report.acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      checkChain(report.entries);
      expect(report.captures.closed).toBe(report.captures.started);
      for (const bundle of report.bundles)
        expect(await verifyInProcess(bundle)).toMatchObject({ intact: true });
    }
  });
});

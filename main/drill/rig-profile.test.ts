import { expect, it } from 'vitest';
import { rigBeamDialects, rigCellDialects } from '../../common/contract/rig-dialects.ts';
import { loadProfile } from '../../common/profile/index.ts';
import { rigProfile } from './rig-profile.ts';

const services = ['cv', 'llm', 'dashboard', 'table'].map((name, i) => ({
  name,
  url: `http://127.0.0.1:${9000 + i}`,
}));
const link = (path: string) => ({ by: 'path' as const, path, baud: 57_600 });

it('is the shipped profile on the rig’s own links, whatever its boards speak', () => {
  for (const cell of rigCellDialects)
    for (const beam of rigBeamDialects) {
      const devices = [
        { id: 'cell-a', name: 'A', dialect: cell, link: link('/dev/a') },
        { id: 'cell-b', name: 'B', dialect: cell, link: link('/dev/b') },
        { id: 'beam', name: 'Beam', dialect: beam, link: link('/dev/c') },
      ];
      const { profile, mistakes } = loadProfile(rigProfile({ devices, services }));
      expect(mistakes, `${cell} ${beam}`).toEqual([]);
      expect(profile!.layers).toHaveLength(4);
      expect(profile!.tables[0]!.url).toBe('http://127.0.0.1:9003');
      expect(profile!.services.map(({ url }) => url)).toEqual(services.map(({ url }) => url));
    }
});

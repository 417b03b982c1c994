import { describe, expect, it } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { createQuietWatch } from './quiet.ts';

const spec: DeviceSpec = {
  id: 'a',
  name: 'A',
  dialect: 'hx711-csv',
  link: { by: 'path', path: '/dev/a', baud: 9600 },
};
const start = 1_795_000_000_000_000;

describe('quiet watch', () => {
  it('gives a board that starts five seconds, and a device that spoke two', () => {
    const quiet = createQuietWatch();
    quiet.opened(start);
    expect(quiet.check(start + 5_000_000, spec)).toBeNull();
    expect(quiet.check(start + 5_000_001, spec)?.code).toBe('quiet');
    quiet.heard(start + 6_000_000);
    expect(quiet.check(start + 8_000_000, spec)).toBeNull();
    expect(quiet.check(start + 8_000_001, spec)).toMatchObject({ code: 'quiet' });
    expect(quiet.lastSign()).toBe(start + 6_000_000);
  });

  it('says when bytes come that are no lines of the dialect', () => {
    const quiet = createQuietWatch();
    quiet.opened(start);
    quiet.bytes();
    const problem = quiet.check(start + 6_000_000, spec);
    expect(problem?.code).toBe('garbled');
    expect(problem?.hint).toContain('baud');
  });
});

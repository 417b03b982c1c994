import { describe, expect, it } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { createQuietWatch, heartbeatOf } from './quiet.ts';

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

  it('waits as long as the device is asked to speak, and five seconds at first at least', () => {
    const quiet = createQuietWatch();
    quiet.opened(start);
    quiet.heard(start + 1);
    const slow: DeviceSpec = { ...spec, heartbeat: 30 };
    expect(quiet.check(start + 30_000_001, slow)).toBeNull();
    expect(quiet.check(start + 30_000_002, slow)?.message).toContain('30 s');
    quiet.opened(start + 40_000_000);
    expect(quiet.check(start + 45_000_000, { ...spec, heartbeat: 0.5 })).toBeNull();
    expect(quiet.check(start + 45_000_001, { ...spec, heartbeat: 0.5 })?.code).toBe('quiet');
    expect(quiet.check(start + 69_000_000, slow)).toBeNull();
  });

  it('calls what speaks each ten seconds lost once, and not again while it keeps to that', () => {
    const quiet = createQuietWatch();
    const at = (seconds: number) => start + seconds * 1e6;
    const check = (seconds: number, of = spec) => quiet.check(at(seconds), of)?.code ?? null;
    quiet.opened(at(0));
    quiet.heard(at(1));
    expect(check(3.1)).toBe('quiet');
    for (const seconds of [11, 21, 31]) {
      quiet.heard(at(seconds));
      expect(check(seconds + 24.9)).toBeNull();
    }
    expect(check(31 + 25.1)).toBe('quiet');
    expect(check(31 + 2.1, { ...spec, heartbeat: 2 })).toBe('quiet');
    // A pause is forgotten as soon as it speaks as before.
    for (let n = 0; n < 9; n++) quiet.heard(at(60 + n / 80));
    expect(check(60 + 8 / 80 + 2.1)).toBe('quiet');
    quiet.opened(at(70));
    quiet.heard(at(71));
    expect(check(73.1)).toBe('quiet');
  });

  it('lets a beam that speaks on change be silent for ever, but not speak something else', () => {
    const quiet = createQuietWatch();
    const beam: DeviceSpec = { ...spec, dialect: 'beam-text' };
    quiet.opened(start);
    expect(quiet.check(start + 3_600_000_000, beam)).toBeNull();
    quiet.heard(start + 3_600_000_000);
    expect(quiet.check(start + 7_200_000_000, beam)).toBeNull();
    quiet.bytes();
    expect(quiet.check(start + 7_200_000_000, beam)?.code).toBe('garbled');
    expect(heartbeatOf(beam)).toBe(0);
    expect(heartbeatOf({ ...spec, dialect: 'tegrastats' })).toBe(5);
    expect(heartbeatOf({ ...beam, heartbeat: 3 })).toBe(3);
  });
});

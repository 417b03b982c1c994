import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorNow, createClock } from './clock.ts';

describe("the host's clock", () => {
  it('counts integer microseconds from its anchor and never steps back', () => {
    const anchor = anchorNow();
    const clock = createClock(anchor);
    let last = 0;
    for (let i = 0; i < 1000; i++) {
      const mono = clock.mono();
      expect(Number.isSafeInteger(mono)).toBe(true);
      expect(mono).toBeGreaterThanOrEqual(last);
      last = mono;
    }
    expect(clock.now()).toBeGreaterThanOrEqual(anchor.wall + last);
    expect(Math.abs(clock.now() - Date.now() * 1000)).toBeLessThan(1_000_000);
    expect(clock.boot).toBe(anchor.boot);
  });

  it('names each start differently', () => {
    expect(anchorNow().boot).not.toBe(anchorNow().boot);
  });

  it('does not follow the wall clock after its anchor', () => {
    const { hrtime } = anchorNow();
    expect(createClock({ boot: 'b', wall: 5_000_000, hrtime }).now()).toBeLessThan(5_000_000 + 10_000_000);
  });

  it('is the same in another process that has the same anchor', () => {
    const anchor = anchorNow();
    const clock = createClock(anchor);
    const file = fileURLToPath(new URL('./clock.ts', import.meta.url));
    const script = `const { createClock } = await import(${JSON.stringify(file)});
      process.stdout.write(String(createClock(${JSON.stringify(anchor)}).now()));`;
    const before = clock.now();
    const there = Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
    );
    expect(there).toBeGreaterThan(before);
    expect(there).toBeLessThan(clock.now());
  });
});

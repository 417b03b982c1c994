import { afterEach, expect, test, vi } from 'vitest';
import { findChromium, findProgram, hasDisplay, installCommand, isUnattended, mayInstall } from './system.ts';

afterEach(() => vi.unstubAllEnvs());

test('tests install only where nobody is asked, or where a person said so', () => {
  expect(mayInstall({})).toBe(false);
  expect(mayInstall({ CI: '1' })).toBe(true);
  expect(mayInstall({ WARROOM_INSTALL: '1' })).toBe(true);
  expect(isUnattended({ WARROOM_INSTALL: '1' })).toBe(false);
});

test('the one command installs nothing that was not asked for', () => {
  expect(installCommand).toMatch(/^apt-get install -y --no-install-recommends chromium /);
});

test('a given CHROME_PATH is taken or nothing is, never another browser in its place', async () => {
  vi.stubEnv('CHROME_PATH', process.execPath);
  expect(await findChromium()).toBe(process.execPath);
  vi.stubEnv('CHROME_PATH', '/nowhere/chromium');
  expect(await findChromium()).toBeNull();
});

test('a program is found on PATH, or is not there', () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(findProgram('node')).toBeNull();
});

test.runIf(process.platform === 'linux')('a display is X or Wayland', () => {
  expect(hasDisplay({})).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' })).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
});

import { expect, test } from 'vitest';
import { defaultPort, readDesktopFlags } from './flags.ts';

test('flags are read beside Chromium switches and folders', () => {
  expect(readDesktopFlags([])).toEqual({ drill: false, data: null, port: defaultPort });
  expect(readDesktopFlags(['--drill', '--data', '/rooms/x', '--port', '0', '--enable-logging'])).toEqual({
    drill: true,
    data: '/rooms/x',
    port: 0,
  });
});

test('a port that is none is refused with what to do', () => {
  expect(() => readDesktopFlags(['--port', 'seven'])).toThrow(/whole number/);
  expect(() => readDesktopFlags(['--port', '70000'])).toThrow(/whole number/);
});

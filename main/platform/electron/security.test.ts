import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  isOwnUrl,
  mayHavePorts,
  mayNavigate,
  mayUse,
  pageFile,
  pageHeaders,
  pageUrl,
  ticketOf,
  webPreferences,
} from './security.ts';

describe('addresses', () => {
  test('only the exact scheme and host are our own', () => {
    expect(isOwnUrl(pageUrl)).toBe(true);
    for (const address of [
      'app://warroom.evil.example/',
      'app://evil/',
      'app://user@warroom/',
      'app://warroom:80/',
      'apps://warroom/',
      'https://warroom/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'about:blank',
      '',
    ]) {
      expect(isOwnUrl(address), address).toBe(false);
    }
  });

  test('a window may load its page again and go nowhere else', () => {
    expect(mayNavigate('app://warroom/')).toBe(true);
    expect(mayNavigate('app://warroom/index.html#rung=2')).toBe(true);
    expect(mayNavigate('app://warroom/ticket/0123456789abcdef')).toBe(false);
    expect(mayNavigate('https://example.org/')).toBe(false);
    expect(mayNavigate('data:text/html,x')).toBe(false);
  });
});

describe('files of the page', () => {
  const folder = join('/app', 'out', 'renderer');

  test('the root is index.html, and a file below the folder is itself', () => {
    expect(pageFile('app://warroom/', folder)).toBe(join(folder, 'index.html'));
    expect(pageFile('app://warroom/assets/index-1.js?x=1#y', folder)).toBe(
      join(folder, 'assets', 'index-1.js'),
    );
  });

  test('no spelling leads out of the folder', () => {
    for (const path of [
      '..%2f..%2fmain/host.js',
      '%2e%2e/%2e%2e/etc/passwd',
      '..%5c..%5cmain',
      'assets/%2e%2e%2f%2e%2e%2fpreload/preload.cjs',
      '%00',
      '%ff',
      '..%2frenderer-other/x',
    ]) {
      const file = pageFile(`app://warroom/${path}`, folder);
      expect(file === null || file.startsWith(folder + '/'), path).toBe(true);
    }
    expect(pageFile('app://warroom/..%2fmain/host.js', folder)).toBeNull();
    expect(pageFile('app://other/index.html', folder)).toBeNull();
  });

  test('a ticket is a path of its own of safe characters', () => {
    expect(ticketOf('app://warroom/ticket/0123456789abcdef_-Z')).toBe('0123456789abcdef_-Z');
    expect(ticketOf('app://warroom/ticket/short')).toBeNull();
    expect(ticketOf('app://warroom/ticket/0123456789abcdef/../x')).toBeNull();
    expect(ticketOf('app://evil/ticket/0123456789abcdef')).toBeNull();
  });
});

test('ports go to our own top frame alone', () => {
  expect(mayHavePorts({ url: pageUrl, parent: null })).toBe(true);
  expect(mayHavePorts({ url: pageUrl, parent: {} })).toBe(false);
  expect(mayHavePorts({ url: 'https://example.org/', parent: null })).toBe(false);
  expect(mayHavePorts(null)).toBe(false);
});

test('permissions are denied, also those that no one thought of', () => {
  for (const permission of [
    'geolocation',
    'media',
    'serial',
    'usb',
    'hid',
    'openExternal',
    'fileSystem',
    'local-network-access',
    'loopback-network',
    'clipboard-read',
    'something-new',
  ]) {
    expect(mayUse(permission, pageUrl), permission).toBe(false);
  }
  expect(mayUse('clipboard-sanitized-write', pageUrl)).toBe(true);
  expect(mayUse('clipboard-sanitized-write', 'https://example.org/')).toBe(false);
});

test('the page runs no foreign or inline script and is framed by nobody', () => {
  const policy = pageHeaders['Content-Security-Policy'] ?? '';
  const directives = new Map(
    policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1).join(' ')] as const),
  );
  expect(directives.get('default-src')).toBe("'none'");
  expect(directives.get('script-src')).toBe("'self'");
  expect(directives.get('frame-ancestors')).toBe("'none'");
  expect(directives.get('base-uri')).toBe("'none'");
  expect(policy).not.toContain('unsafe-eval');
});

test('a window has the sandbox, an isolated preload and no Node', () => {
  expect(webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

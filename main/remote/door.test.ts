import { describe, expect, it } from 'vitest';
import { blobHeaders, whyRefused, type Knock } from './door.ts';

const own: Knock = { method: 'GET', isUpgrade: false, host: '127.0.0.1:7000', origin: undefined };

describe('the loopback door', () => {
  it('lets the room’s own page in', () => {
    expect(whyRefused(own, 7000)).toBeNull();
    expect(whyRefused({ ...own, method: 'POST', origin: 'http://127.0.0.1:7000' }, 7000)).toBeNull();
    expect(whyRefused({ ...own, isUpgrade: true, origin: 'http://127.0.0.1:7000' }, 7000)).toBeNull();
  });

  it.each(['localhost:7000', '127.0.0.1', '127.0.0.1:7001', 'evil.example', '[::1]:7000', undefined])(
    'refuses the Host %s',
    (host) => {
      expect(whyRefused({ ...own, host }, 7000)).toMatch(/Host/);
    },
  );

  it.each(['http://localhost:7000', 'https://127.0.0.1:7000', 'http://127.0.0.1:7001', 'null', undefined])(
    'refuses the Origin %s on upgrades and everything but GET',
    (origin) => {
      expect(whyRefused({ ...own, isUpgrade: true, origin }, 7000)).toMatch(/Origin/);
      expect(whyRefused({ ...own, method: 'POST', origin }, 7000)).toMatch(/Origin/);
    },
  );

  it('shows blobs in a sandbox, their names encoded', () => {
    const headers = blobHeaders('text/html', `a"b\r\nX: y'.html`, true);
    expect(headers['Content-Security-Policy']).toBe("sandbox; default-src 'none'");
    expect(headers['Content-Disposition']).not.toMatch(/[\r\n"]/);
  });
});

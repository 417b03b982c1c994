import type { RequestListener, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { profileOf, runAll, serveHttp } from '../../../../test/fakes/check-room.ts';
import { createServiceCheck } from './service.ts';

async function found(listener: RequestListener, more = '') {
  const url = await serveHttp(listener);
  const profile = profileOf(`name: x\nservices:\n  - { name: cv, url: ${url}, timeoutMs: 120${more} }\n`);
  const [outcome] = await runAll([createServiceCheck(1)], profile);
  return outcome!;
}

const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
/** As `listener`, but every nth request fails. */
function failing(every: number): RequestListener {
  let count = 0;
  return (_request, response) => {
    count++;
    json(response, { status: 'ok' }, count % every === 0 ? 503 : 200);
  };
}

describe('a service', () => {
  it('that answers passes, with what its answers were', async () => {
    const outcome = await found(
      (_request, response) => json(response, { status: 'ok' }),
      ', expectedMs: 500',
    );
    expect(outcome).toMatchObject({ check: 'tools.service cv', rung: 3, result: 'pass' });
    expect(outcome.says).toMatch(/^cv answers: median .* of 9 probes\.$/);
    const [evidence] = outcome.evidence!;
    expect(new TextDecoder().decode(evidence!.bytes)).toMatch(/HTTP 200[^]*\{"status":"ok"\}/);
  });

  it.each([
    ['never answers', () => undefined, 'does not answer. (ETIMEDOUT)'],
    ['answers 500', (_q, r) => json(r, {}, 500), 'It answers 500.'],
    ['wants a key', (_q, r) => json(r, {}, 401), 'it wants to know who asks'],
    [
      'sends elsewhere',
      (_q, r) => r.writeHead(302, { location: '/login' }).end(),
      'sends elsewhere (/login)',
    ],
    [
      'hides an error in a 200',
      (_q, r) => json(r, { error: 'CUDA out of memory' }),
      'error: CUDA out of memory',
    ],
    ['says that it is not well', (_q, r) => json(r, { status: 'degraded' }), 'status: degraded'],
    [
      'answers with a page where JSON is told',
      (_q, r) => r.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
      'what comes is none',
    ],
    [
      'answers what is no UTF-8',
      (_q, r) =>
        r.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0x22, 0xff, 0x22])),
      'what comes is none',
    ],
    ['is reset', (q) => q.socket.destroy(), 'ECONNRESET'],
  ] satisfies [string, RequestListener, string][])('that %s fails', async (_what, listener, says) => {
    const outcome = await found(listener);
    expect(outcome.result).toBe('fail');
    // What waits for its whole time is not asked nine times.
    expect(outcome.says).toMatch(
      says.includes('ETIMEDOUT') ? /3 of 3 probes failed/ : /9 of 9 probes failed/,
    );
    expect(outcome.says).toContain(says);
    expect(outcome.next).not.toBe('');
  });

  it.each([
    [
      'has an error inside',
      (r) => json(r, { error: 'database is locked' }),
      'says error: database is locked',
    ],
    [
      'is a page to sign in',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<form>'),
      'no JSON',
    ],
    ['is cut', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[{"a'), 'none'],
    [
      'comes from a cache',
      (r) => json(r.setHeader('age', '300'), { items: [] }),
      'from a cache, with what was 300 s ago',
    ],
  ] satisfies [string, (r: ServerResponse) => unknown, string][])(
    'that is well by its own word, and a path of which %s, fails',
    async (_what, answer, says) => {
      const listener: RequestListener = ({ url }, r) =>
        url === '/health' ? json(r, { status: 'ok' }) : void answer(r);
      const paths = ', paths: [{ path: /rows, means: a row, rows: items }]';
      const outcome = await found(listener, paths);
      expect(outcome.result).toBe('fail');
      expect(outcome.says).toContain('cv is well by its own word, but not /rows');
      expect(outcome.says).toContain(says);
      expect(outcome.evidence).toHaveLength(2);
      const well: RequestListener = ({ url }, r) =>
        json(r, url === '/health' ? { status: 'ok' } : { items: [] });
      expect((await found(well, paths)).result).toBe('pass');
    },
  );

  it('that is not there fails', async () => {
    const profile = profileOf('name: x\nservices:\n  - { name: cv, url: "http://127.0.0.1:1" }\n');
    const [outcome] = await runAll([createServiceCheck(1)], profile);
    expect(outcome).toMatchObject({ result: 'fail' });
    expect(outcome!.says).toContain('Nobody takes the connection. (ECONNREFUSED)');
  });

  it('is told by the share of probes that failed', async () => {
    expect((await found(failing(9))).result).toBe('pass');
    expect((await found(failing(9))).says).toContain('One of 9 probes failed: It answers 503.');
    expect((await found(failing(4))).result).toBe('warn');
    expect((await found(failing(3))).result).toBe('fail');
  });

  it('that is slow fails, where the profile says what is usual', async () => {
    const slow: RequestListener = (_request, response) => void setTimeout(() => json(response, {}), 60);
    expect((await found(slow)).result).toBe('pass');
    const outcome = await found(slow, ', expectedMs: 20');
    expect(outcome.result).toBe('fail');
    expect(outcome.says).toMatch(/^cv is slow: median \d+ ms/);
  });

  it('whose clock is off says by how much', async () => {
    const off =
      (seconds: number): RequestListener =>
      (_request, response) => {
        response.setHeader('date', new Date(Date.now() + seconds * 1000).toUTCString());
        json(response, {});
      };
    expect((await found(off(0))).result).toBe('pass');
    expect((await found(off(-5))).result).toBe('warn');
    const outcome = await found(off(90));
    expect(outcome.result).toBe('fail');
    expect(outcome.says).toMatch(/^The clock of cv is (89|90)\.\d s ahead/);
  });
});

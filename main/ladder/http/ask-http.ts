import http from 'node:http';
import https from 'node:https';
import { isIP, type Socket } from 'node:net';
import { messageOf } from '../../../common/lib/errors.ts';
import type { AskHttp, HttpAnswer, HttpObservation, HttpPhase, HttpRequest } from './types.ts';

const usualTimeout = 3_000;
const usualMost = 4 * 1024 * 1024;

/**
 * Asks with a connection of its own each time, so that every step is seen: name, TCP, TLS, the head of the answer, its body.
 * A body is taken up to a bound, and all of it within a bound of time: what hangs, streams forever or is huge ends here.
 */
export function createAskHttp(now: () => number): AskHttp {
  return async (request) => {
    const watch = createWatch(request.url, now());
    const { timeoutMs = usualTimeout, signal } = request;
    const target = urlOf(request.url);
    if (!target) return watch.failed('ERR_INVALID_URL', 'This is no HTTP address.');
    const timeout = AbortSignal.timeout(timeoutMs);
    const ending = signal ? AbortSignal.any([signal, timeout]) : timeout;
    try {
      return watch.answered(await exchange(target, request, ending, watch));
    } catch (error) {
      if (timeout.aborted) return watch.failed('ETIMEDOUT', `No end within ${timeoutMs} ms.`);
      return watch.failed((error as NodeJS.ErrnoException).code ?? 'ERROR', messageOf(error));
    }
  };
}

function urlOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
}

type Watch = ReturnType<typeof createWatch>;

/** Notes when each step of a request is done. */
function createWatch(url: string, sent: number) {
  const started = performance.now();
  const elapsed = () => Math.round((performance.now() - started) * 1000) / 1000;
  const steps: Pick<HttpObservation, 'dns' | 'tcp' | 'tls' | 'head'> = {
    dns: null,
    tcp: null,
    tls: null,
    head: null,
  };
  let phase: HttpPhase = 'url';
  const end = () => ({ url, sent, ...steps, total: elapsed() });
  return {
    begin: (next: HttpPhase) => (phase = next),
    done(step: keyof typeof steps, next: HttpPhase) {
      steps[step] = elapsed();
      phase = next;
    },
    answered: (answer: HttpAnswer): HttpObservation => ({ ...end(), answer, failure: null }),
    failed: (code: string, message: string): HttpObservation => ({
      ...end(),
      answer: null,
      failure: { phase, code, message },
    }),
  };
}

function exchange(url: URL, request: HttpRequest, signal: AbortSignal, watch: Watch): Promise<HttpAnswer> {
  const { method = 'GET', headers, body, mostBytes = usualMost } = request;
  const isSecure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const asking = (isSecure ? https : http).request(url, {
      method,
      agent: false,
      signal,
      headers: { accept: 'application/json, */*;q=0.5', 'accept-encoding': 'identity', ...headers },
    });
    watch.begin(isIP(url.hostname.replace(/^\[|\]$/g, '')) ? 'tcp' : 'dns');
    asking.once('socket', (socket) => follow(socket, isSecure, watch));
    asking.once('error', reject);
    asking.once('response', (response) => {
      watch.done('head', 'body');
      take(response, mostBytes).then(resolve, reject);
    });
    asking.end(body);
  });
}

function follow(socket: Socket, isSecure: boolean, watch: Watch): void {
  socket.once('lookup', (error: Error | null) => !error && watch.done('dns', 'tcp'));
  socket.once('connect', () => watch.done('tcp', isSecure ? 'tls' : 'answer'));
  socket.once('secureConnect', () => watch.done('tls', 'answer'));
}

/** Takes the body up to `most` bytes; what comes after is not waited for. */
async function take(response: http.IncomingMessage, most: number): Promise<HttpAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early hangs up.
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > most) break;
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  return {
    status: response.statusCode ?? 0,
    headers,
    body: Buffer.concat(parts).subarray(0, most),
    isCut: bytes > most,
  };
}

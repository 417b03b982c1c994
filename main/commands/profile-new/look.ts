import { fromSystem, messageOf } from '../../../common/lib/errors.ts';

/** What lies at an address. `problem` says why nothing of use does; null where it answered with 2xx. */
export interface Found {
  status: number | null;
  type: string;
  text: string;
  millis: number;
  problem: string | null;
}

export interface LookOptions {
  timeoutMs: number;
  headers?: Record<string, string>;
}

const mostBytes = 2 * 1024 * 1024;

/** Asks once, with GET. Never throws: a system that does not answer is something that was found, too. */
export async function look(url: string, { timeoutMs, headers = {} }: LookOptions): Promise<Found> {
  const started = performance.now();
  const found = (rest: Partial<Found>): Found => ({
    status: null,
    type: '',
    text: '',
    problem: null,
    ...rest,
    millis: Math.round(performance.now() - started),
  });
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json, text/plain;q=0.9, */*;q=0.1', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status } = response;
    const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
    const text = await boundedText(response);
    if (text === null) return found({ status, type, problem: 'answered more than 2 MiB' });
    return found({ status, type, text, problem: statusProblem(status, response.headers.get('location')) });
  } catch (error) {
    const isLate = (error as Error).name === 'TimeoutError';
    const why = isLate
      ? `did not answer within ${timeoutMs} ms`
      : messageOf(fromSystem((error as Error).cause ?? error, 'did not answer'));
    return found({ problem: why });
  }
}

/** Null for more than is read. The rest is left with the sender. */
async function boundedText(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > mostBytes) return null;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function statusProblem(status: number, location: string | null): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) return `answered ${status}: it wants to know who asks`;
  if (status >= 300 && status < 400 && location)
    return `answered ${status}: it sends elsewhere, to ${location}`;
  return `answered ${status}`;
}

/** The JSON that was found; undefined where it is none. */
export function jsonOf({ text, problem }: Found): unknown {
  if (problem !== null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A login page in place of an answer is common: what it is not is all that is said of it.
    return undefined;
  }
}

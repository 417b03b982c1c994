import { fromSystem, WarroomError } from '../../common/lib/errors.ts';

/** One answer over HTTP. Times are microseconds since 1970 on the host's axis. */
export interface Answered {
  text: string;
  type: string;
  sent: number;
  /** When the head of the answer was there. */
  received: number;
  /** What its Date says, microseconds since 1970 (whole seconds); null without one. */
  date: number | null;
}

export interface AskOptions {
  timeoutMs: number;
  signal: AbortSignal;
  now(): number;
}

const mostBytes = 4 * 1024 * 1024;

/**
 * Asks for a page. Redirects are not followed: the service named is the one watched. Rejects with `unavailable` (no
 * answer in time, or a status over 299) or `bad-input` (more than 4 MiB).
 */
export async function ask(url: string, options: AskOptions): Promise<Answered> {
  const { timeoutMs, signal, now } = options;
  const sent = now();
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'application/json, text/plain;q=0.9' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const received = now();
    const text = await boundedText(response, url);
    if (!response.ok) throw badStatus(url, response.status);
    const type = response.headers.get('content-type') ?? '';
    return { text, type, sent, received, date: dateOf(response.headers.get('date')) };
  } catch (error) {
    throw explained(error, url, timeoutMs);
  }
}

/** The answer as JSON. Throws `bad-input`, naming what came instead. */
export function jsonOf({ text, type }: Answered, url: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const what = type.split(';')[0] || 'something of no type';
    throw new WarroomError(
      'bad-input',
      `${url} answered ${what} that is no JSON.`,
      'A login page or a proxy may answer in its place: open the address in a browser.',
    );
  }
}

async function boundedText(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > mostBytes)
      throw new WarroomError('bad-input', `${url} answered more than 4 MiB.`, 'Ask for less at a time.');
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

export function badStatus(url: string, status: number): WarroomError {
  const where = status >= 300 && status < 400 ? 'It sends elsewhere: give the final address.' : '';
  const denied = status === 401 || status === 403 ? 'It wants to know who asks.' : '';
  return new WarroomError('unavailable', `${url} answered ${status}.`, where || denied || 'Look at its log.');
}

/** What fetch throws hides the system's error in its cause. */
export function explained(error: unknown, url: string, timeoutMs: number): WarroomError {
  if ((error as Error).name === 'TimeoutError')
    return new WarroomError(
      'unavailable',
      `${url} did not answer within ${timeoutMs} ms.`,
      'Check whether it is busy, and the network on the way.',
    );
  return fromSystem((error as Error).cause ?? error, `GET ${url}`);
}

function dateOf(header: string | null): number | null {
  const millis = header === null ? NaN : Date.parse(header);
  return Number.isNaN(millis) ? null : millis * 1000;
}

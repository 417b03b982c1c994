/** Answers that a service sends by itself: server-sent events, or a WebSocket. */
import { createParser } from 'eventsource-parser';
import { WebSocket } from 'ws';
import { WarroomError } from '../../common/lib/errors.ts';
import { badStatus, explained } from './ask.ts';

export interface StreamOptions {
  timeoutMs: number;
  signal: AbortSignal;
  onOpen(): void;
  onMessage(text: string): void;
}

const longestMessage = 1024 * 1024;

/** Reads events until the service ends them, which rejects with why, or until `signal` aborts, which resolves. */
export async function readEvents(url: string, options: StreamOptions): Promise<void> {
  const { timeoutMs, signal } = options;
  const opening = new AbortController();
  const late = setTimeout(
    () => opening.abort(new DOMException('no head in time', 'TimeoutError')),
    timeoutMs,
  );
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.any([signal, opening.signal]),
    });
    clearTimeout(late);
    if (!response.ok) throw badStatus(url, response.status);
    options.onOpen();
    await pump(response, url, options);
    throw new WarroomError('unavailable', `${url} ended its events.`, 'It is asked again by itself.');
  } catch (error) {
    if (!signal.aborted) throw explained(error, url, timeoutMs);
  } finally {
    clearTimeout(late);
  }
}

async function pump(response: Response, url: string, { onMessage }: StreamOptions): Promise<void> {
  let failure: Error | null = null;
  const parser = createParser({
    maxBufferSize: longestMessage,
    onEvent: ({ data }) => onMessage(data),
    // Lines that are none are skipped, as browsers do; only what would not end ends the stream.
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') failure = error;
    },
  });
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    parser.feed(decoder.decode(part, { stream: true }));
    if (failure)
      throw new WarroomError('bad-input', `An event of ${url} is over 1 MiB.`, 'Send smaller ones.');
  }
}

/** As `readEvents`, over a WebSocket at the same address. */
export function readSocket(url: string, options: StreamOptions): Promise<void> {
  const { timeoutMs, signal, onOpen, onMessage } = options;
  const address = url.replace(/^http/, 'ws');
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, {
      handshakeTimeout: timeoutMs,
      maxPayload: longestMessage,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const stop = () => socket.terminate();
    signal.addEventListener('abort', stop);
    const settle = (why: Error) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) resolve();
      else reject(explained(why, address, timeoutMs));
    };
    socket.on('open', onOpen);
    socket.on('message', (data, isBinary) => {
      // Small text frames only are spoken of in the contract: binary ones are somebody else's.
      if (!isBinary) onMessage((data as Buffer).toString('utf8'));
    });
    socket.on('error', (error) => settle(error));
    socket.on('close', (code) =>
      settle(
        new WarroomError('unavailable', `${address} closed (${code}).`, 'It is opened again by itself.'),
      ),
    );
    if (signal.aborted) stop();
  });
}

/** Owns PTYs, so that a fault in them costs no one else anything. Speaks common/wire/pty-messages.ts with the host. */
import { messageOf } from '../../common/lib/errors.ts';
import type { PtyReply, PtyRequest } from '../../common/wire/pty-messages.ts';
import { parentPort } from '../parent-port.ts';
import { openPair, type Pair } from './pair.ts';
import { startShell, type Shell } from './shell.ts';

type Of<T extends PtyRequest['type']> = Extract<PtyRequest, { type: T }>;

const port = parentPort();
const post = (reply: PtyReply) => port.post(reply);
const shells = new Map<string, Shell>();
const pairs = new Map<string, Pair>();

function spawn({ id, file, args, cwd, env, cols, rows }: Of<'spawn'>): void {
  const shell = startShell(
    file,
    args,
    { cwd, env, cols, rows },
    {
      output: (bytes) => post({ type: 'output', id, bytes }),
      inputDropped: (bytes) => post({ type: 'input.dropped', id, bytes }),
      exit: (exit, signal) => {
        shells.delete(id);
        post({ type: 'exit', id, exit, signal });
      },
    },
  );
  shells.set(id, shell);
  post({ type: 'started', id, pid: shell.pid });
}

function open({ id, link }: Of<'pair.open'>): void {
  pairs.get(id)?.close();
  pairs.delete(id);
  const pair = openPair(link, {
    data: (bytes) => post({ type: 'pair.data', id, bytes }),
    dropped: (bytes) => post({ type: 'pair.dropped', id, bytes }),
  });
  pairs.set(id, pair);
  post({ type: 'pair.opened', id, path: pair.path });
}

function close({ id }: Of<'pair.close'>): void {
  pairs.get(id)?.close();
  pairs.delete(id);
  post({ type: 'pair.closed', id });
}

/** What is asked of a shell or pair that has just ended crossed its end on the way: nothing to do. */
function handle(request: PtyRequest): void {
  switch (request.type) {
    case 'spawn':
      return spawn(request);
    case 'input':
      return shells.get(request.id)?.input(request.bytes);
    case 'resize':
      return shells.get(request.id)?.resize(request.cols, request.rows);
    case 'taken':
      return shells.get(request.id)?.taken(request.bytes);
    case 'kill':
      return shells.get(request.id)?.kill(request.signal);
    case 'pair.open':
      return open(request);
    case 'pair.write':
      return pairs.get(request.id)?.write(request.bytes);
    case 'pair.close':
      return close(request);
  }
}

port.onMessage((message) => {
  const request = message as PtyRequest;
  try {
    handle(request);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? null;
    post({ type: 'failed', id: request.id, of: request.type, message: messageOf(error), code });
  }
});
// Ended by the host: links go with their pairs.
process.on('SIGTERM', () => process.exit(0));
process.on('exit', () => {
  for (const pair of pairs.values()) pair.close();
});

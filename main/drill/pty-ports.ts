import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WarroomError } from '../../common/lib/errors.ts';
import type { PtyReply, PtyRequest } from '../../common/wire/pty-messages.ts';
import type { Child } from '../platform/types.ts';
import type { BoardPort, BoardPorts } from './ports.ts';

/** The baud rate is only a number on a PTY; it is the one that such firmware uses. */
const baud = 57_600;

/** Virtual lines as PTY pairs in a pty-host of their own, never with people's shells. */
export function createPtyPorts(fork: () => Child): BoardPorts {
  const host = fork();
  const waiting = new Map<string, (reply: PtyReply | null) => void>();
  const lines = new Map<string, LineLog>();
  let isGone = false;
  host.onMessage((message) => {
    const reply = message as PtyReply;
    // What is written to a board: these boards take no commands.
    if (reply.type === 'pair.data') return;
    if (reply.type === 'pair.dropped') return lines.get(reply.id)?.dropped();
    if (reply.type === 'failed' && reply.of === 'pair.write')
      return lines.get(reply.id)?.failed(reply.message);
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  host.onExit(() => {
    isGone = true;
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
  });

  /** One request of a pair at a time: boards are plugged and unplugged one after another. */
  async function ask(request: Extract<PtyRequest, { type: 'pair.open' | 'pair.close' }>): Promise<PtyReply> {
    const reply = isGone
      ? null
      : await new Promise<PtyReply | null>((resolve) => {
          waiting.set(request.id, resolve);
          host.post(request);
        });
    if (reply === null)
      throw new WarroomError('unavailable', "The rig's pty-host has ended.", 'Start the drill again.');
    if (reply.type === 'failed')
      throw new WarroomError(
        'unavailable',
        `The rig could not open a serial line: ${reply.message}`,
        'Close some terminals.',
      );
    return reply;
  }

  return {
    async open(id, linkPath, log): Promise<BoardPort> {
      await mkdir(dirname(linkPath), { recursive: true });
      const plug = async () => {
        lines.set(id, createLineLog(id, log));
        await ask({ type: 'pair.open', id, link: linkPath });
      };
      const unplug = async () => void (await ask({ type: 'pair.close', id }));
      await plug();
      return {
        link: { by: 'path', path: linkPath, baud },
        write: (bytes) => host.post({ type: 'pair.write', id, bytes } satisfies PtyRequest),
        unplug,
        plug,
        close: () => (isGone ? Promise.resolve() : unplug()),
      };
    },
    close: () => host.kill(),
  };
}

/** What is told of one line from its opening on. */
interface LineLog {
  dropped(): void;
  failed(message: string): void;
}

/** Each loss is told once an opening: a line that nobody reads would lose something ten times a second. */
function createLineLog(id: string, log: (message: string) => void): LineLog {
  const told = new Set<string>();
  const once = (message: string) => {
    if (!told.has(message)) log(message);
    told.add(message);
  };
  return {
    dropped: () =>
      once(`The rig's line ${id} is not read in time: what its board prints meanwhile is dropped`),
    failed: (message) => once(`The rig's line ${id} could not be written to: ${message}`),
  };
}

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOscScanner } from '../../common/wire/osc.ts';
import { createCommandTracker, type CommandEvent } from './commands.ts';
import { createTail } from './tail.ts';

const nonce = 'secret';
const mark = (text: string) => `\x1b]${text}\x07`;
const own = (code: string, number: number, ...params: string[]) =>
  mark(['633;' + code, ...params, `${nonce}-${number}`].join(';'));
const begin = (number: number, line: string) =>
  own('A', number) + '$ ' + own('E', number, line) + own('C', number);

/** What a tracker makes of an output. Its clock counts segments. */
function follow(output: string, end?: number | null): CommandEvent[] {
  const scanner = createOscScanner();
  const tracker = createCommandTracker(nonce, '/');
  const bytes = new TextEncoder().encode(output);
  const segments = [...scanner.scan(bytes), ...scanner.end()];
  const events = segments.flatMap((segment, index) => tracker.take(segment, index * 1000));
  return end === undefined ? events : [...events, ...tracker.end(bytes.length, end, 1e6)];
}

const said = (events: CommandEvent[]) =>
  events.map((event) =>
    event.kind === 'started' ? `${event.quality}: ${event.line}` : `exit ${event.exit}`,
  );
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the tracker', () => {
  it('takes only marks with the nonce and the number of the prompt', () => {
    const output =
      begin(1, 'ls') +
      'a' +
      mark('633;D;0') +
      mark('633;D;0;other-1') +
      own('D', 0, '0') +
      own('D', 2, '0') +
      own('C', 1) +
      own('D', 1, '7');
    const events = follow(output);
    expect(said(events)).toEqual(['shell: ls', 'exit 7']);
    const ended = events[1]!;
    if (ended.kind !== 'ended') throw new Error('not an end');
    expect(ended.digest).toBe(digestOf(output.slice(ended.from, ended.to)));
  });

  it('ends a command whose end never came when the next prompt does, with an exit that is not known', () => {
    expect(said(follow(begin(1, 'a') + begin(2, 'b') + own('D', 2, '')))).toEqual([
      'shell: a',
      'exit null',
      'shell: b',
      'exit null',
    ]);
  });

  it('ends what still runs with the session', () => {
    expect(said(follow(begin(1, 'exit 3') + 'bye', 3))).toEqual(['shell: exit 3', 'exit 3']);
  });

  it('ignores the 133 marks of the prompt that has marks of ours', () => {
    const both = own('A', 1) + mark('133;A') + '$ ' + mark('133;B') + 'x' + own('E', 1, 'x') + own('C', 1);
    expect(said(follow(both + mark('133;C') + mark('133;D;0') + own('D', 1, '0')))).toEqual([
      'shell: x',
      'exit 0',
    ]);
  });

  it('makes marked commands of 133 alone, but not without end', () => {
    const one =
      mark('133;A') +
      '$ ' +
      mark('133;B') +
      '\x1b[1mls\x1b[0m -l\r\n' +
      mark('133;C') +
      'x' +
      mark('133;D;2');
    expect(said(follow(one))).toEqual(['marked: ls -l', 'exit 2']);
    expect(follow(one.repeat(1500)).length).toBe(2000);
  });

  it('cuts a line that is too long for an entry, and says so', () => {
    const [started] = said(follow(mark('133;A') + begin(1, 'x'.repeat(30_000))));
    expect(started).toMatch(/x … \(cut: 30000 characters\)$/);
    expect(started!.length).toBeLessThan(20_010);
  });
});

describe('a tail', () => {
  it('keeps the last bytes, wherever they wrap', () => {
    const tail = createTail(10, 3);
    let all = '...';
    for (const text of ['abc', 'defghijk', '', 'lmnopqrstuvwxyzabcdefg', 'hi']) {
      tail.add(new TextEncoder().encode(text));
      all += text;
      expect(tail.end).toBe(all.length);
      expect(tail.start).toBe(Math.max(3, all.length - 10));
      expect(new TextDecoder().decode(tail.read(tail.start, 100))).toBe(all.slice(tail.start));
      expect(new TextDecoder().decode(tail.read(tail.end - 1, 1))).toBe(all.at(-1));
    }
  });
});

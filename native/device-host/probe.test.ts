import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DeviceLink, ProbeReport } from '../../common/contract/devices.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Link, LinkEvents } from './link.ts';
import { startProbe, type ProbeDeps } from './probe.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

const spec: DeviceLink = { by: 'path', path: '/dev/ttyUSB0', baud: 115_200 };
const start = 1_795_000_000_000_000;

interface Board {
  /** What it sends in a tenth of a second to who listens at `baud`, `tenths` after the port was opened. */
  print(baud: number, tenths: number): string | Uint8Array;
  hasRate?: boolean;
  /** The plug is pulled after so many tenths. */
  pulledAt?: number;
}

/** Probes a board in time that the test makes. Answers each report, and whether the port was free at the last. */
async function probe(board: Board, cancelAt = Infinity) {
  const reports: ProbeReport[] = [];
  let isOpen = false;
  let wasFree = false;
  let events: LinkEvents | null = null;
  let baud = spec.by === 'path' ? spec.baud : 0;
  let tenths = 0;
  const link: Link = {
    name: 'serial:/dev/ttyUSB0',
    identity: '1a86:7523:x',
    get isOpen() {
      return isOpen;
    },
    ...(board.hasRate !== false && {
      setBaud: (next: number) => Promise.resolve(void (baud = next)),
    }),
    write: () => Promise.resolve(),
    close: () => Promise.resolve(void (isOpen = false)),
  };
  const deps: ProbeDeps = {
    now: () => start + tenths * 100_000,
    open: (_spec, listener) => {
      isOpen = true;
      events = listener;
      return Promise.resolve(link);
    },
    report: (report) => {
      reports.push(report);
      wasFree = report.phase === 'done' && !isOpen;
    },
  };
  const running = startProbe(spec, deps);
  while (reports.at(-1)?.phase !== 'done' && tenths < 1000) {
    if (tenths === cancelAt) running.cancel();
    if (tenths === board.pulledAt) events!.onClose('unplugged');
    await vi.advanceTimersByTimeAsync(100);
    tenths++;
    const printed = board.print(baud, tenths);
    const bytes = typeof printed === 'string' ? new TextEncoder().encode(printed) : printed;
    if (bytes.length > 0) events!.onData(bytes);
  }
  return { reports, done: reports.at(-1)!, tenths, wasFree };
}

let printed = 0;
/** Eight lines of a cell: counts that go up and down, and what they weigh. */
const cell = () =>
  Array.from({ length: 8 }, () => {
    const counts = 124_000 + ((++printed * 37) % 101);
    return `${counts},${((counts - 120_000) / 420).toFixed(2)}\n`;
  }).join('');
/** What a UART makes of other bits: bytes all over, and no line of text. */
const garbage = () => Uint8Array.from({ length: 40 }, (_, i) => 128 + ((i * 37 + printed++) % 128));

it('names what speaks within two seconds of its first line, with its options and what was heard', async () => {
  const { done, tenths, wasFree } = await probe({ print: cell });
  expect(done).toMatchObject({ link: 'serial:/dev/ttyUSB0', identity: '1a86:7523:x', baud: 115_200 });
  expect(done).toMatchObject({ tried: [115_200], garbled: false, problem: null });
  expect(done.guesses[0]).toMatchObject({ dialect: 'hx711-csv', options: {} });
  expect(done.guesses[0]!.confidence).toBeGreaterThan(0.8);
  expect(done.lines).toHaveLength(8);
  expect(done.lines[0]!.text).toMatch(/^\d+,\d+\.\d\d$/);
  expect(done.lines[0]!.hex).toMatch(/^3\d( [23][0-9a-f])+$/);
  expect(tenths).toBeLessThanOrEqual(22);
  expect(wasFree).toBe(true);
});

it('waits five seconds for a board that restarts when its port is opened', async () => {
  const { done, reports } = await probe({ print: (_baud, tenths) => (tenths < 48 ? '' : cell()) });
  expect(done.guesses[0]?.dialect).toBe('hx711-csv');
  expect(reports.filter(({ phase }) => phase === 'waiting').length).toBeGreaterThan(40);
  expect(done.tried).toEqual([115_200]);
});

it('finds the rate at which what comes can be read, without opening the port again', async () => {
  const { done } = await probe({ print: (baud) => (baud === 57_600 ? cell() : garbage()) });
  expect(done).toMatchObject({ baud: 57_600, garbled: false, problem: null });
  expect(done.guesses[0]?.dialect).toBe('hx711-csv');
  expect(done.tried[0]).toBe(115_200);
  expect(done.tried.at(-1)).toBe(57_600);
});

it('says at which rates nothing could be read, and gives the bytes of the one that was asked for', async () => {
  const { done } = await probe({ print: garbage });
  expect(done).toMatchObject({ baud: 115_200, garbled: true, guesses: [], problem: { code: 'garbled' } });
  expect(done.tried.length).toBeGreaterThan(4);
  expect(new Set(done.tried).size).toBe(done.tried.length);
  expect(done.lines.length).toBeGreaterThan(0);
  for (const { hex } of done.lines) expect(hex.length).toBeLessThan(120 * 3);
});

it('tries no other rate where the link has none, as a PTY', async () => {
  const { done } = await probe({ print: garbage, hasRate: false });
  expect(done).toMatchObject({ tried: [115_200], problem: { code: 'garbled' } });
});

it('says that nothing came, and what may be why', async () => {
  const { done, wasFree } = await probe({ print: () => '', hasRate: false });
  expect(done).toMatchObject({ bytes: 0, guesses: [], lines: [], problem: { code: 'quiet' } });
  expect(wasFree).toBe(true);
});

it('says that what comes is text of no dialect', async () => {
  const { done } = await probe({ print: () => 'Booting, please wait...\nWiFi connected to 4711\n' });
  expect(done).toMatchObject({ garbled: false, problem: { code: 'unknown' } });
  expect(done.lines[0]?.text).toBe('Booting, please wait...');
});

it('ends at once when it is cancelled, and tells when the port is free', async () => {
  const { done, tenths, wasFree } = await probe({ print: () => '' }, 7);
  expect(done.problem?.code).toBe('cancelled');
  expect(tenths).toBeLessThan(10);
  expect(wasFree).toBe(true);
});

it('says that the plug was pulled meanwhile', async () => {
  const { done } = await probe({ print: () => '', pulledAt: 5 });
  expect(done.problem).toMatchObject({ code: 'unavailable' });
  expect(done.problem?.message).toContain('unplugged');
});

it('says why the port can not be opened', async () => {
  const reports: ProbeReport[] = [];
  const open = () => Promise.reject(new WarroomError('denied', 'No.', 'Run `this`.'));
  startProbe(spec, { now: () => start, open, report: (report) => reports.push(report) });
  await vi.advanceTimersByTimeAsync(0);
  expect(reports.map(({ phase }) => phase)).toEqual(['opening', 'done']);
  expect(reports[1]!.problem).toEqual({ code: 'denied', message: 'No.', hint: 'Run `this`.' });
});

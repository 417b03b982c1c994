import { setInterval } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { dialects, type ProbeReport } from '../../common/contract/devices.ts';
import { openLink } from '../../native/device-host/open-link.ts';
import { deviceLines, linesIn } from '../fakes/device-lines.ts';
import { cell, openLine, openRoom } from './devices-room.ts';

const counts = (n: number) => 124_000 + ((n * 37) % 101);
const lineOf = (n: number) => `${counts(n)},${((counts(n) - 120_000) / 420).toFixed(2)}\n`;

/** A board that prints 80 lines a second until the test ends. */
function print(write: (text: string) => Promise<void>) {
  const stop = new AbortController();
  const printing = (async () => {
    let n = 0;
    for await (const _ of setInterval(25)) {
      if (stop.signal.aborted) return;
      await write(lineOf(n++) + lineOf(n++));
    }
  })();
  onTestFinished(async () => {
    stop.abort();
    await printing;
  });
}

async function all(reports: AsyncIterable<ProbeReport>): Promise<ProbeReport[]> {
  const seen: ProbeReport[] = [];
  for await (const report of reports) seen.push(report);
  return seen;
}

it('finds what speaks on a typed path, leaves the port free, and is overruled by who connects it', async () => {
  const room = openRoom();
  const line = openLine();
  print(line.write);
  const { link } = cell('a', line.path);
  const reports = await all(room.devices.probe(link, undefined));
  const done = reports.at(-1)!;
  expect(done).toMatchObject({ phase: 'done', problem: null, link: `serial:${line.path}` });
  expect(done.guesses[0]?.dialect).toBe('hx711-csv');
  const free = await openLink(link, { onData: () => undefined, onClose: () => undefined });
  await free.close();
  room.devices.connect({ ...cell('a', line.path), options: { offsetBinary: true } });
  await room.until(() => room.channel('a/raw').v.length > 0);
  expect(room.channel('a/raw').v[0]).toBeLessThan(0);
});

/** Lines that it has printed after so many tenths of a second, the first one at once. */
const printedBy = (dialect: string, tenths: number) => Math.ceil(linesIn(dialect, tenths / 10));

it('finds each dialect on a real line within two seconds of what it says first', async () => {
  const room = openRoom();
  const boards = dialects.map((dialect, i) => ({
    dialect,
    line: openLine(),
    next: deviceLines(dialect, {}, i + 1),
  }));
  const stop = new AbortController();
  const printing = (async () => {
    let ticks = 0;
    for await (const _ of setInterval(100)) {
      if (stop.signal.aborted) return;
      for (const { dialect, line, next } of boards)
        for (let due = printedBy(dialect, ticks + 1) - printedBy(dialect, ticks); due > 0; due--)
          await line.write(next());
      ticks++;
    }
  })();
  onTestFinished(async () => {
    stop.abort();
    await printing;
  });
  const found = await Promise.all(
    boards.map(async ({ line }) =>
      (await all(room.devices.probe(cell('x', line.path).link, undefined))).at(-1)!,
    ),
  );
  expect(found.map(({ guesses }) => guesses[0]?.dialect)).toEqual([...dialects]);
  for (const { problem } of found) expect(problem).toBeNull();
});

it('is ended by who stops looking: the port is free then', async () => {
  const room = openRoom();
  const line = openLine();
  const { link } = cell('a', line.path);
  for await (const { phase } of room.devices.probe(link, undefined)) if (phase === 'waiting') break;
  const free = await openLink(link, { onData: () => undefined, onClose: () => undefined });
  await free.close();
  const abort = new AbortController();
  for await (const { phase } of room.devices.probe(link, abort.signal))
    if (phase === 'waiting') abort.abort();
  const again = await openLink(link, { onData: () => undefined, onClose: () => undefined });
  await again.close();
});

it('does not touch a port that a device uses, and says why one can not be opened', async () => {
  const room = openRoom();
  const line = openLine();
  const spec = cell('a', line.path);
  room.devices.connect(spec);
  const [only, ...rest] = await all(room.devices.probe(spec.link, undefined));
  expect(rest).toEqual([]);
  expect(only).toMatchObject({
    phase: 'done',
    problem: { code: 'taken', message: `Cell a uses serial:${line.path} already.` },
  });
  const missing = await all(
    room.devices.probe({ by: 'path', path: '/dev/none-here', baud: 9600 }, undefined),
  );
  expect(missing.at(-1)).toMatchObject({ phase: 'done', problem: { code: 'not-found' } });
});

it('is answered when the device-host dies meanwhile', async () => {
  const room = openRoom();
  const line = openLine();
  const seen: ProbeReport[] = [];
  for await (const report of room.devices.probe(cell('a', line.path).link, undefined)) {
    seen.push(report);
    if (report.phase === 'waiting') process.kill(room.children[0]!.pid!, 'SIGKILL');
  }
  expect(seen.at(-1)).toMatchObject({ phase: 'done', problem: { code: 'unavailable' } });
});

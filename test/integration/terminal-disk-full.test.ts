import type * as FileSystem from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTerminal, type Terminal } from '../../main/terminal/index.ts';
import { forkChild } from '../../main/platform/node/children.ts';
import { anchorNow, createClock } from '../../main/platform/node/clock.ts';
import { createTerminalPage } from '../fakes/terminal-page.ts';
import { createMemoryLedger, technician, type MemoryLedger } from '../fakes/memory-ledger.ts';

/** Bytes that the disk still takes. */
const disk = vi.hoisted(() => ({ left: Infinity }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  const open: typeof real.open = async (...args) => {
    const handle = await real.open(...args);
    const append = handle.appendFile.bind(handle);
    handle.appendFile = async (chunk) => {
      const fits = (chunk as Uint8Array).subarray(0, disk.left);
      disk.left -= fits.length;
      await append(fits);
      if (fits.length < (chunk as Uint8Array).length)
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    return handle;
  };
  return { ...real, open };
});

let folder: string;
let ledger: MemoryLedger;
let terminal: Terminal;

beforeEach(async () => {
  disk.left = Infinity;
  folder = mkdtempSync(join(tmpdir(), 'warroom-full-'));
  const clock = createClock(anchorNow());
  ledger = await createMemoryLedger({ clock });
  terminal = createTerminal({
    platform: { clock, random: (bytes) => randomBytes(bytes), fork: forkChild },
    env: { HOME: folder, PATH: process.env.PATH, SHELL: '/bin/bash' },
  });
  await terminal.start({ ledger, folder });
});

afterEach(async () => {
  await terminal.close();
  rmSync(folder, { recursive: true });
});

it('ends a shell that can’t be recorded, and says what is missing', async () => {
  const session = await terminal.openShell({ cols: 80, rows: 24, actor: technician, cwd: folder });
  const page = createTerminalPage();
  await terminal.attach(session, page, true);
  await page.shows('633;B');
  disk.left = 10_000;
  await page.type('yes | head -c 100000\r');
  const end = await ledger.next('session.ended');
  await page.closed;
  expect(page.failure).toMatch(/ENOSPC/);
  expect(ledger.of('gap.lost')[0]!.body.data).toMatchObject({ what: 'session' });
  expect(ledger.of('gap.lost')[0]!.body.data.reason).toContain('ENOSPC');
  expect(end.body.data).toMatchObject({ exit: null, signal: 'SIGKILL' });
  const bytes = readFileSync(join(folder, `${session}.bytes`));
  expect(end.body.evidence[0]).toMatchObject({
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

it('knows what the disk did not take of a shell’s last words', async () => {
  const session = await terminal.openShell({ cols: 80, rows: 24, actor: technician, cwd: folder });
  const page = createTerminalPage();
  await terminal.attach(session, page, true);
  await page.shows('633;B');
  await page.type("stty -echo; printf '\\n%s' ready\r");
  await page.shows('\nready');
  disk.left = 100;
  await page.type("printf '%0500d' 1; exit\r");
  const end = await ledger.next('session.ended');
  const bytes = readFileSync(join(folder, `${session}.bytes`));
  expect(ledger.of('gap.lost')[0]?.body.data.reason).toContain('ENOSPC');
  expect(end.body.evidence[0]).toMatchObject({ bytes: bytes.length });
  for (const { body } of ledger.of('command.ended')) expect(body.data.to).toBeLessThanOrEqual(bytes.length);
});

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { declaration, ledgerTests, verifyChain, type TestRoom } from '../../test/fakes/ledger-room.ts';
import type { Ledger, LedgerRoom } from './index.ts';

const tests = ledgerTests();
let dataDir: string;
let room: LedgerRoom;
let note: TestRoom['note'];

beforeEach(async () => {
  ({ dataDir, room, note } = await tests.room());
});
afterEach(() => tests.clear());

const track = (ledger: Ledger) => tests.track(ledger);
const declare = async () => track(await room.declare(declaration));

describe('a damaged ledger', () => {
  async function closedWithNotes(): Promise<{
    incident: string;
    folder: string;
    path: string;
    size: number;
  }> {
    const ledger = await declare();
    for (let i = 0; i < 40; i++) await note(ledger, `note ${i} ${'x'.repeat(400)}`);
    await ledger.close();
    const { incident, folder, size } = ledger;
    return { incident, folder, size, path: join(folder, 'ledger.sqlite') };
  }
  const change = (path: string, sql: string) => {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  };

  /** Opens it and answers what was kept: entries before the gap. */
  async function reopened(
    incident: string,
  ): Promise<{ kept: number; gap: Record<string, unknown> | undefined; ledger: Ledger }> {
    const ledger = track(await room.open(incident));
    verifyChain(ledger);
    const gap = ledger.state.gaps[0];
    const kept = ledger.range(0, ledger.size).findIndex(({ head }) => head.type === 'gap.lost');
    return { kept, gap: gap?.data as Record<string, unknown> | undefined, ledger };
  }

  it('with an edited body keeps what stands before it', async () => {
    const { incident, path, folder, size } = await closedWithNotes();
    change(path, `UPDATE entries SET body = replace(body, 'note 10', 'note XX') WHERE seq = 14`);
    const { kept, gap } = await reopened(incident);
    expect(kept).toBe(14);
    expect(gap).toMatchObject({ what: 'ledger', count: size - 14 });
    expect(gap?.reason).toMatch(/entry 14: its body/);
    expect(readdirSync(join(folder, gap?.kept as string))).toContain('ledger.sqlite');
  });

  it('with rows missing at the end is found out by its checkpoints', async () => {
    const { incident, path, size } = await closedWithNotes();
    change(path, `DELETE FROM entries WHERE seq >= ${size - 5}`);
    const { kept, gap, ledger } = await reopened(incident);
    expect(kept).toBe(size - 5);
    expect(gap).toMatchObject({ count: 5 });
    expect(ledger.checkpoints().every((checkpoint) => checkpoint.size <= ledger.size)).toBe(true);
  });

  it('with a hole, a duplicate of another row, or a wrong leaf stops there', async () => {
    const { incident, path } = await closedWithNotes();
    change(path, 'DELETE FROM entries WHERE seq = 20');
    expect((await reopened(incident)).kept).toBe(20);
  });

  it('whose file was cut off or overwritten gives back every whole row before that', async () => {
    const { incident, path } = await closedWithNotes();
    const { length } = readFileSync(path);
    truncateSync(path, Math.floor(length / 2 / 4096) * 4096);
    const { kept } = await reopened(incident);
    expect(kept).toBeGreaterThan(4);
  });

  it('whose first page was destroyed loses nothing', async () => {
    const { incident, path, size } = await closedWithNotes();
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([Buffer.alloc(4096, 0x5a), bytes.subarray(4096)]));
    expect((await reopened(incident)).kept).toBe(size);
  });

  it('of which nothing can be read is refused, and nothing is deleted', async () => {
    const { incident, path } = await closedWithNotes();
    writeFileSync(path, 'not a database at all, but something else entirely '.repeat(100));
    const before = readFileSync(path, 'utf8');
    await expect(room.open(incident)).rejects.toMatchObject({ code: 'damaged' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('that was exchanged for an older copy is found out', async () => {
    const ledger = await declare();
    await note(ledger, 'one');
    const { incident, folder } = ledger;
    await ledger.close();
    const copy = join(dataDir, 'copy');
    copyFileSync(join(folder, 'ledger.sqlite'), copy);
    const again = await room.open(incident);
    for (let i = 0; i < 3; i++) await note(again, 'later');
    const size = again.size;
    await again.close();
    copyFileSync(copy, join(folder, 'ledger.sqlite'));
    expect((await reopened(incident)).gap).toMatchObject({ count: size - 5 });
  });

  /** What a crash leaves: the files of a ledger that is still open, with its write-ahead log. */
  async function crashed(): Promise<{ incident: string; folder: string; path: string; size: number }> {
    const ledger = await room.declare(declaration);
    for (let i = 0; i < 40; i++) await note(ledger, `note ${i}`);
    await ledger.checkpoint();
    const { incident, folder, size } = ledger;
    const path = join(folder, 'ledger.sqlite');
    const files = [path, `${path}-wal`].map((file) => [file, readFileSync(file)] as const);
    const last = `${size}.txt`;
    const checkpoint = readFileSync(join(folder, 'checkpoints', last));
    await ledger.close();
    for (const [file, bytes] of files) writeFileSync(file, bytes);
    for (const file of readdirSync(join(folder, 'checkpoints'))) rmSync(join(folder, 'checkpoints', file));
    writeFileSync(join(folder, 'checkpoints', last), checkpoint);
    return { incident, folder, path, size };
  }

  it('after a crash goes on from its write-ahead log without a loss', async () => {
    const { incident, size } = await crashed();
    const { ledger, gap } = await reopened(incident);
    expect(gap).toBeUndefined();
    expect(ledger.range(size, size + 1)[0]?.head.type).toBe('host.started');
  });

  it('whose main file is empty is read from its write-ahead log, which SQLite would throw away', async () => {
    const { incident, path, size } = await crashed();
    truncateSync(path, 0);
    expect(room.list()[0]?.problem).toMatch(/write-ahead log is not/);
    const { kept, gap } = await reopened(incident);
    expect(kept).toBe(size);
    expect(gap).toMatchObject({ what: 'ledger', count: 0 });
  });

  it('whose write-ahead log is gone says what its checkpoint proves to be lost', async () => {
    const { incident, path, size } = await crashed();
    const folder = join(path, '..');
    // What was in the main file before the log: the entries that had been carried over.
    const log = readFileSync(`${path}-wal`);
    rmSync(`${path}-wal`);
    expect(log.length).toBeGreaterThan(0);
    await expect(room.open(incident)).rejects.toMatchObject({ code: 'damaged' });
    expect(readdirSync(folder)).not.toContain('damaged');
    // Cut off in its middle it gives back what stands before the cut.
    writeFileSync(`${path}-wal`, log.subarray(0, Math.floor(log.length / 2)));
    const { kept, gap } = await reopened(incident);
    expect(kept).toBeGreaterThan(4);
    expect(gap).toMatchObject({ count: size - kept });
  });

  it('whose write-ahead log has flipped bytes keeps what stands before them, and the log as it was', async () => {
    const { incident, folder, path, size } = await crashed();
    const log = readFileSync(`${path}-wal`);
    log.fill(0x5a, Math.floor(log.length / 2), Math.floor(log.length / 2) + 64);
    writeFileSync(`${path}-wal`, log);
    const { kept, gap } = await reopened(incident);
    expect(kept).toBeGreaterThan(4);
    expect(gap).toMatchObject({ count: size - kept });
    expect(readFileSync(join(folder, gap?.kept as string, 'ledger.sqlite-wal'))).toEqual(log);
    expect(readdirSync(join(folder, gap?.kept as string))).toContain(`${size}.txt`);
  });

  it('keeps the damaged file byte for byte', async () => {
    const { incident, folder, path } = await closedWithNotes();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, bytes.length - 8192);
    writeFileSync(path, bytes);
    const { gap } = await reopened(incident);
    expect(readFileSync(join(folder, gap?.kept as string, 'ledger.sqlite'))).toEqual(bytes);
  });

  it('of which the recovery was cut off is recovered all the same, and says so', async () => {
    const { incident, folder, path, size } = await closedWithNotes();
    // The new file was whole, the old one put aside, and then the power went.
    const aside = join(folder, 'damaged', 'then');
    copyFileSync(path, `${path}.ready`);
    writeFileSync(`${path}-wal`, 'of the old file');
    mkdirSync(aside, { recursive: true });
    renameSync(path, join(aside, 'ledger.sqlite'));
    const { kept, ledger } = await reopened(incident);
    expect(kept).toBe(size);
    expect(ledger.state.gaps.map(({ data }) => data.kept)).toContain(join('damaged', 'then'));
    expect(existsSync(`${path}.ready`)).toBe(false);
    await ledger.close();
    expect(track(await room.open(incident)).state.gaps).toEqual(ledger.state.gaps);
  });

  it('has checkpoints that nobody signed: they are put aside, so that none gets into a bundle', async () => {
    const { incident, folder, size } = await closedWithNotes();
    const good = join(folder, 'checkpoints', `${size}.txt`);
    const [head = '', signature = ''] = readFileSync(good, 'utf8').split('\n\n');
    writeFileSync(
      join(folder, 'checkpoints', '7.txt'),
      `${head.replace(`\n${size}\n`, '\n7\n')}\n\n${signature}`,
    );
    writeFileSync(join(folder, 'checkpoints', '9.txt'), 'garbage');
    const ledger = track(await room.open(incident));
    expect(ledger.state.gaps.map(({ data }) => data.what)).toEqual(['checkpoint', 'checkpoint']);
    expect(ledger.checkpoints().map((item) => item.size)).not.toContain(7);
    expect(readdirSync(join(folder, 'checkpoints'))).toContain(`${size}.txt`);
    verifyChain(ledger);
  });

  it('damaged only where no entry lies keeps every entry', async () => {
    const { incident, path, size } = await closedWithNotes();
    const database = new DatabaseSync(path);
    const page = Number(
      database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'snapshots'`).get()?.rootpage,
    );
    database.close();
    const bytes = readFileSync(path);
    bytes.fill(0x5a, (page - 1) * 4096, page * 4096);
    writeFileSync(path, bytes);
    const { kept, gap } = await reopened(incident);
    expect(kept).toBe(size);
    expect(gap).toMatchObject({ count: 0 });
  });

  it('has edited snapshots: they are made again', async () => {
    const ledger = await declare();
    await Promise.all(Array.from({ length: 600 }, (_, i) => note(ledger, `${i}`)));
    const before = ledger.stateAt(550);
    await ledger.close();
    const path = join(ledger.folder, 'ledger.sqlite');
    change(
      path,
      `UPDATE snapshots SET state = '{"size":512}'; INSERT INTO snapshots VALUES (540, '{"size":540}')`,
    );
    const again = track(await room.open(ledger.incident));
    expect(again.stateAt(550)).toEqual(before);
  });

  it('written by a newer version is left alone', async () => {
    const { incident, path, folder } = await closedWithNotes();
    change(path, 'PRAGMA user_version = 99');
    await expect(room.open(incident)).rejects.toThrow(/newer version/);
    expect(readdirSync(folder)).not.toContain('damaged');
  });
});

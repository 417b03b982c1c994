import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { messageOf } from '../../common/lib/errors.ts';
import type { Actor } from '../../common/ledger/types.ts';
import {
  declaration,
  ledgerRoomOf,
  ledgerTests,
  verifyChain,
  type TestRoom,
} from '../../test/fakes/ledger-room.ts';
import { createLedgerRoom, type Ledger, type LedgerRoom } from './index.ts';
import { maxRange } from './types.ts';

const tests = ledgerTests();
let test: TestRoom;
let room: LedgerRoom;
let me: Actor;
let note: TestRoom['note'];

beforeEach(async () => {
  test = await tests.room();
  ({ room, me, note } = test);
});
afterEach(() => tests.clear());

const track = (ledger: Ledger) => tests.track(ledger);
const declare = async () => track(await room.declare(declaration));

describe('appending', () => {
  it('keeps the order of asking, commits together, and tells everyone only after', async () => {
    const ledger = await declare();
    const batches: number[] = [];
    ledger.onCommit((entries) => batches.push(entries.length));
    const entries = await Promise.all(Array.from({ length: 50 }, (_, i) => note(ledger, `note ${i}`)));
    expect(batches).toEqual([50]);
    expect(entries.map(({ body }) => body.data.text)).toEqual(
      Array.from({ length: 50 }, (_, i) => `note ${i}`),
    );
    expect(entries.map(({ head }) => head.id)).toEqual(entries.map(({ head }) => head.id).sort());
    await ledger.checkpoint();
    verifyChain(ledger);
  });

  it('asks the rules on the fold that includes what waits: no rung is skipped within one turn either', async () => {
    const ledger = await declare();
    const decide = (rung: 1 | 2 | 3, basis: string[]) =>
      ledger.append({
        type: 'rung.decided',
        rung,
        data: { decision: 'eliminated', reason: 'x', basis },
        actor: me,
      });
    await ledger.append({
      type: 'role.assumed',
      data: { seat: me.id, role: 'lead', reason: 'alone' },
      actor: me,
    });
    const finding = async (rung: 1 | 2) =>
      (
        await ledger.append({
          type: 'check.found',
          rung,
          data: { check: 'by-hand', result: 'pass', says: 'ok' },
          actor: me,
        })
      ).head.id;
    const [first, second] = [await finding(1), await finding(2)];
    await expect(decide(2, [second])).rejects.toThrow(/No rung is skipped/);
    // In one turn: the second decision is allowed because of the first, which is not on disk yet.
    const [one, three, two] = await Promise.allSettled([
      decide(1, [first]),
      decide(3, [second]),
      decide(2, [second]),
    ]);
    expect([one.status, two.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(three).toMatchObject({ status: 'rejected', reason: { code: 'refused' } });
    await expect(decide(1, [first])).rejects.toThrow(/decided already/);
    expect(ledger.state.rungs[2].status).toBe('eliminated');
    expect(ledger.lastCheckpoint()?.size).toBe(ledger.size);
    verifyChain(ledger);
  });

  it('refuses unknown types, wrong data and entries that are too large, and stores nothing of them', async () => {
    const ledger = await declare();
    const size = ledger.size;
    await expect(ledger.append({ type: 'future.thing', data: {}, actor: me } as never)).rejects.toMatchObject(
      { code: 'bad-input' },
    );
    await expect(note(ledger, '')).rejects.toMatchObject({ code: 'bad-input' });
    const evidence = Array.from({ length: 800 }, () => ({
      sha256: 'a'.repeat(64),
      bytes: 1,
      media: 'text/plain',
    }));
    const large = { type: 'note.written' as const, data: { text: 'x' }, actor: me, evidence };
    await expect(ledger.append(large)).rejects.toThrow(/over the limit/);
    expect(ledger.size).toBe(size);
    await note(ledger, 'still works');
    verifyChain(ledger);
  });

  it('answers any state of the past from a snapshot and what follows it', async () => {
    const ledger = await declare();
    for (let i = 0; i < 11; i++)
      await Promise.all(Array.from({ length: 100 }, (_, j) => note(ledger, `${i}/${j}`)));
    for (const size of [0, 1, 4, 511, 512, 513, 1024, 1100, ledger.size])
      expect(ledger.stateAt(size).size).toBe(size);
    expect(ledger.stateAt(600)).toEqual({ ...ledger.stateAt(700), size: 600, at: ledger.stateAt(600).at });
  });
});

describe('when a commit fails', () => {
  it('its whole batch is refused, and the next entry stands on what is committed', async () => {
    const ledger = await declare();
    const { size, state } = ledger;
    // Another connection holds the write lock longer than the ledger waits.
    const other = new DatabaseSync(join(ledger.folder, 'ledger.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    const batch = await Promise.allSettled([note(ledger, 'one'), note(ledger, 'two')]);
    other.exec('ROLLBACK');
    other.close();
    expect(batch).toMatchObject([
      { status: 'rejected', reason: { code: 'taken' } },
      { status: 'rejected', reason: { code: 'taken' } },
    ]);
    expect([ledger.size, ledger.state]).toEqual([size, state]);
    expect((await note(ledger, 'three')).head.seq).toBe(size);
    await ledger.checkpoint();
    verifyChain(ledger);
  });

  it('or a listener throws, the others still hear of it', async () => {
    const ledger = await declare();
    const heard: number[] = [];
    ledger.onCommit(() => {
      throw new Error('a broken listener');
    });
    ledger.onCommit((entries) => heard.push(entries.length));
    await note(ledger, 'one');
    expect(heard).toEqual([1]);
    expect(test.logged).toContain('A listener to the ledger failed');
  });
});

describe('a step of the wall clock', () => {
  it('is an entry before the next one, once', async () => {
    const ledger = await declare();
    const real = Date.now.bind(Date);
    const stepped = vi.spyOn(Date, 'now').mockImplementation(() => real() + 5000);
    const mono = vi.spyOn(test.platform.clock, 'mono');
    mono.mockReturnValue(60_000_000);
    await note(ledger, 'one');
    mono.mockReturnValue(62_000_000);
    await note(ledger, 'two');
    stepped.mockRestore();
    mono.mockRestore();
    const [step, ...others] = ledger.range(4, ledger.size);
    expect(step?.head.type).toBe('clock.step');
    expect(step?.body.data.byMs).toBeGreaterThan(4900);
    expect(step?.body.data.byMs).toBeLessThan(5100);
    expect(others.map(({ head }) => head.type)).toEqual(['note.written', 'note.written']);
  });
});

describe('opening', () => {
  it('goes on where it was left, and lists what there is', async () => {
    const first = await declare();
    await note(first, 'before');
    const { incident, size } = first;
    await first.close();
    const again = track(await room.open(incident));
    expect(again.size).toBe(size + 2);
    expect(again.range(size, size + 2).map(({ head }) => head.type)).toEqual([
      'host.stopped',
      'host.started',
    ]);
    verifyChain(again);
    expect(room.list()).toMatchObject([
      { id: incident, title: 'Scores wrong', severity: 2, drill: true, entries: size + 2, problem: null },
    ]);
    await expect(room.open('nothing')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('happens once: a living lock is told, a stale one taken over', async () => {
    const ledger = await declare();
    await expect(room.open(ledger.incident)).rejects.toMatchObject({ code: 'taken' });
    const lock = join(ledger.folder, 'lock');
    const held = readFileSync(lock, 'utf8');
    await ledger.close();
    expect(existsSync(lock)).toBe(false);
    // The same number, but another process than the one that wrote it.
    writeFileSync(lock, held.replace(/"started":"[^"]*"/, '"started":"long ago/1"'));
    track(await room.open(ledger.incident));
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
  });
});

/** A file system of its own is needed, small enough to fill. */
function mayMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'warroom-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], { stdio: 'pipe' });
    execFileSync('umount', [probe]);
    return true;
  } catch (error) {
    console.warn(`Skipped, a full disk: a tmpfs can't be mounted here (${messageOf(error).trim()})`);
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
}

describe.skipIf(!mayMount())('a full disk', () => {
  let disk: string;
  let filler: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'warroom-disk-'));
    filler = join(disk, 'filler');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
  });
  afterEach(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it('refuses what does not fit, loses nothing acknowledged, and goes on when there is space', async () => {
    const small = await ledgerRoomOf(disk);
    const tight = await small.room.declare(declaration);
    writeFileSync(filler, Buffer.alloc(2_500_000));
    let acknowledged = tight.size;
    const fill = async () => {
      for (let i = 0; i < 200; i++) {
        await small.note(tight, 'x'.repeat(15_000));
        acknowledged = tight.size;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'no-space' });
    expect(tight.size).toBe(acknowledged);
    rmSync(filler);
    await small.note(tight, 'there is space again');
    verifyChain(tight);
    await tight.close();
    const again = await small.room.open(tight.incident);
    expect(again.state.gaps).toEqual([]);
    expect(again.size).toBe(acknowledged + 3);
    await again.close();
  });

  it('lets an incident be declared as a whole or not at all, and opened when there is space again', async () => {
    const small = await ledgerRoomOf(disk);
    const ledger = await small.room.declare(declaration);
    await ledger.close();
    expect(() => writeFileSync(filler, Buffer.alloc(5_000_000))).toThrow(/ENOSPC/);
    await expect(small.room.declare(declaration)).rejects.toMatchObject({ code: 'no-space' });
    await expect(small.room.open(ledger.incident)).rejects.toMatchObject({ code: 'no-space' });
    // Reading takes a little room too: the list says why it knows no more.
    expect(small.room.list()).toMatchObject([
      { id: ledger.incident, problem: expect.stringMatching(/disk full/) as string },
    ]);
    rmSync(filler);
    expect(small.room.list()).toMatchObject([{ id: ledger.incident, problem: null }]);
    const again = await small.room.open(ledger.incident);
    expect(again.state.gaps).toEqual([]);
    verifyChain(again);
    await again.close();
  });
});

it('an incident whose declaration fails half way leaves no folder, and no work behind', async () => {
  const { keys, platform, dataDir } = test;
  const refusing: TestRoom['keys'] = {
    ...keys,
    incident: async (...of) => ({
      ...(await keys.incident(...of)),
      signer: {
        publicKey: new Uint8Array(32),
        sign: () => {
          throw new Error('no signature today');
        },
      },
    }),
  };
  const logged: string[] = [];
  const log = (message: string) => void logged.push(message);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const failing = createLedgerRoom({ platform, keys: refusing, dataDir, version: 'test', log });
    await expect(failing.declare(declaration)).rejects.toThrow('no signature today');
    expect(vi.getTimerCount()).toBe(0);
    expect(failing.list()).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it('a range that is too long is refused, and not cut', async () => {
  const ledger = await declare();
  expect(() => ledger.range(0, maxRange + 1)).toThrow(/at most 1000/);
  expect(ledger.range(0, maxRange)).toHaveLength(ledger.size);
});

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../common/ledger/types.ts';
import { createChainVerifier } from '../../common/ledger/chain.ts';
import { encodeLine } from '../../common/ledger/entry.ts';
import { createNodePlatform } from '../platform/node/index.ts';
import { createLedgerRoom, openKeys, type Ledger, type LedgerRoom } from './index.ts';

let dataDir = '';
let room: LedgerRoom;
let me: Actor;
const open: Ledger[] = [];
const declaration = { title: 'Scores wrong', severity: 2, drill: true };

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'warroom-ledger-'));
  room = await roomOf(dataDir);
});
afterEach(async () => {
  for (const ledger of open.splice(0)) await ledger.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function roomOf(folder: string): Promise<LedgerRoom> {
  const platform = createNodePlatform({ dataDir: folder });
  const keys = await openKeys(platform, folder);
  me = { kind: 'human', id: keys.device.id, role: 'technician' };
  return createLedgerRoom({ platform, keys, dataDir: folder, version: 'test', log: () => undefined });
}
const track = (ledger: Ledger) => (open.push(ledger), ledger);
const declare = async () => track(await room.declare(declaration));
const note = (ledger: Ledger, text: string) =>
  ledger.append({ type: 'note.written', data: { text }, actor: me });

/** Every line by the verifier that bundles are checked with. */
function verifyChain(ledger: Ledger): void {
  const chain = createChainVerifier(createNodePlatform({ dataDir }).crypto);
  for (const entry of ledger.range(0, ledger.size)) chain.add(encodeLine(entry).slice(0, -1));
  expect(chain.size).toBe(ledger.size);
  const checkpoint = ledger.lastCheckpoint();
  if (checkpoint) expect(chain.rootAt(checkpoint.size)).toEqual(checkpoint.root);
}

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
    const decide = (rung: 1 | 2, basis: string[]) =>
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
    await Promise.all([decide(1, [first]), decide(2, [second])]);
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

  it('never makes a second device key', async () => {
    rmSync(join(dataDir, 'keys', 'device.key'));
    await expect(roomOf(dataDir)).rejects.toMatchObject({ code: 'denied' });
    expect(readdirSync(join(dataDir, 'keys'))).not.toContain('device.key');
  });
});

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
});

describe('a full disk', () => {
  it.skipIf(process.getuid?.() !== 0)(
    'refuses what does not fit, loses nothing acknowledged, and goes on when there is space',
    async () => {
      const small = join(dataDir, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', small]);
      try {
        const tight = await (await roomOf(small)).declare(declaration);
        const filler = join(small, 'filler');
        writeFileSync(filler, Buffer.alloc(400_000));
        let acknowledged = tight.size;
        await expect(
          (async () => {
            for (let i = 0; i < 200; i++) {
              await note(tight, 'x'.repeat(15_000));
              acknowledged = tight.size;
            }
          })(),
        ).rejects.toMatchObject({ code: 'no-space' });
        expect(tight.size).toBe(acknowledged);
        rmSync(filler);
        await note(tight, 'there is space again');
        verifyChain(tight);
        await tight.close();
      } finally {
        execFileSync('umount', [small]);
      }
    },
  );
});

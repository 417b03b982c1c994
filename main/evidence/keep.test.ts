import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeBulkStream } from '../../test/fakes/bulk-stream.ts';
import { callBy } from '../../test/fakes/call.ts';
import {
  createMemoryLedger,
  hostActor,
  technician,
  type MemoryLedger,
} from '../../test/fakes/memory-ledger.ts';
import { appendFor } from '../ledger/append-for.ts';
import { createEvidenceApi, type KeepDeps } from './keep.ts';
import { createLocker, type Locker } from './locker.ts';

let folder = '';
let ledger: MemoryLedger;
let locker: Locker;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-keep-'));
  ledger = await createMemoryLedger({ folder });
  locker = await createLocker(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = callBy(technician);
const sessionId = '01900000-0000-7000-8000-000000000001';

function keepHere(change: Partial<KeepDeps> = {}) {
  return createEvidenceApi({
    appendFor: (caller, draft) => appendFor(ledger, caller, draft),
    state: () => ledger.state,
    put: (bytes, media) => locker.put(bytes, media),
    exportWindow: async (channels, from, to) => Buffer.from(`${channels.join()} ${from} ${to}`),
    picture: (title, channels, from, to) =>
      Buffer.from(`<svg>${title} ${channels.join()} ${from} ${to}</svg>`),
    commandOutput: async (command) => Buffer.from(`output of ${command}`),
    ticket: ({ sha256 }, name) => `/ticket/${name}/${sha256.slice(0, 4)}`,
    newId: () => 'upload-1',
    ...change,
  });
}

async function commandStarted(line: string) {
  await ledger.append({
    type: 'session.started',
    data: { session: sessionId, shell: 'bash', cols: 80, rows: 24, cwd: '/', recordsInput: false },
    actor: technician,
  });
  const data = { session: sessionId, line, cwd: '/', quality: 'shell' as const, from: 0 };
  return (await ledger.append({ type: 'command.started', data, actor: technician })).head.id;
}

/** The one entry, and what its blob holds. */
function kept() {
  const [entry, ...more] = ledger.of('evidence.kept');
  expect(more).toEqual([]);
  const blob = entry!.body.evidence[0]!;
  return { entry: entry!, blob, text: readFileSync(locker.path(blob.sha256), 'utf8') };
}

describe('keeping', () => {
  it('a window of channels makes a capture that says what it was made from', async () => {
    const window = { name: 'Drift', channels: ['d/g'], from: 10, to: 20, rung: 2 as const, note: 'see 15' };
    const place = await keepHere().keepWindow(window, call);
    const { entry, blob, text } = kept();
    expect(place).toEqual({ id: entry.head.id, seq: entry.head.seq });
    expect(entry.head).toMatchObject({ rung: 2, actor: technician });
    expect(entry.body.data).toEqual({
      kind: 'capture',
      name: 'Drift',
      note: 'see 15',
      of: { channels: ['d/g'], from: 10, to: 20 },
    });
    expect(blob).toMatchObject({ media: 'application/vnd.mcap', bytes: text.length });
    expect(text).toBe('d/g 10 20');
    const picture = entry.body.evidence[1]!;
    expect(picture.media).toBe('image/svg+xml');
    expect(readFileSync(locker.path(picture.sha256), 'utf8')).toBe('<svg>Drift d/g 10 20</svg>');
  });

  it('a window that ends before it begins is refused', async () => {
    const window = { name: 'x', channels: ['d/g'], from: 20, to: 20 };
    await expect(keepHere().keepWindow(window, call)).rejects.toMatchObject({ code: 'bad-input' });
    expect(ledger.of('evidence.kept')).toEqual([]);
  });

  it('a command keeps its whole output, once it has ended', async () => {
    const command = await commandStarted('');
    await expect(keepHere().keepCommand({ command }, call)).rejects.toMatchObject({ code: 'not-found' });
    await ledger.append({
      type: 'command.ended',
      data: { session: sessionId, command, exit: 0, from: 0, to: 3, digest: 'd', ms: 1 },
      actor: hostActor,
    });
    await keepHere().keepCommand({ command }, call);
    const { entry, blob, text } = kept();
    expect(entry.body.data).toEqual({ kind: 'command', name: '(empty)', of: { command } });
    expect('rung' in entry.head).toBe(false);
    expect([blob.media, text]).toEqual(['text/plain', `output of ${command}`]);
    await expect(keepHere().keepCommand({ command: 'none' }, call)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('a note keeps its text as UTF-8', async () => {
    await keepHere().keepNote({ name: 'N', text: 'größer' }, call);
    expect(kept()).toMatchObject({ text: 'größer', blob: { media: 'text/markdown', bytes: 8 } });
  });

  it.each([
    ['image/png', 'image/png'],
    ['Text/HTML', 'text/html'],
    ['text/plain; charset=utf-8', 'application/octet-stream'],
    ['no media', 'application/octet-stream'],
    ['', 'application/octet-stream'],
  ])('a dropped file that claims to be %j is %s', async (media, stored) => {
    const stream = createFakeBulkStream(7);
    const api = keepHere();
    const caller = callBy(technician, { stream });
    const started = await api.startFile({ name: 'a.bin', media, bytes: 3 }, caller);
    expect(started).toEqual({ upload: 'upload-1', stream: 7 });
    const taken = stream.fromPage(Uint8Array.of(97, 98, 99));
    stream.endByPage();
    await taken;
    await api.finishFile({ upload: 'upload-1' }, caller);
    expect(kept()).toMatchObject({
      text: 'abc',
      blob: { media: stored },
      entry: { body: { data: { kind: 'file', name: 'a.bin' } } },
    });
  });

  it('stops when the incident was left meanwhile: the entry would name a blob of another incident', async () => {
    const first = ledger;
    const second = await createMemoryLedger({ folder });
    for (const [ledgerOf, title] of [
      [first, 'a'],
      [second, 'b'],
    ] as const)
      await ledgerOf.append({
        type: 'incident.described',
        data: { title, severity: 1, drill: false },
        actor: hostActor,
      });
    const switched = { ...second.state, incident: { ...second.state.incident!, id: 'another' } };
    let state = first.state;
    const api = keepHere({
      state: () => state,
      put: async (bytes, media) => {
        const blob = await locker.put(bytes, media);
        state = switched;
        return blob;
      },
    });
    await expect(api.keepNote({ name: 'N', text: 'late' }, call)).rejects.toMatchObject({
      code: 'cancelled',
    });
    state = first.state;
    const stream = createFakeBulkStream();
    const caller = callBy(technician, { stream });
    await api.startFile({ name: 'f', media: 'a/b', bytes: 0 }, caller);
    stream.endByPage();
    await expect(api.finishFile({ upload: 'upload-1' }, caller)).rejects.toMatchObject({ code: 'cancelled' });
    expect(ledger.of('evidence.kept')).toEqual([]);
  });
});

describe('a ticket', () => {
  it('is given for what was kept in this incident, and for nothing else', async () => {
    const api = keepHere();
    await api.keepNote({ name: 'N', text: 'seen' }, call);
    const { blob } = kept();
    expect(await api.ticket({ sha256: blob.sha256 }, call)).toEqual({
      path: `/ticket/N/${blob.sha256.slice(0, 4)}`,
    });
    const other = await locker.put(Buffer.from('never kept'), 'text/plain');
    expect(() => api.ticket({ sha256: other.sha256 }, call)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});

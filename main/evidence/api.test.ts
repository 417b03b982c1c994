import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callBy } from '../../test/fakes/call.ts';
import { declaration, ledgerTests, type TestRoom } from '../../test/fakes/ledger-room.ts';
import { verifyInProcess } from '../../test/fakes/verify.ts';
import type { Actor } from '../../common/ledger/types.ts';
import type { AppendFor } from '../ladder/index.ts';
import { appendFor } from '../ledger/append-for.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Call } from '../platform/call.ts';
import { createTasks } from '../tasks/index.ts';
import { createBundleApi, type BundleApiDeps } from './api.ts';
import { createLocker, type Locker } from './locker.ts';

const tests = ledgerTests();
let room: TestRoom;
let ledger: Ledger;
let locker: Locker;
let call: Call;
beforeEach(async () => {
  room = await tests.room();
  ledger = tests.track(await room.room.declare(declaration));
  locker = await createLocker(ledger.folder);
  call = callBy(room.me, { req: { bytes: '{}', sig: '', key: room.me.id } });
});
afterEach(() => tests.clear());

function apiHere(change: Partial<BundleApiDeps> = {}) {
  let ids = 0;
  const tasks = createTasks(() => `t${++ids}`);
  const api = createBundleApi({
    // The request is not signed in these tests; what stands in which entry is looked at by the caller.
    appendFor: (caller, draft) => appendFor(ledger, caller, draft),
    tasks,
    crypto: room.platform.crypto,
    ledger: () => ledger,
    locker: () => locker,
    sealOpenParts: async () => [],
    draft: () => ({ markdown: '# M\n', html: '<p>H</p>\n' }),
    ticket: (file, name) => `/ticket/${name}?${file.length}`,
    ...change,
  });
  const ended = async (id: string) => {
    for await (const list of tasks.list.watch()) {
      const task = list.find((candidate) => candidate.id === id);
      if (task && task.state !== 'running') return task;
    }
    throw new Error('The list ended.');
  };
  return { api, tasks, ended };
}

const bundleEntries = (of: Ledger) =>
  of.range(0, of.size).filter(({ head }) => head.type.startsWith('bundle.'));
/** Evidence that an entry names is not on disk: an export of it fails. */
const loseBlob = async () => {
  const blob = await locker.put(Buffer.from('soon gone'), 'text/plain');
  const data = { kind: 'note' as const, name: 'gone' };
  await ledger.append({ type: 'evidence.kept', data, evidence: [blob], actor: room.me });
  rmSync(locker.path(blob.sha256));
};
const host: Actor = { kind: 'system', id: 'host', role: 'system' };
const mayWrite = async () => {
  const data = { seat: room.me.id, role: 'lead' as const, reason: 'alone' };
  await ledger.append({ type: 'role.assumed', data, actor: room.me });
};

describe('an export by a seat', () => {
  it('is written down as begun and as written, and can be downloaded', async () => {
    await mayWrite();
    const { api, ended } = apiHere();
    const { task } = await api.export(undefined, callBy(room.me));
    const done = await ended(task);
    expect(done).toMatchObject({ state: 'done', problem: null });
    const [begun, written, ...more] = bundleEntries(ledger);
    expect(more).toEqual([]);
    const { file, name, bytes, sha256, size, root } = done.result as Record<string, string>;
    expect(begun!.head).toMatchObject({ type: 'bundle.exported', seq: size, actor: room.me });
    expect(begun!.body.data).toEqual({ size, root, name });
    expect(written!.body).toMatchObject({
      data: { export: begun!.head.id, bytes, sha256 },
      cause: begun!.head.id,
    });
    expect(await verifyInProcess(file!, [room.keys.device.vkey])).toMatchObject({ intact: true });
    expect(await api.ticket({ task }, call)).toEqual({ path: `/ticket/${name}?${file!.length}`, name });
  });

  it('puts the request of its seat into the first entry only', async () => {
    const seen: [string, boolean][] = [];
    const { api, ended } = apiHere({
      appendFor: (caller, draft) => {
        seen.push([draft.type, 'req' in caller]);
        return appendFor(ledger, callBy(room.me), draft);
      },
    });
    await mayWrite();
    const { task } = await api.export(undefined, call);
    await ended(task);
    expect(seen).toEqual([['bundle.exported', true]]);
    const [, written] = bundleEntries(ledger);
    expect(written!.body.req).toBeUndefined();
  });

  it('that begins again, as another entry came between, is written down as failed before it does', async () => {
    await mayWrite();
    let isFirst = true;
    const { api, ended } = apiHere({
      appendFor: async (caller, draft) => {
        if (isFirst) await room.note(ledger, 'between');
        isFirst = false;
        return appendFor(ledger, caller, draft);
      },
    });
    const { task } = await api.export(undefined, callBy(room.me));
    const { result } = await ended(task);
    const [first, failed, second, written, ...more] = bundleEntries(ledger);
    expect(more).toEqual([]);
    expect(failed!.head).toMatchObject({ type: 'bundle.failed', actor: host });
    expect(failed!.body).toMatchObject({ data: { export: first!.head.id }, cause: first!.head.id });
    expect(written!.body.data).toMatchObject({ export: second!.head.id });
    // The bundle itself tells how the first one ended.
    expect((result as { size: number }).size).toBeGreaterThan(failed!.head.seq);
  });

  it('runs one at a time, and is cancelled with an entry that says so', async () => {
    await mayWrite();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { api, tasks, ended } = apiHere({ sealOpenParts: () => held.then(() => []) });
    const { task } = await api.export(undefined, callBy(room.me));
    expect(() => api.export(undefined, call)).toThrow(expect.objectContaining({ code: 'taken' }));
    expect(() => api.ticket({ task }, call)).toThrow(expect.objectContaining({ code: 'not-found' }));
    tasks.cancel(task);
    release();
    expect(await ended(task)).toMatchObject({ state: 'cancelled' });
    const [begun, failed] = bundleEntries(ledger);
    expect(failed!.head.type).toBe('bundle.failed');
    expect(failed!.body.data).toEqual({ export: begun!.head.id, reason: 'The export was cancelled.' });
    expect(readdirSync(join(ledger.folder, 'exports'))).toEqual([]);
    const again = await api.export(undefined, callBy(room.me));
    expect(await ended(again.task)).toMatchObject({ state: 'done' });
  });

  it('writes nothing into another incident that was opened meanwhile', async () => {
    await mayWrite();
    const second = tests.track(await room.room.declare({ ...declaration, title: 'The next' }));
    const before = second.size;
    let current = ledger;
    const { api, ended } = apiHere({
      ledger: () => current,
      appendFor: (caller, draft) => appendFor(current, caller, draft),
      sealOpenParts: async () => {
        current = second;
        return [];
      },
    });
    const { task } = await api.export(undefined, callBy(room.me));
    expect(await ended(task)).toMatchObject({ state: 'failed', problem: { code: 'cancelled' } });
    expect(second.size).toBe(before);
  });
});

describe('an export whose seat leaves the room meanwhile', () => {
  /** The seat is gone as soon as the export has begun. */
  const leaving: AppendFor = async (caller, draft) => {
    const place = await appendFor(ledger, caller, draft);
    await ledger.append({ type: 'seat.left', data: { seat: room.me.id }, actor: host });
    return place;
  };

  it('is written down as written by the host', async () => {
    const { api, ended } = apiHere({ appendFor: leaving });
    const { task } = await api.export(undefined, callBy(room.me));
    expect(await ended(task)).toMatchObject({ state: 'done', problem: null });
    const [begun, written, ...more] = bundleEntries(ledger);
    expect(more).toEqual([]);
    expect(written!.head).toMatchObject({ type: 'bundle.written', actor: host });
    expect(written!.body.cause).toBe(begun!.head.id);
    const next = await api.export(undefined, callBy(host));
    const { file } = (await ended(next.task)).result as { file: string };
    expect(await verifyInProcess(file)).toMatchObject({ intact: true, size: written!.head.seq + 1 });
  });

  it('is written down as failed by the host, with what went wrong', async () => {
    await loseBlob();
    const { api, ended } = apiHere({ appendFor: leaving });
    const { task } = await api.export(undefined, callBy(room.me));
    const { problem } = await ended(task);
    expect(problem!.message).toMatch(/ENOENT/);
    const [begun, failed, ...more] = bundleEntries(ledger);
    expect(more).toEqual([]);
    expect(failed!.head).toMatchObject({ type: 'bundle.failed', actor: host });
    expect(failed!.body).toMatchObject({
      data: { export: begun!.head.id, reason: problem!.message },
      cause: begun!.head.id,
    });
  });
});

describe('an export whose end can not be written down', () => {
  /** The incident is left as soon as the export has begun. */
  async function leftAfterBegin() {
    const second = tests.track(await room.room.declare({ ...declaration, title: 'The next' }));
    let current = ledger;
    return apiHere({
      ledger: () => current,
      appendFor: async (caller, draft) => {
        const place = await appendFor(ledger, caller, draft);
        current = second;
        return place;
      },
    });
  }

  it('says that the bundle is there, and why nothing says so', async () => {
    const { api, ended } = await leftAfterBegin();
    const { task } = await api.export(undefined, callBy(room.me));
    const { problem } = await ended(task);
    const [name] = readdirSync(join(ledger.folder, 'exports'));
    expect(name).toMatch(/\.zip$/);
    expect(problem!.message).toContain(name);
    expect(problem!.message).toMatch(/could not be written down: The incident was left/);
    expect(bundleEntries(ledger).map(({ head }) => head.type)).toEqual(['bundle.exported']);
  });

  it('says first what went wrong, then why nothing says so', async () => {
    await loseBlob();
    const { api, ended } = await leftAfterBegin();
    const { task } = await api.export(undefined, callBy(room.me));
    const { problem } = await ended(task);
    expect(problem).toMatchObject({ code: 'not-found', hint: 'Check the name.' });
    expect(problem!.message).toMatch(/ENOENT.*could not be written down: The incident was left/);
  });
});

describe('the first postmortem', () => {
  it('becomes two blobs that its entry names, and goes into the next bundle', async () => {
    await mayWrite();
    const { api, ended } = apiHere();
    const { id, seq } = await api.draftPostmortem(undefined, callBy(room.me));
    const entry = ledger.range(seq, seq + 1)[0]!;
    expect(entry.head).toMatchObject({ id, type: 'postmortem.drafted' });
    expect(entry.body.evidence.map(({ media }) => media)).toEqual(['text/markdown', 'text/html']);
    expect(readFileSync(locker.path(entry.body.evidence[0]!.sha256), 'utf8')).toBe('# M\n');
    const { task } = await api.export(undefined, callBy(room.me));
    const { file } = (await ended(task)).result as { file: string };
    const bundle = readFileSync(file).toString('latin1');
    for (const name of ['postmortem.md', 'postmortem.html', 'viewer.html'])
      expect(bundle).toContain(`/data/${name}`);
  });
});

import { describe, expect, it } from 'vitest';
import { createMemoryLedger, technician } from '../../test/fakes/memory-ledger.ts';
import { callBy } from '../../test/fakes/call.ts';
import type { ChecksState } from '../../common/contract/ladder.ts';
import { createTasks } from '../tasks/index.ts';
import type { Check, Found } from './check.ts';
import { createLadderApi } from './index.ts';
import { createLadderRoom } from './ladder-room.ts';
import { profileFrom } from './profile-room.ts';

const yaml = 'name: line\nservices:\n  - { name: cv, url: "http://127.0.0.1:1" }\n';

function check(id: string, effect: Check['effect'], run: () => Promise<Found>): Check {
  return { id, rung: 3, title: id, effect, subjects: () => ['cv'], run };
}
const pass = (): Promise<Found> =>
  Promise.resolve({
    result: 'pass',
    says: 'cv is well.',
    next: 'Nothing.',
    evidence: [{ name: 'cv.txt', media: 'text/plain', bytes: new Uint8Array([1, 2]) }],
  });

async function room(checks: Check[]) {
  const ledger = await createMemoryLedger();
  const blobs = new Map<string, Uint8Array>();
  const put = (bytes: Uint8Array, media: string) => {
    const sha256 = `${blobs.size}`.padStart(64, '0');
    blobs.set(sha256, bytes);
    return Promise.resolve({ sha256, bytes: bytes.length, media });
  };
  let ids = 0;
  const tasks = createTasks(() => `t${++ids}`);
  const appendFor = async (_call: unknown, draft: Parameters<typeof ledger.append>[0]) => {
    const { head } = await ledger.append({ ...draft, actor: technician });
    return { id: head.id, seq: head.seq };
  };
  const ladder = createLadderRoom({
    checks,
    tasks,
    appendFor: appendFor as never,
    ledger: () => ledger,
    put,
    profile: (sha256) => Promise.resolve(profileFrom(new TextDecoder().decode(blobs.get(sha256)))),
    shared: {
      now: () => 0,
      http: () => Promise.reject(new Error('not asked here')),
      devices: () => [],
      faults: () => [],
      samples: () => null,
      baseline: () => null,
      secret: () => Promise.resolve(null),
    },
  });
  const api = createLadderApi({ appendFor: appendFor as never, room: ladder, put });
  return { ledger, tasks, ladder, api, call: callBy(technician) };
}

async function until(
  ladder: { state: { watch(): AsyncIterable<ChecksState> } },
  is: (state: ChecksState) => boolean,
) {
  for await (const state of ladder.state.watch()) if (is(state)) return state;
  throw new Error('The state ended.');
}

describe('the checks of an incident', () => {
  it('are those that its profile has something for', async () => {
    const { ladder, api, call, ledger } = await room([check('a', 'none', pass)]);
    await ladder.follow();
    expect(ladder.state.get()).toMatchObject({ profile: null, checks: [], problem: { code: 'not-found' } });
    await expect(api.runChecks({}, call)).rejects.toMatchObject({ code: 'refused' });
    await api.useProfile({ yaml }, call);
    expect(ladder.state.get()).toMatchObject({
      profile: { name: 'line' },
      problem: null,
      checks: [{ check: 'a cv', rung: 3, effect: 'none' }],
    });
    expect(ledger.state.profile).toMatchObject({ name: 'line' });
    await expect(async () => api.useProfile({ yaml: 'nam: x' }, call)).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('are run, and each finding is an entry with its evidence', async () => {
    const checks = [
      check('well', 'none', pass),
      check('breaks', 'none', () => Promise.reject(new Error('oh'))),
      check('loads', 'load', pass),
    ];
    const { ladder, api, call, ledger } = await room(checks);
    await api.useProfile({ yaml }, call);
    await api.runChecks({}, call);
    await until(ladder, ({ run }) => run === null);
    const found = ledger.of('check.found');
    expect(found.map(({ body }) => [body.data.check, body.data.result, body.evidence.length])).toEqual([
      ['well cv', 'pass', 1],
      ['breaks cv', 'error', 0],
    ]);
    const [started] = ledger.of('check.started');
    expect(found.every(({ head, body }) => head.rung === 3 && body.cause === started!.head.id)).toBe(true);
    expect(ledger.state.rungs[3].findings[0]).toMatchObject({ says: 'cv is well.', next: 'Nothing.' });
    await api.runChecks({ only: ['loads cv'] }, call);
    await until(ladder, ({ run }) => run === null);
    expect(ledger.of('check.found').at(-1)!.body.data.check).toBe('loads cv');
    await expect(api.runChecks({ only: ['none such'] }, call)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are called off by their task, and what was found is kept', async () => {
    const never = check('hangs', 'none', () => new Promise<Found>(() => undefined));
    const { ladder, api, call, ledger, tasks } = await room([check('well', 'none', pass), never]);
    await api.useProfile({ yaml }, call);
    const { task } = await api.runChecks({}, call);
    await expect(api.runChecks({}, call)).rejects.toMatchObject({ code: 'taken' });
    await until(ladder, ({ run }) => run?.waiting.join() === 'hangs cv');
    tasks.cancel(task);
    await until(ladder, ({ run }) => run === null);
    await tasks.cancelAll();
    expect(ledger.of('check.ended').map(({ body }) => body.data)).toMatchObject([
      { found: 1, cancelled: true },
    ]);
    expect(tasks.get(task)).toMatchObject({ state: 'cancelled' });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { emptyState } from '../../common/incident/state.ts';
import { declaration, ledgerTests } from '../../test/fakes/ledger-room.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Call } from '../platform/call.ts';
import { createRoom, createRoomApi, type Parts } from './room.ts';

const tests = ledgerTests();
afterEach(() => tests.clear());

/** A room over real ledgers; what happens is written down in order. */
async function makeRoom(startParts?: (ledger: Ledger) => Promise<Parts>) {
  const { room: incidents } = await tests.room();
  const events: string[] = [];
  const names = new Map<string, string>();
  const name = (ledger: Ledger) => {
    if (!names.has(ledger.incident)) names.set(ledger.incident, String.fromCharCode(97 + names.size));
    return names.get(ledger.incident)!;
  };
  const room = createRoom({
    incidents,
    startParts:
      startParts ??
      (async (ledger) => {
        events.push(`start ${name(ledger)}`);
        return { close: async () => void events.push(`stop ${name(ledger)}`) };
      }),
    endWork: async () => void events.push(`work ends ${name(room.ledger())}`),
    onChange: () => void events.push('changed'),
  });
  return { room, incidents, events };
}

describe('a room', () => {
  it('without an incident says so, and has an empty state', async () => {
    const { room } = await makeRoom();
    expect(room.current()).toBeNull();
    expect(room.state()).toBe(emptyState);
    const notFound = expect.objectContaining({ code: 'not-found' });
    expect(() => room.ledger()).toThrow(notFound);
    expect(() => room.parts()).toThrow(notFound);
    await room.leave();
  });

  it('leaves one incident before it enters the next', async () => {
    const { room, events } = await makeRoom();
    const first = tests.track(await room.declare(declaration));
    expect(room.ledger()).toBe(first);
    expect(room.state().incident?.title).toBe(declaration.title);
    const second = tests.track(await room.declare({ ...declaration, title: 'The next' }));
    expect(room.ledger()).toBe(second);
    expect(events).toEqual([
      'start a',
      'changed',
      // While the ledger is the room's, and before its parts go.
      'work ends a',
      'stop a',
      'changed',
      'start b',
      'changed',
    ]);
    const draft = { type: 'note.written' as const, data: { text: 'late' } };
    await expect(
      first.append({ ...draft, actor: { kind: 'system', id: 'host', role: 'system' } }),
    ).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('opens an incident once, however often it is asked', async () => {
    const { room, events } = await makeRoom();
    const { incident } = tests.track(await room.declare(declaration));
    await room.leave();
    const [one, two] = await Promise.all([room.open(incident), room.open(incident)]);
    expect(one).toBe(tests.track(two));
    expect(events.filter((event) => event === 'start a')).toHaveLength(2);
  });

  it('takes what is asked at the same time one after another: the last one is open, the others are closed', async () => {
    const { room, events, incidents } = await makeRoom();
    const opened = await Promise.all(
      ['one', 'two', 'three'].map((title) => room.declare({ ...declaration, title })),
    );
    expect(room.ledger()).toBe(tests.track(opened[2]!));
    expect(events.filter((event) => event.startsWith('st'))).toEqual([
      'start a',
      'stop a',
      'start b',
      'stop b',
      'start c',
    ]);
    expect(incidents.list()).toHaveLength(3);
  });

  it('closes the ledger of an incident whose parts do not start; it can be opened after that', async () => {
    let works = false;
    const { room, incidents } = await makeRoom(() =>
      works ? Promise.resolve({ close: async () => undefined }) : Promise.reject(new Error('no locker')),
    );
    await expect(room.declare(declaration)).rejects.toThrow('no locker');
    expect(room.current()).toBeNull();
    works = true;
    expect(tests.track(await room.open(incidents.list()[0]!.id)).state.incident).not.toBeNull();
  });

  it('closes the ledger also when a part does not stop', async () => {
    const { room } = await makeRoom(async () => ({ close: () => Promise.reject(new Error('stuck')) }));
    const { incident } = await room.declare(declaration);
    await expect(room.leave()).rejects.toThrow('stuck');
    expect(room.current()).toBeNull();
    expect(tests.track(await room.open(incident)).incident).toBe(incident);
  });

  it('ends the rig of a drill before it declares, opens or leaves', async () => {
    const { room, incidents, events } = await makeRoom();
    const handlers = createRoomApi({
      room,
      incidents,
      stateFor: () => {
        throw new Error('not asked for here');
      },
      watch: () => {
        throw new Error('not asked for here');
      },
      beforeLeave: async () => void events.push('rig ended'),
    });
    const call: Call = {
      seat: { id: 's', role: 'technician', local: false },
      link: {},
      actor: { kind: 'human', id: 's', role: 'technician' },
      signal: undefined,
      openStream: () => {
        throw new Error('no link');
      },
    };
    const { incident } = await handlers.declare({ title: 'Real', severity: 1 }, call);
    expect(room.state().incident).toMatchObject({ title: 'Real', severity: 1, drill: false });
    await handlers.leave(undefined, call);
    expect(await handlers.open({ incident }, call)).toEqual({ incident });
    tests.track(room.ledger());
    expect(events.filter((event) => event === 'rig ended')).toHaveLength(3);
    expect(await handlers.incidents(undefined, call)).toMatchObject([{ id: incident, title: 'Real' }]);
  });
});

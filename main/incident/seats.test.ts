import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EntryType } from '../../common/incident/entries.ts';
import type { Entry } from '../../common/ledger/types.ts';
import { declaration, ledgerTests, type TestRoom } from '../../test/fakes/ledger-room.ts';
import type { Ledger } from '../ledger/types.ts';
import { createSeats } from './seats.ts';

const tests = ledgerTests();
let room: TestRoom;
let ledger: Ledger;
beforeEach(async () => {
  room = await tests.room();
  ledger = tests.track(await room.room.declare(declaration));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await tests.clear();
});

const graceMs = 8000;

/** Seats over `ledger`, which a test may exchange. */
function seatsHere(current: () => Ledger | null = () => ledger) {
  const logged: string[] = [];
  const signed: unknown[][] = [];
  const seats = createSeats({
    newKey: () => room.keys.localSeat(),
    signRequest: (_signer, _ledger, ...rest) => {
      signed.push(rest);
      return { bytes: '', sig: '', key: '' };
    },
    ledger: current,
    log: (message) => void logged.push(message),
  });
  return { seats, logged, signed };
}

const next = (type: EntryType) =>
  new Promise<Entry>((resolve) => {
    const stop = ledger.onCommit((entries) => {
      const found = entries.find((entry) => entry.head.type === type);
      if (!found) return;
      stop();
      resolve(found);
    });
  });
const count = (type: EntryType, seat: string) =>
  ledger.range(0, ledger.size).filter(({ head, body }) => head.type === type && body.data.seat === seat)
    .length;
const isPresent = (id: string) => ledger.state.seats[id]?.present;

describe('a local seat', () => {
  it('joins when its first page connects, marked as local, with the key that the host keeps', async () => {
    const { seats } = seatsHere();
    const id = seats.seatOf({ role: 'observer' });
    expect(ledger.state.seats[id]).toBeUndefined();
    await seats.connected(id);
    await seats.connected(id);
    expect(ledger.state.seats[id]).toMatchObject({
      role: 'observer',
      local: true,
      host: false,
      present: true,
    });
    expect(count('seat.joined', id)).toBe(1);
    expect(seats.describe(id)).toEqual({ id, role: 'observer', local: true });
    expect(seats.actor(id)).toEqual({ kind: 'human', id, role: 'observer' });
  });

  it('leaves a while after its last page is gone', async () => {
    const { seats } = seatsHere();
    const id = seats.seatOf({ role: 'lead' });
    const [one, two] = [await seats.connected(id), await seats.connected(id)];
    one();
    vi.advanceTimersByTime(graceMs * 2);
    expect(isPresent(id)).toBe(true);
    two();
    vi.advanceTimersByTime(graceMs - 1);
    expect(isPresent(id)).toBe(true);
    const left = next('seat.left');
    vi.advanceTimersByTime(1);
    expect((await left).body.data).toEqual({ seat: id });
    expect(isPresent(id)).toBe(false);
  });

  it('did not leave when its page reloads in time', async () => {
    const { seats } = seatsHere();
    const id = seats.seatOf({ role: 'technician' });
    (await seats.connected(id))();
    vi.advanceTimersByTime(graceMs - 1);
    await seats.connected(id);
    vi.advanceTimersByTime(graceMs * 2);
    await room.note(ledger, 'what was queued is written before this');
    expect([count('seat.joined', id), count('seat.left', id)]).toEqual([1, 0]);
  });

  it('is here when its page comes back just while it is being marked as left', async () => {
    const { seats } = seatsHere();
    const id = seats.seatOf({ role: 'technician' });
    (await seats.connected(id))();
    const append = ledger.append.bind(ledger);
    const came = new Promise<() => void>((resolve, reject) => {
      ledger.append = (draft) => {
        ledger.append = append;
        const leaving = append(draft);
        seats.connected(id).then(resolve, reject);
        return leaving;
      };
    });
    vi.advanceTimersByTime(graceMs);
    await came;
    expect(isPresent(id)).toBe(true);
    expect([count('seat.joined', id), count('seat.left', id)]).toEqual([2, 1]);
  });

  it('whose entry can not be written is logged, and its page can still go', async () => {
    const { seats, logged } = seatsHere();
    const id = seats.seatOf({ role: 'technician' });
    ledger.append = () => Promise.reject(new Error('the disk is full'));
    const gone = await seats.connected(id);
    expect(logged).toEqual(['A seat could not join']);
    gone();
    seats.close();
    expect(isPresent(id)).toBeUndefined();
  });

  it('waits for an incident, and joins it when it is opened', async () => {
    let open: Ledger | null = null;
    const { seats } = seatsHere(() => open);
    const [here, gone] = [seats.seatOf({ role: 'technician' }), seats.seatOf({ role: 'observer' })];
    await seats.connected(here);
    expect(seats.describe(here).role).toBe('technician');
    await seats.enter(ledger);
    open = ledger;
    expect([isPresent(here), isPresent(gone)]).toEqual([true, undefined]);
  });

  it('joins also when its page connects in the middle of the opening', async () => {
    const { seats } = seatsHere(() => null);
    const [first, second] = [seats.seatOf({ role: 'technician' }), seats.seatOf({ role: 'technician' })];
    await seats.connected(second);
    const entering = seats.enter(ledger);
    const connected = seats.connected(first);
    await Promise.all([entering, connected]);
    expect([isPresent(first), isPresent(second)]).toEqual([true, true]);
  });

  it('of an earlier run is marked as left when the incident is opened again; the host keeps its seat', async () => {
    const before = seatsHere().seats;
    const stale = before.seatOf({ role: 'technician' });
    await before.connected(stale);
    await ledger.close();
    ledger = tests.track(await room.room.open(ledger.incident));
    expect(isPresent(stale)).toBe(true);
    const { seats } = seatsHere();
    await seats.enter(ledger);
    expect(isPresent(stale)).toBe(false);
    expect(isPresent(room.keys.device.id)).toBe(true);
  });

  it('has its requests signed; those of the host have no signature but the ledger', async () => {
    let open: Ledger | null = ledger;
    const { seats, signed } = seatsHere(() => open);
    const id = seats.seatOf({ role: 'technician' });
    expect(seats.sign(id, 'ladder.decide', { rung: 1 })).toBeDefined();
    expect(signed).toEqual([[id, 'ladder.decide', { rung: 1 }]]);
    expect(seats.sign(room.keys.device.id, 'ladder.decide', {})).toBeUndefined();
    open = null;
    expect(seats.sign(id, 'ladder.decide', {})).toBeUndefined();
  });
});

describe('a link', () => {
  it('for a seat that is there makes no new one', async () => {
    const { seats } = seatsHere();
    const host = room.keys.device.id;
    expect(seats.seatOf({ seat: host })).toBe(host);
    (await seats.connected(host))();
    expect(vi.getTimerCount()).toBe(0);
    expect(seats.describe(host)).toEqual({ id: host, role: 'technician', local: false });
  });

  it('never invites an agent', () => {
    const { seats } = seatsHere();
    expect(() => seats.checkInvite('agent')).toThrow(expect.objectContaining({ code: 'refused' }));
    for (const role of ['lead', 'technician', 'observer', undefined] as const)
      expect(() => seats.checkInvite(role)).not.toThrow();
  });
});

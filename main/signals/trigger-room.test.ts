import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TriggerSpec } from '../../common/contract/signals.ts';
import { callBy } from '../../test/fakes/call.ts';
import { hostSeat, technician } from '../../test/fakes/memory-ledger.ts';
import { openSignalsRoom, start, type SignalsRoom } from '../../test/fakes/signals-room.ts';

let room: SignalsRoom;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  room = await openSignalsRoom();
});
afterEach(() => void vi.useRealTimers());

const call = callBy(technician);
const broken: TriggerSpec = {
  channel: 'gate/beam',
  mode: 'normal',
  on: { kind: 'edge', direction: 'falling', level: 0.5 },
  action: 'keep',
  window: 1_000_000,
  before: { share: 0.25 },
  holdoff: 0,
};
const state = () => room.signals().trigger.state.get();
const set = (change: Partial<TriggerSpec> = {}) => room.api.setTrigger({ ...broken, ...change }, call);
const micros = (ms: number) => start + ms * 1000;

describe('a trigger that keeps', () => {
  it('keeps the window of every channel with its picture, when the window has ended', async () => {
    await set();
    expect(state()).toMatchObject({ state: 'armed', by: hostSeat, arming: 1, fired: 0 });
    room.push('gate/beam', [0, 1]);
    room.push('cell/weight', [500, 1], [900, 300]);
    room.push('gate/beam', [1000, 0], [1200, 1]);
    room.push('cell/weight', [1749, 2], [1751, 3]);
    expect(state()).toMatchObject({
      state: 'collecting',
      fired: 1,
      segment: {
        number: 1,
        at: micros(1000),
        from: micros(750),
        to: micros(1750),
        complete: false,
        auto: false,
      },
    });
    // Blocks may be on their way for 300 ms.
    room.until(2049);
    expect(state().state).toBe('collecting');
    room.until(2050);
    expect(state()).toMatchObject({ state: 'armed', segment: { complete: true } });
    const kept = await room.ledger.next('evidence.kept');
    expect(kept.head.actor.kind).toBe('system');
    expect(kept.body.data).toEqual({
      kind: 'capture',
      name: 'Trigger: gate/beam fell through 0.5',
      note: `Set by seat ${hostSeat.slice(0, 8)}.`,
      of: {
        channels: ['gate/beam', 'cell/raw', 'cell/weight'],
        from: micros(750),
        to: micros(1750),
        at: micros(1000),
      },
    });
    expect(kept.body.evidence.map(({ media }) => media)).toEqual(['application/vnd.mcap', 'image/svg+xml']);
    const picture = readFileSync(room.locker.path(kept.body.evidence[1]!.sha256), 'utf8');
    expect(picture).toContain('Beam gate/beam');
    expect(picture).toContain('gate/beam fell through 0.5</text>');
    await vi.waitFor(() => expect(state()).toMatchObject({ kept: 1, segment: { entry: kept.head.id } }));
  });

  it('of a single event is done after it, and keeps nothing more', async () => {
    await set({ mode: 'single' });
    room.push('gate/beam', [0, 1], [1000, 0], [1200, 1], [3000, 0]);
    room.until(5000);
    expect(state()).toMatchObject({ state: 'done', fired: 1, segment: { at: micros(1000), complete: true } });
    room.push('gate/beam', [6000, 1], [7000, 0]);
    room.until(9000);
    await room.ledger.next('evidence.kept');
    expect(room.ledger.of('evidence.kept')).toHaveLength(1);
  });

  it('by an entry does not set itself off', async () => {
    await set({ channel: null, on: { kind: 'ledger', types: ['evidence.kept', 'note.written'] } });
    room.until(100);
    await room.ledger.append({ type: 'note.written', data: { text: 'now' }, actor: technician });
    room.until(2000);
    await room.ledger.next('evidence.kept');
    room.until(9000);
    expect(state()).toMatchObject({ fired: 1, segment: { why: 'Entry note.written', at: micros(100) } });
  });
});

describe('a trigger that marks', () => {
  it('writes one entry for each event, and none when it fires by itself', async () => {
    await set({
      action: 'mark',
      mode: 'auto',
      autoAfter: 2_000_000,
      on: { kind: 'edge', direction: 'either', level: 0.5 },
    });
    room.push('gate/beam', [0, 1], [1000, 0]);
    room.until(6000);
    expect(state()).toMatchObject({ fired: 2, auto: 1, segment: { auto: true } });
    const marked = await room.ledger.next('capture.triggered');
    expect(marked.body.data).toEqual({
      channel: 'gate/beam',
      at: micros(1000),
      from: micros(750),
      to: micros(1750),
      why: 'gate/beam fell through 0.5',
      by: hostSeat,
    });
    expect(room.ledger.of('capture.triggered')).toHaveLength(1);
  });

  it('stops by itself before it fills the ledger', async () => {
    await set({ action: 'mark', window: 1000 });
    room.push('gate/beam', ...Array.from({ length: 500 }, (_, i): [number, number] => [i, 1 - (i % 2)]));
    expect(state()).toMatchObject({ state: 'stopped', marked: 200, problem: { code: 'refused' } });
    await vi.waitFor(() => expect(room.ledger.of('capture.triggered')).toHaveLength(200));
    await set();
    expect(state()).toMatchObject({ state: 'armed', problem: null, marked: 0, arming: 2 });
  });
});

describe('a trigger', () => {
  it('does not see an edge across a loss', async () => {
    await set({ action: 'hold' });
    room.push('gate/beam', [0, 1]);
    room.capture.noteLoss(['gate/beam'], micros(500), 1, 'lost');
    room.push('gate/beam', [1000, 0]);
    expect(state().fired).toBe(0);
    room.push('gate/beam', [1200, 1], [1400, 0]);
    expect(state()).toMatchObject({ fired: 1, segment: { at: micros(1400) } });
  });

  it('notices a channel that has gone quiet', async () => {
    await set({
      action: 'hold',
      channel: 'cell/weight',
      on: { kind: 'dropout', of: 'samples', micros: 500_000 },
    });
    room.push('cell/weight', [100, 1]);
    room.until(900);
    expect(state().fired).toBe(0);
    room.until(901);
    expect(state()).toMatchObject({ fired: 1, segment: { at: micros(600) } });
  });

  it('notices a beam that stays broken, for as long as it is heard', async () => {
    const on: TriggerSpec['on'] = { kind: 'level', side: 'below', level: 0.5, micros: 1_000_000 };
    await set({ action: 'hold', on });
    room.push('gate/beam', [0, 1], [100, 0]);
    room.until(5000);
    expect(state().fired).toBe(0);
    room.capture.heard('gate', micros(1100));
    room.until(5001);
    expect(state()).toMatchObject({ fired: 1, segment: { at: micros(1100) } });
  });

  it('is refused for a channel that is not there, and gone when it is cleared', async () => {
    await expect(async () => set({ channel: 'gate/none' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(async () => set({ channel: null })).rejects.toMatchObject({ code: 'bad-input' });
    await set();
    await room.api.clearTrigger(undefined, call);
    room.push('gate/beam', [0, 1], [1000, 0]);
    expect(state()).toMatchObject({ state: 'off', spec: null, fired: 0 });
  });
});

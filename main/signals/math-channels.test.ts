import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callBy } from '../../test/fakes/call.ts';
import { technician } from '../../test/fakes/memory-ledger.ts';
import { openSignalsRoom, type SignalsRoom } from '../../test/fakes/signals-room.ts';

let room: SignalsRoom;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  room = await openSignalsRoom();
});
afterEach(() => void vi.useRealTimers());

const call = callBy(technician);
const add = (expression: string, more = {}) => room.api.addMath({ expression, ...more }, call);
const refusal = (promise: unknown) => expect(Promise.resolve(promise)).rejects;

describe('a math channel', () => {
  it('is captured as its inputs come, from what was there before on', async () => {
    room.push('cell/weight', [0, 10], [100, 20]);
    const place = await add('double = 2 * [cell/weight]');
    expect(room.samples('math/double')).toEqual([
      [0, 20],
      [100, 40],
    ]);
    room.push('cell/weight', [200, 30]);
    room.until(200);
    expect(room.samples('math/double').at(-1)).toEqual([200, 60]);
    const [entry] = room.ledger.of('capture.derived');
    expect(entry!.head).toMatchObject({ id: place.id, actor: technician });
    expect(entry!.body.data).toEqual({
      id: 'math/double',
      name: 'double',
      unit: 'g',
      kind: 'linear',
      expression: '2 * [cell/weight]',
      stale: 1,
    });
    expect(room.capture.channels.get().map(({ id }) => id)).toContain('math/double');
  });

  it('of two channels stands at the times of both, and of a beam for as long as it is heard', async () => {
    await add('gated = [cell/weight] * [gate/beam]', { unit: 'g' });
    room.push('gate/beam', [0, 1]);
    room.push('cell/weight', [500, 5], [4000, 7]);
    room.capture.heard('gate', 1_795_000_000_000_000 + 3_500_000);
    room.until(4600);
    expect(room.samples('math/gated')).toEqual([
      [500, 5],
      [4000, 7],
    ]);
  });

  it('may be computed from another, which then stays', async () => {
    await add('double = 2 * [cell/weight]');
    await add('more = [math/double] + 1');
    room.push('cell/weight', [100, 1]);
    room.until(100);
    expect(room.samples('math/more')).toEqual([[100, 3]]);
    await refusal(room.api.removeMath({ id: 'double' }, call)).toMatchObject({ code: 'refused' });
    await room.api.removeMath({ id: 'more' }, call);
    await room.api.removeMath({ id: 'math/double' }, call);
    room.push('cell/weight', [200, 1]);
    room.until(300);
    expect(room.samples('math/double')).toEqual([[100, 2]]);
    expect(room.ledger.state.derived).toEqual({});
    expect(await room.api.listMath(undefined, call)).toEqual([]);
  });

  it('goes on when the incident is opened again, and waits for what is not there yet', async () => {
    await add('double = 2 * [cell/weight]');
    await room.ledger.append({
      type: 'capture.derived',
      data: {
        id: 'math/sum',
        name: 'Sum',
        unit: 'g',
        kind: 'linear',
        expression: '[cell/weight] + [late/g]',
        stale: 1,
      },
      actor: technician,
    });
    await room.reopen();
    const list = await room.api.listMath(undefined, call);
    expect(list.map(({ id, missing }) => [id, missing])).toEqual([
      ['math/double', []],
      ['math/sum', ['late/g']],
    ]);
    room.capture.addDevice('late', [{ id: 'late/g', name: 'Late', unit: 'g', kind: 'linear' }]);
    room.push('late/g', [100, 5]);
    room.push('cell/weight', [100, 1]);
    room.until(100);
    expect(room.samples('math/double')).toEqual([[100, 2]]);
    expect(room.samples('math/sum')).toEqual([[100, 6]]);
  });

  it('is refused with what is wrong, and nothing is written down', async () => {
    await refusal(add('x = [cell/weight] +')).toMatchObject({ code: 'bad-input', data: { at: 19 } });
    await refusal(add('x = [cell/none] + 1')).toMatchObject({
      code: 'not-found',
      hint: 'There are [cell/raw], [cell/weight], [gate/beam].',
    });
    await refusal(add('[cell/weight]')).toMatchObject({ code: 'bad-input' });
    await refusal(add('x = [cell/weight]', { id: 'y' })).toMatchObject({ code: 'bad-input' });
    await refusal(add('X = [cell/weight]')).toMatchObject({ code: 'bad-input' });
    await refusal(room.api.removeMath({ id: 'x' }, call)).toMatchObject({ code: 'not-found' });
    expect(room.ledger.of('capture.derived')).toEqual([]);
    await add('x = [cell/weight]');
    await refusal(add('x = [cell/weight]')).toMatchObject({ code: 'taken' });
  });

  it('that the rules refuse is not computed', async () => {
    const observer = await room.ledger.seat('b'.repeat(64), 'observer');
    const asked = room.api.addMath({ expression: 'x = [cell/weight]' }, callBy(observer));
    await refusal(asked).toMatchObject({ code: 'refused' });
    expect(await room.api.listMath(undefined, call)).toEqual([]);
  });
});

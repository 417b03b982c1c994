/** Layers that give only a number, or no times, or whose sensor is not well. */
import { expect, it } from 'vitest';
import type { DeviceHealth } from '../../../../common/contract/devices.ts';
import type { SignalFault } from '../../../../common/contract/signals.ts';
import { profileOf, runAll, serveHttp } from '../../../../test/fakes/check-room.ts';
import type { SharedContext } from '../../run-checks.ts';
import { layersCheck } from './layers.ts';

const begin = Date.now() - 700_000;
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, part) => ({ part, at: new Date(begin + part * 3000).toISOString() }));

interface Case {
  first: object[];
  second: unknown;
  firstTime?: string;
  /** What more the profile says of the second path. */
  path?: string;
  secondSource?: string;
  more?: Partial<SharedContext>;
}

async function found({
  first,
  second,
  firstTime = '',
  path = '',
  secondSource = 'key: part',
  more = {},
}: Case) {
  const url = await serveHttp((request, response) => {
    const body = request.url === '/a' ? { items: first, total: first.length } : second;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const profile = profileOf(`name: x
devices:
  - { id: beam, name: Beam, dialect: beam-events, link: { by: path, path: /dev/x, baud: 57600 } }
channels:
  - { id: gate, count: { channel: beam/beam, edge: rising } }
services:
  - name: s
    url: ${url}
    paths:
      - { path: /a, rows: items, key: part, total: total${firstTime} }
      - { path: /b${path} }
layers:
  - { name: vision, source: { by: service, service: s, path: /a } }
  - { name: scorer, source: { by: service, service: s, path: /b }, delay: { least: 0, most: 5 }, ${secondSource} }
  - { name: gate, source: { by: channel, channel: count/gate }, delay: { least: 0, most: 5 } }
`);
  const outcomes = await runAll([layersCheck], profile, more);
  return (layer: string) => outcomes.find(({ check }) => check === `claim.layers ${layer}`)!;
}

const timed = ', time: { field: at, epoch: iso-8601 }';
const counted = { firstTime: timed, secondSource: 'count: done' };

it('a layer that gives only a number is held against how many parts had time to come', async () => {
  const of = async (done: unknown) =>
    (await found({ first: rowsOf(200), second: { done }, ...counted }))('scorer');
  expect(await of(200)).toMatchObject({ result: 'pass' });
  expect(await of(197)).toMatchObject({
    result: 'warn',
    says: 'scorer has 197 parts, where 200 of vision had time to come: 3 are missing.',
  });
  expect(await of(202)).toMatchObject({ result: 'warn' });
  expect(await of('200')).toMatchObject({ result: 'unknown' });
});

it('without times what lies between two parts that both have is missing, the newest may be on their way', async () => {
  const untimed = rowsOf(60).map(({ part }) => ({ part }));
  const without = (...parts: number[]) => untimed.filter(({ part }) => !parts.includes(part));
  const of = async (second: object[]) => (await found({ first: untimed, second }))('scorer');
  expect(await of(untimed.slice(10, 55))).toMatchObject({ result: 'pass' });
  const outcome = await of(without(20, 31));
  expect(outcome).toMatchObject({ result: 'fail' });
  expect(outcome.says).toBe('2 of 57 parts of vision are not in scorer: 20, 31.');
});

it('a layer without any part where the one before has many fails; without times that is not known', async () => {
  expect((await found({ first: rowsOf(200), second: [], firstTime: timed }))('scorer')).toMatchObject({
    result: 'fail',
    says: 'scorer has no part at all, where vision has 200 parts that it had time for.',
  });
  expect((await found({ first: rowsOf(200), second: [] }))('scorer')).toMatchObject({ result: 'unknown' });
});

it('rows that do not say which part they are of are unknown, and a matter of rung 4', async () => {
  const renamed = rowsOf(20).map(({ part, at }) => ({ id: part, at }));
  const outcome = (await found({ first: rowsOf(20), second: renamed }))('scorer');
  expect(outcome).toMatchObject({ result: 'unknown' });
  expect(outcome.says).toBe('20 of 20 rows of scorer do not say which part they are of.');
});

it('a channel whose sensor is lost or shows a fault is unknown, and names its check', async () => {
  const device = { id: 'beam', name: 'Beam', state: 'lost' } as DeviceHealth;
  const fault = { device: 'beam', title: 'The beam is blind' } as SignalFault;
  for (const more of [{ devices: () => [device] }, { faults: () => [fault] }])
    expect((await found({ first: rowsOf(20), second: rowsOf(20), more }))('gate')).toMatchObject({
      result: 'unknown',
      explainedBy: 'tools.device beam',
    });
});

it('what a sensor missed while it was away is nobody’s loss', async () => {
  const count = (gaps: number): Partial<SharedContext> => ({
    devices: () => [
      {
        id: 'beam',
        name: 'Beam',
        state: 'connected',
        gaps: { count: gaps, micros: 9e6 },
        lost: 0,
      } as DeviceHealth,
    ],
    samples: () => ({
      t: Float64Array.from(rowsOf(200).slice(0, 100), (_, part) => (begin + part * 1500) * 1000 + 1e6),
      v: Float64Array.from({ length: 100 }, (_, index) => index % 2),
      since: begin * 1000,
    }),
  });
  const of = async (gaps: number) =>
    (
      await found({
        first: rowsOf(200),
        second: rowsOf(200),
        firstTime: timed,
        more: count(gaps),
        path: timed,
      })
    )('gate');
  expect(await of(0)).toMatchObject({ result: 'fail' });
  const away = await of(1);
  expect(away).toMatchObject({ result: 'unknown' });
  expect(away.says).toContain('Beam had 1 gap (9.0 s in all)');
});

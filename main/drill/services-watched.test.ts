import { expect, it, onTestFinished } from 'vitest';
import { serviceSpec, type ServiceSpec } from '../../common/contract/services.ts';
import { createServices } from '../services/index.ts';
import { anchorNow, createClock } from '../platform/node/clock.ts';
import { startServices } from './services.ts';
import { createLine } from './signal/line.ts';

const line = createLine(3);
const behind = { cv: 0.4, llm: 0.9 };

/** The rig's services at a moment that can be moved on, and what the room makes of one of them. */
async function watched(name: 'cv' | 'llm', more: Partial<ServiceSpec>) {
  let now = 30;
  const rig = await startServices({ line, elapsed: () => now, startedAt: Date.now() - 30_000 }, true);
  const room = createServices({ platform: { clock: createClock(anchorNow()) } });
  onTestFinished(async () => {
    await room.close();
    await Promise.all(rig.map((service) => service.close()));
  });
  const values = new Map<string, number[]>();
  const wakes = new Set<() => void>();
  room.onBlocks((blocks) => {
    for (const { channel, v } of blocks) values.set(channel, [...(values.get(channel) ?? []), ...v]);
    for (const wake of wakes) wake();
  });
  const service = rig.find((each) => each.name === name)!;
  room.connect(serviceSpec.parse({ name, url: service.url, everyMs: 100, ...more }));
  const of = (column: string) => values.get(`${name}/${column}`) ?? [];
  return {
    of,
    service,
    health: () => room.health.get()[0]!,
    parts: () => line.partsUntil(now - behind[name]),
    /** Parts pass; what was before is not sent again. */
    moveOn: (seconds: number) => void (now += seconds),
    async until(holds: () => boolean) {
      while (!holds()) await new Promise<void>((resolve) => wakes.add(resolve)).finally(() => wakes.clear());
    },
  };
}

const columns: ServiceSpec['columns'] = [
  { column: 'confidence', name: 'confidence', unit: '', field: 'confidence' },
];
const confidences = (parts: readonly { confidence: number }[]) =>
  parts.map(({ confidence }) => Math.round(confidence * 1000) / 1000);

it.each([
  ['sse', '/stream'],
  ['ws', '/ws'],
] as const)('the rig’s CV sends each answer once as it makes it, by %s', async (by, path) => {
  const cv = await watched('cv', { columns, answers: { by, path, at: 'at' } });
  const before = cv.parts().length;
  // Nobody is told what was before; the first that is sent says that the stream stands.
  await cv.until(() => {
    cv.moveOn(1);
    return cv.of('confidence').length > 0;
  });
  const first = cv.parts().findIndex((part) => confidences([part])[0] === cv.of('confidence')[0]);
  expect(first).toBeGreaterThanOrEqual(before);
  cv.moveOn(20);
  const due = cv.parts().length - first;
  await cv.until(() => cv.of('confidence').length >= due);
  expect(cv.of('confidence')).toEqual(confidences(cv.parts().slice(first)));
  expect(cv.health()).toMatchObject({ rejected: 0, problem: null });
});

it('the rig’s LLM counts parts and tokens at /metrics as it scores them', async () => {
  const metric = (column: string, name: string) =>
    ({ column, name: column, unit: '', metric: name, labels: {}, as: 'value' }) as const;
  const llm = await watched('llm', {
    metrics: {
      path: '/metrics',
      columns: [
        metric('scores', 'llm_scores_total'),
        metric('tokens', 'llm_tokens_total'),
        metric('seconds', 'llm_request_seconds_sum'),
      ],
    },
  });
  llm.moveOn(20);
  await llm.until(() => llm.of('scores').at(-1) === llm.parts().length);
  expect(llm.of('tokens').at(-1)).toBe(llm.parts().reduce((sum, { tokens }) => sum + tokens, 0));
  const perPart = llm.of('seconds').at(-1)! / llm.parts().length;
  expect(perPart).toBeGreaterThan(0.2);
  expect(perPart).toBeLessThan(0.3);
  expect(llm.health().rejected).toBe(0);
});

it('the rig’s CV counts its parts by label at /metrics', async () => {
  const labels = { label: 'ok' };
  const cv = await watched('cv', {
    metrics: {
      path: '/metrics',
      columns: [
        { column: 'ok', name: 'ok', unit: '', metric: 'cv_detections_total', labels, as: 'value' },
        { column: 'all', name: 'all', unit: '', metric: 'cv_detections_total', labels: {}, as: 'value' },
      ],
    },
  });
  cv.moveOn(600);
  await cv.until(() => cv.of('all').at(-1) === cv.parts().length);
  expect(cv.of('ok').at(-1)).toBe(cv.parts().filter(({ label }) => label === 'ok').length);
  expect(cv.of('ok').at(-1)).toBeLessThan(cv.of('all').at(-1)!);
});

it('a service that goes down lets its listeners go, and has them again when it is back', async () => {
  const cv = await watched('cv', { columns, answers: { by: 'ws', path: '/ws' } });
  const flows = async () => {
    const before = cv.of('confidence').length;
    await cv.until(() => {
      cv.moveOn(1);
      return cv.of('confidence').length > before;
    });
  };
  await flows();
  await cv.service.setDown(true);
  await cv.until(() => cv.of('up').at(-1) === 0);
  await cv.service.setDown(false);
  await flows();
  expect(cv.health().reconnects).toBe(1);
});

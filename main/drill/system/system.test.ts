import { expect, it } from 'vitest';
import { startServices } from '../services.ts';
import { createLine } from '../signal/line.ts';
import { systemFaults, type ActiveSystemFault } from './index.ts';

const now = 600;
const onset = 300;
const paths = {
  cv: ['/health', '/detections?limit=500', '/fingerprint', '/golden/ok-1', '/golden/scratch-1'],
  llm: ['/health', '/scores?limit=500', '/fingerprint'],
  dashboard: ['/health', '/api/summary'],
  table: ['/rest/v1/scores'],
};

/** Everything that the services answer, as it came. */
async function answersWith(faults: ActiveSystemFault[]): Promise<string[]> {
  const world = { line: createLine(5), elapsed: () => now, startedAt: Date.UTC(2026, 0, 1), faults };
  const services = await startServices(world, true);
  try {
    const asked = services.flatMap(({ name, url }) =>
      paths[name as keyof typeof paths].map((path) => url + path),
    );
    const mayHang = faults.some(({ fault, onset: from }) => fault.name === 'service-hangs' && from < now);
    return await Promise.all(asked.map((address) => rawOf(address, mayHang)));
  } finally {
    await Promise.all(services.map((service) => service.close()));
  }
}

/** Only one that hangs is not waited for. */
async function rawOf(address: string, mayHang: boolean): Promise<string> {
  try {
    const response = await fetch(address, mayHang ? { signal: AbortSignal.timeout(300) } : {});
    const { status, headers } = response;
    return [status, headers.get('date'), headers.get('age'), await response.text()].join('\n');
  } catch (error) {
    return String(error);
  }
}

const healthy = await answersWith([]);
const aims = systemFaults.flatMap((fault) => fault.targets.map((target) => ({ fault, target })));

it.each(aims)(
  '$fault.name of $target shows on the wire, and is gone when it ended',
  async ({ fault, target }) => {
    expect(await answersWith([{ fault, target, onset, end: Infinity }])).not.toEqual(healthy);
    // What was written meanwhile stays as it was written.
    const later = [{ fault, target, onset: now + 1, end: Infinity }];
    expect(await answersWith(later)).toEqual(healthy);
  },
);

it('a part is struck alike whenever it is asked for', async () => {
  const fault = systemFaults.find(({ name }) => name === 'parts-skipped')!;
  const on: ActiveSystemFault[] = [{ fault, target: 'llm', onset, end: 400 }];
  expect(await answersWith(on)).toEqual(await answersWith(on));
});

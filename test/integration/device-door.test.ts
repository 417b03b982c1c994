import { expect, it, onTestFinished } from 'vitest';
import { dial } from '../../main/remote/dial.ts';
import { openLink } from '../../native/device-host/open-link.ts';
import { serveRoom } from '../fakes/served-room.ts';
import { cell, openLine } from './devices-room.ts';

const events = { onData: () => undefined, onClose: () => undefined };

it('probes for a page, and frees the port when the page stops looking or goes away', async () => {
  const served = await serveRoom();
  onTestFinished(async () => {
    await served.stop();
    await served.remove();
  });
  const line = openLine();
  const { link } = cell('a', line.path);
  const page = await dial(served.dataDir);
  onTestFinished(() => page.close());

  for await (const { phase, baud } of await page.client.devices.probe({ link })) {
    expect(baud).toBe(115_200);
    if (phase === 'waiting') break;
  }
  await opened(link);

  const other = await dial(served.dataDir);
  const reports = await other.client.devices.probe({ link });
  for (let phase = ''; phase !== 'waiting';) {
    const next = await reports.next();
    if (next.done) return expect.fail('the probe ended before it began to wait');
    ({ phase } = next.value);
  }
  other.close();
  await opened(link);

  // Every member of a spec is checked at the door.
  const wrong = { ...cell('a', line.path), options: { decimal: ';' as '.' } };
  await expect(page.client.devices.connect(wrong)).rejects.toThrow();
  await expect(page.client.devices.connect(cell('a', line.path))).resolves.toEqual({ id: 'a' });
  const taken = [];
  for await (const report of await page.client.devices.probe({ link })) taken.push(report);
  expect(taken).toMatchObject([{ phase: 'done', problem: { code: 'taken' } }]);
  for await (const [health] of await page.client.devices.watch())
    if (health?.state === 'connected') {
      expect(health.spec).toEqual(cell('a', line.path));
      break;
    }
});

/** Resolves once the port can be opened. */
async function opened(link: Parameters<typeof openLink>[0]): Promise<void> {
  for (;;) {
    const free = await openLink(link, events).catch(() => null);
    if (free) return free.close();
  }
}
